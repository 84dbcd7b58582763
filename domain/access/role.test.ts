import { describe, expect, test } from "vitest";
import { RAM_ACTIONS } from "./action.ts";
import { isAllowed } from "./policy.ts";
import { resourceOf } from "./resource.ts";
import { ROLE_POLICIES, ROLES, type Role } from "./role.ts";

/** Design 3.4, action by action: the least role that may. */
const LEAST_ROLE = {
  "actiontrail:DescribeTrails": "viewer",
  "actiontrail:GetTrailStatus": "viewer",
  "actiontrail:LookupEvents": "viewer",
  "actiontrail:GetGlobalEventsStorageRegion": "viewer",
  "actiontrail:DescribeUserTrailCount": "viewer",
  "actiontrail:DescribeUserLogCount": "viewer",
  "actiontrail:GetDeliveryHistoryJob": "viewer",
  "actiontrail:ListDeliveryHistoryJobs": "viewer",
  "backtrail:VerifyDeliveryHistoryJob": "viewer",
  "backtrail:ListLogProjects": "viewer",
  "log:ListLogStores": "viewer",
  "log:GetLogStore": "viewer",
  "log:CreateLogStore": "admin",
  "log:GetLogStoreLogs": "viewer",
  "actiontrail:CreateDeliveryHistoryJob": "operator",
  "actiontrail:DeleteDeliveryHistoryJob": "operator",
  "backtrail:PauseDeliveryHistoryJob": "operator",
  "backtrail:ResumeDeliveryHistoryJob": "operator",
  "backtrail:CancelDeliveryHistoryJob": "operator",
  "backtrail:RetryDeliveryHistoryJob": "operator",
  "backtrail:LimitDeliveryHistoryJob": "operator",
  "actiontrail:CreateTrail": "admin",
  "actiontrail:UpdateTrail": "admin",
  "actiontrail:DeleteTrail": "admin",
  "actiontrail:StartLogging": "admin",
  "actiontrail:StopLogging": "admin",
  "backtrail:CreateAccount": "admin",
  "backtrail:CreateSample": "admin",
  "backtrail:RotateSecret": "admin",
  "backtrail:PutEvents": "admin",
  "backtrail:CreateLogProject": "admin",
  "backtrail:UpdateLogProject": "admin",
  "backtrail:DeleteLogProject": "admin",
  "backtrail:TestLogProject": "admin",
  "backtrail:CreateMember": "admin",
  "backtrail:ListAccessKeys": "admin",
  "backtrail:CreateAccessKey": "admin",
  "backtrail:RotateAccessKey": "admin",
  "backtrail:UpdateAccessKey": "admin",
  "backtrail:DisableAccessKey": "admin",
  "backtrail:EnableAccessKey": "admin",
  "backtrail:DeleteAccessKey": "admin",
  "actiontrail:UpdateGlobalEventsStorageRegion": "admin",
  "backtrail:ListMembers": "admin",
  "backtrail:UpdateMember": "admin",
  "backtrail:DisableMember": "admin",
  "backtrail:EnableMember": "admin",
  "backtrail:DeleteMember": "admin",
  "backtrail:CreateInvitation": "admin",
  "backtrail:DeleteInvitation": "admin",
  "backtrail:EndMemberSessions": "admin",
  "backtrail:CreatePasswordReset": "admin",
  "backtrail:RemoveMemberTwoFactor": "admin",
  "backtrail:LookupAuditEntries": "admin",
  "backtrail:ExportAuditEntries": "admin",
  "log:PostLogStoreLogs": "admin",
} as const satisfies Record<(typeof RAM_ACTIONS)[number], Role>;

describe.each(ROLES)("the role %s", (role) => {
  test.each(RAM_ACTIONS.map((action) => [action, ROLES.indexOf(role) >= ROLES.indexOf(LEAST_ROLE[action])] as const))(
    "may %s: %s",
    (action, may) => {
      const resource = resourceOf(action, "cn-hangzhou", "1234567890123456");
      expect(isAllowed([ROLE_POLICIES[role]], action, resource)).toBe(may);
    },
  );
});

describe("actions of history jobs that are still to come", () => {
  test.each(["Pause", "Resume", "Cancel", "Retry", "Limit"])("%s is for operators, not for viewers", (verb) => {
    const action = `backtrail:${verb}DeliveryHistoryJob`;
    expect(isAllowed([ROLE_POLICIES.viewer], action, "*")).toBe(false);
    expect(isAllowed([ROLE_POLICIES.operator], action, "*")).toBe(true);
  });

  test("deletion is for operators, not for viewers; verification for both", () => {
    expect(isAllowed([ROLE_POLICIES.viewer], "actiontrail:DeleteDeliveryHistoryJob", "*")).toBe(false);
    expect(isAllowed([ROLE_POLICIES.operator], "actiontrail:DeleteDeliveryHistoryJob", "*")).toBe(true);
    expect(isAllowed([ROLE_POLICIES.viewer], "backtrail:VerifyDeliveryHistoryJob", "*")).toBe(true);
  });
});

describe("where an action is checked", () => {
  test.each([
    ["actiontrail:CreateTrail", undefined, "acs:actiontrail:cn-hangzhou:1234567890123456:trail/*"],
    ["actiontrail:StartLogging", "audit-all", "acs:actiontrail:cn-hangzhou:1234567890123456:trail/audit-all"],
    ["actiontrail:GetDeliveryHistoryJob", "42", "acs:actiontrail:cn-hangzhou:1234567890123456:historydeliveryjob/42"],
    ["backtrail:CreateMember", undefined, "*"],
  ] as const)("%s of %s is checked on %s", (action, id, resource) => {
    expect(resourceOf(action, "cn-hangzhou", "1234567890123456", id)).toBe(resource);
  });
});
