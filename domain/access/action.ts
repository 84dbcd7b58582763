/**
 * The RAM actions that Backtrail checks today, the vendor's names and `backtrail:` for what is ours, each with what it
 * counts as in the audit.
 */
const RW_OF_RAM_ACTION = {
  "actiontrail:DescribeTrails": "Read",
  "actiontrail:CreateTrail": "Write",
  "actiontrail:UpdateTrail": "Write",
  "actiontrail:DeleteTrail": "Write",
  "actiontrail:StartLogging": "Write",
  "actiontrail:StopLogging": "Write",
  "actiontrail:GetTrailStatus": "Read",
  "actiontrail:LookupEvents": "Read",
  "actiontrail:GetGlobalEventsStorageRegion": "Read",
  "actiontrail:UpdateGlobalEventsStorageRegion": "Write",
  "actiontrail:DescribeUserTrailCount": "Read",
  "actiontrail:DescribeUserLogCount": "Read",
  "actiontrail:CreateDeliveryHistoryJob": "Write",
  "actiontrail:GetDeliveryHistoryJob": "Read",
  "actiontrail:ListDeliveryHistoryJobs": "Read",
  "actiontrail:DeleteDeliveryHistoryJob": "Write",
  "backtrail:PauseDeliveryHistoryJob": "Write",
  "backtrail:ResumeDeliveryHistoryJob": "Write",
  "backtrail:CancelDeliveryHistoryJob": "Write",
  "backtrail:RetryDeliveryHistoryJob": "Write",
  "backtrail:LimitDeliveryHistoryJob": "Write",
  "backtrail:VerifyDeliveryHistoryJob": "Read",
  "backtrail:CreateAccount": "Write",
  "backtrail:CreateSample": "Write",
  "backtrail:PutEvents": "Write",
  "backtrail:LookupAuditEntries": "Read",
  "backtrail:ExportAuditEntries": "Read",
  "backtrail:ListLogProjects": "Read",
  "backtrail:CreateLogProject": "Write",
  "backtrail:UpdateLogProject": "Write",
  "backtrail:DeleteLogProject": "Write",
  "backtrail:TestLogProject": "Write",
  "backtrail:CreateMember": "Write",
  "backtrail:CreateAccessKey": "Write",
  "log:ListLogStores": "Read",
  "log:GetLogStore": "Read",
  "log:CreateLogStore": "Write",
  "log:GetLogStoreLogs": "Read",
  "log:PostLogStoreLogs": "Write",
} as const;

export type RamAction = keyof typeof RW_OF_RAM_ACTION;

export const RAM_ACTIONS = Object.keys(RW_OF_RAM_ACTION) as readonly RamAction[];

/** What no policy speaks about: sign-ins, and requests that came from another site's page. */
const CONSOLE_ACTIONS = ["ConsoleSignin", "ConsoleRequest"] as const;
type ConsoleAction = (typeof CONSOLE_ACTIONS)[number];

/** What the audit records: uses and refusals of RAM actions, and what no policy speaks about. */
export type AuditedAction = RamAction | ConsoleAction;

export const AUDITED_ACTIONS: readonly AuditedAction[] = [...RAM_ACTIONS, ...CONSOLE_ACTIONS];

export function rwOf(action: AuditedAction): "Read" | "Write" {
  return action === "ConsoleSignin" || action === "ConsoleRequest" ? "Write" : RW_OF_RAM_ACTION[action];
}
