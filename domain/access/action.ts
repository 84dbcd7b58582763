/** The RAM actions that Backtrail checks today: the vendor's names, and `backtrail:` for what is ours. */
export const RAM_ACTIONS = [
  "actiontrail:DescribeTrails",
  "actiontrail:CreateTrail",
  "actiontrail:CreateDeliveryHistoryJob",
  "actiontrail:GetDeliveryHistoryJob",
  "actiontrail:ListDeliveryHistoryJobs",
  "backtrail:PutEvents",
  "backtrail:CreateLogProject",
  "backtrail:CreateMember",
  "log:PostLogStoreLogs",
] as const;

export type RamAction = (typeof RAM_ACTIONS)[number];
