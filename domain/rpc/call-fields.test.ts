import { describe, expect, it } from "vitest";
import { type CallField, fieldsOfCall } from "./call-fields.ts";
import { RPC_CALLS, type RpcAction } from "./calls.ts";

const ACTIONS = Object.keys(RPC_CALLS) as RpcAction[];

function field(action: RpcAction, name: string): CallField | undefined {
  return fieldsOfCall(action).find((candidate) => candidate.name === name);
}

describe("the form of a call", () => {
  it.each(ACTIONS)("of %s has every parameter that its schema reads, and the region", (action) => {
    expect(fieldsOfCall(action).map(({ name }) => name)).toEqual([
      ...Object.keys(RPC_CALLS[action].request.shape),
      "RegionId",
    ]);
  });

  it.each<[RpcAction, string, Partial<CallField>]>([
    ["CreateTrail", "Name", { kind: "text", isRequired: true }],
    ["CreateTrail", "EventRW", { kind: "choice", options: ["All", "Read", "Write"], isRequired: false }],
    ["CreateTrail", "IsOrganizationTrail", { kind: "flag", isRequired: false }],
    ["CreateDeliveryHistoryJob", "TrailName", { kind: "text", isRequired: true }],
    ["CreateDeliveryHistoryJob", "ClientToken", { kind: "text", isRequired: false }],
    ["GetDeliveryHistoryJob", "JobId", { kind: "number", isRequired: true }],
    ["ListDeliveryHistoryJobs", "PageSize", { kind: "number", isRequired: false }],
    ["LookupEvents", "Direction", { kind: "choice", options: ["BACKWARD", "FORWARD"] }],
    ["DescribeUserLogCount", "StartDate", { kind: "date", isRequired: false }],
    ["UpdateGlobalEventsStorageRegion", "StorageRegion", { kind: "text", isRequired: true }],
  ])("shows %s's %s as what it is", (action, name, expected) => {
    expect(field(action, name)).toMatchObject(expected);
  });
});
