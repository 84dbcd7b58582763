import type { PolicyDocument } from "./policy.ts";

export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

const VIEWER_ACTIONS = [
  "actiontrail:Describe*",
  "actiontrail:Get*",
  "actiontrail:List*",
  "actiontrail:Lookup*",
  "backtrail:VerifyDeliveryHistoryJob",
  "backtrail:ListLogProjects",
  "log:ListLogStores",
  "log:GetLogStore",
  "log:GetLogStoreLogs",
];

const OPERATOR_ACTIONS = [
  ...VIEWER_ACTIONS,
  "actiontrail:CreateDeliveryHistoryJob",
  "actiontrail:DeleteDeliveryHistoryJob",
  "backtrail:*DeliveryHistoryJob",
];

function allow(actions: string[]): PolicyDocument {
  return { Version: "1", Statement: [{ Effect: "Allow", Action: actions, Resource: ["*"] }] };
}

/** Each role is a fixed RAM policy (design 3.4). */
export const ROLE_POLICIES: Readonly<Record<Role, PolicyDocument>> = {
  viewer: allow(VIEWER_ACTIONS),
  operator: allow(OPERATOR_ACTIONS),
  admin: allow(["actiontrail:*", "backtrail:*", "log:*"]),
};
