import { describe, expect, it } from "vitest";
import { RPC_CALLS } from "./calls.ts";

describe("the vendor's flow control", () => {
  // actiontrail.md, 1.1, call by call; ours where it names none.
  it.each([
    [5, ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"]],
    [5, ["CreateDeliveryHistoryJob", "DeleteDeliveryHistoryJob"]],
    [10, ["GetDeliveryHistoryJob", "ListDeliveryHistoryJobs", "LookupEvents", "GetGlobalEventsStorageRegion"]],
    [100, ["DescribeTrails", "GetTrailStatus", "DescribeRegions"]],
  ] as const)("lets %d a second through of %j", (perSecondMax, actions) => {
    expect(actions.map((action) => RPC_CALLS[action].perSecondMax)).toEqual(actions.map(() => perSecondMax));
  });
});
