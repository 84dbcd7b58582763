import { type PolicyDocument, policyDocumentSchema } from "./policy.ts";

/** The vendor's policies for ActionTrail, under its names. Source: system policies (actiontrail.md, 7). */
export const SYSTEM_POLICIES = {
  AliyunActionTrailFullAccess: policyDocumentSchema.parse({
    Version: "1",
    Statement: [
      { Effect: "Allow", Action: "actiontrail:*", Resource: "*" },
      {
        Effect: "Allow",
        Action: "ram:PassRole",
        Resource: "*",
        Condition: { StringEquals: { "acs:Service": "actiontrail.aliyuncs.com" } },
      },
      {
        Effect: "Allow",
        Action: "ram:CreateServiceLinkedRole",
        Resource: "*",
        Condition: { StringEquals: { "ram:ServiceName": "actiontrail.aliyuncs.com" } },
      },
    ],
  }),
  AliyunActionTrailReadOnlyAccess: policyDocumentSchema.parse({
    Version: "1",
    Statement: [
      {
        Effect: "Allow",
        Action: [
          "actiontrail:Lookup*",
          "actiontrail:Describe*",
          "actiontrail:Get*",
          "actiontrail:Check*",
          "actiontrail:List*",
        ],
        Resource: "*",
      },
    ],
  }),
} as const satisfies Readonly<Record<string, PolicyDocument>>;

export type SystemPolicyName = keyof typeof SYSTEM_POLICIES;

export const SYSTEM_POLICY_NAMES = Object.keys(SYSTEM_POLICIES) as readonly SystemPolicyName[];

const NAME_OF_TEXT: ReadonlyMap<string, SystemPolicyName> = new Map(
  SYSTEM_POLICY_NAMES.map((name) => [orderedText(SYSTEM_POLICIES[name]), name]),
);

/** The vendor's policy that says the same as this one, in whatever order its members stand; null for one of its own. */
export function systemPolicyNameOf(policy: PolicyDocument): SystemPolicyName | null {
  return NAME_OF_TEXT.get(orderedText(policy)) ?? null;
}

function orderedText(document: PolicyDocument): string {
  return JSON.stringify(document, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

/** A policy as people read and edit it; also a stored one that can't be read, for them to mend. */
export function policyTextOf(policy: unknown): string {
  return JSON.stringify(policy, null, 2);
}
