import type { RamAction } from "./action.ts";

/** The relative ids that the vendor names for its actions; ours and the rest speak of everything. */
const RELATIVE_IDS: Partial<Record<RamAction, string>> = {
  "actiontrail:DescribeTrails": "trail",
  "actiontrail:CreateTrail": "trail",
  "actiontrail:UpdateTrail": "trail",
  "actiontrail:DeleteTrail": "trail",
  "actiontrail:StartLogging": "trail",
  "actiontrail:StopLogging": "trail",
  "actiontrail:GetTrailStatus": "trail",
  "actiontrail:CreateDeliveryHistoryJob": "historydeliveryjob",
  "actiontrail:GetDeliveryHistoryJob": "historydeliveryjob",
  "actiontrail:ListDeliveryHistoryJobs": "historydeliveryjob",
  "actiontrail:DeleteDeliveryHistoryJob": "historydeliveryjob",
};

/**
 * The ARN that a policy's Resource is compared with when this action is checked; without an id, that of all of its kind.
 * Source: RAM actions and resources (actiontrail.md, 7, the newer pages).
 */
export function resourceOf(action: RamAction, region: string, accountId: string, id = "*"): string {
  const relativeId = RELATIVE_IDS[action];
  return relativeId === undefined ? "*" : `acs:actiontrail:${region}:${accountId}:${relativeId}/${id}`;
}
