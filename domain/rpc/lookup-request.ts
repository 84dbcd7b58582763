import {
  type EventLookup,
  type LookupDirection,
  resolveLookupWindow,
  VENDOR_LOOKUP,
  vendorConditions,
} from "@/domain/event/lookup.ts";
import type { LookupEventsRequest } from "./event-requests.ts";
import { RpcError, type RpcErrorCode } from "./rpc-error.ts";

/** What each reason not to take a window is answered with. Source: error codes of LookupEvents (actiontrail.md, 2.2). */
const CODE_OF_WINDOW = {
  "one-end": "LookupEventsParameterError",
  "from-not-a-time": "InvalidParameterStartTime",
  "to-not-a-time": "InvalidParameterEndTime",
  "ends-before-it-begins": "InvalidParameterCombination",
  over: "InvalidParameterDateOutOfRange",
  "out-of-history": "InvalidParameterStartTimeOutOfDate",
  ahead: "InvalidParameterStartTimeExceedsCurrent",
} as const satisfies Record<string, RpcErrorCode>;

/** The vendor's times: whole seconds, UTC. */
const TIME_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

export type VendorLookup = { readonly lookup: EventLookup; readonly direction: LookupDirection };

/**
 * What a call of LookupEvents asks for. One with a NextToken is judged as its first page was; the token's cursor has the window.
 * @param region the call's own, or null to look in all
 * @throws RpcError
 */
export function vendorLookup(request: LookupEventsRequest, region: string | null, now: Date): VendorLookup {
  const conditions = vendorConditions(attributesOf(request));
  if (conditions === null) {
    throw new RpcError("InvalidLookupAttributesException", { parameter: "LookupAttribute" });
  }
  const window = resolveLookupWindow(
    { from: timeOf(request.StartTime), to: timeOf(request.EndTime) },
    now,
    VENDOR_LOOKUP,
    request.NextToken !== "",
  );
  if (window.kind === "refuse") {
    throw new RpcError(CODE_OF_WINDOW[window.why], {
      parameter: window.why === "to-not-a-time" ? "EndTime" : "StartTime",
    });
  }
  return {
    lookup: { conditions, region, from: window.from, to: window.to },
    direction: request.Direction ?? "BACKWARD",
  };
}

/** Text that is no time of the vendor's is left to be refused as none. */
function timeOf(text: string): string | null {
  if (text === "") {
    return null;
  }
  return TIME_PATTERN.test(text) ? text : "not a time";
}

function attributesOf(request: LookupEventsRequest): { key: string; value: string }[] {
  const attributes = [
    { key: request["LookupAttribute.1.Key"], value: request["LookupAttribute.1.Value"] },
    { key: request["LookupAttribute.2.Key"], value: request["LookupAttribute.2.Value"] },
  ];
  return attributes.filter(({ key, value }) => key !== "" || value !== "");
}

/** All that has to be the same when the next page is asked for, as one text. Source: NextToken (actiontrail.md, 1.4). */
export function lookupFingerprint(
  { NextToken: _token, ...others }: LookupEventsRequest,
  region: string | null,
): string {
  return JSON.stringify([
    region,
    Object.entries(others).sort(([one], [other]) => Number(one > other) - Number(one < other)),
  ]);
}
