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
  /** Reads what the account keeps secret, and writes it anew under another BACKTRAIL_SECRET. */
  "backtrail:RotateSecret": "Write",
  "backtrail:PutEvents": "Write",
  "backtrail:LookupAuditEntries": "Read",
  "backtrail:ExportAuditEntries": "Read",
  "backtrail:ListLogProjects": "Read",
  "backtrail:CreateLogProject": "Write",
  "backtrail:UpdateLogProject": "Write",
  "backtrail:DeleteLogProject": "Write",
  "backtrail:TestLogProject": "Write",
  "backtrail:CreateMember": "Write",
  "backtrail:ListAccessKeys": "Read",
  "backtrail:CreateAccessKey": "Write",
  "backtrail:RotateAccessKey": "Write",
  "backtrail:UpdateAccessKey": "Write",
  "backtrail:DisableAccessKey": "Write",
  "backtrail:EnableAccessKey": "Write",
  "backtrail:DeleteAccessKey": "Write",
  "backtrail:ListMembers": "Read",
  "backtrail:UpdateMember": "Write",
  "backtrail:DisableMember": "Write",
  "backtrail:EnableMember": "Write",
  "backtrail:DeleteMember": "Write",
  "backtrail:CreateInvitation": "Write",
  "backtrail:DeleteInvitation": "Write",
  "backtrail:EndMemberSessions": "Write",
  "backtrail:CreatePasswordReset": "Write",
  "backtrail:RemoveMemberTwoFactor": "Write",
  "log:ListLogStores": "Read",
  "log:GetLogStore": "Read",
  "log:CreateLogStore": "Write",
  "log:GetLogStoreLogs": "Read",
  "log:PostLogStoreLogs": "Write",
} as const;

export type RamAction = keyof typeof RW_OF_RAM_ACTION;

export const RAM_ACTIONS = Object.keys(RW_OF_RAM_ACTION) as readonly RamAction[];

/**
 * What people do for themselves, whatever their role: no policy speaks about it. It is in the audit of each of their accounts, with
 * what it counts as there.
 */
const RW_OF_PERSONAL_ACTION = {
  ConsoleSignin: "Write",
  ConsoleSignout: "Write",
  /**
   * A request that was refused whatever it was for: it came from another site's page, from somebody who has no place in an account or has yet to
   * set up a second factor, from a page of another account than the chosen one, or was of no shape that says what it is for.
   */
  ConsoleRequest: "Write",
  "backtrail:AcceptInvitation": "Write",
  "backtrail:RequestPasswordReset": "Write",
  "backtrail:ResetPassword": "Write",
  "backtrail:ChangePassword": "Write",
  "backtrail:ConfirmIdentity": "Write",
  "backtrail:EnableTwoFactor": "Write",
  "backtrail:DisableTwoFactor": "Write",
  "backtrail:CreateBackupCodes": "Write",
  "backtrail:EndSession": "Write",
  /** Changes nothing but what the browser shows: only its refusals are noted. */
  "backtrail:SwitchAccount": "Read",
} as const;

export type PersonalAction = keyof typeof RW_OF_PERSONAL_ACTION;

/** What the audit records: uses and refusals of RAM actions, and what people do for themselves. */
export type AuditedAction = RamAction | PersonalAction;

const RW_OF_AUDITED_ACTION = { ...RW_OF_RAM_ACTION, ...RW_OF_PERSONAL_ACTION };

export const AUDITED_ACTIONS = Object.keys(RW_OF_AUDITED_ACTION) as readonly AuditedAction[];

export function rwOf(action: AuditedAction): "Read" | "Write" {
  return RW_OF_AUDITED_ACTION[action];
}
