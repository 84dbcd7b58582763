import { describe, expect, test } from "vitest";
import { type PolicyDocument, policyDocumentSchema } from "./policy.ts";
import { parsePolicyText } from "./policy-text.ts";
import { policyTextOf, SYSTEM_POLICIES, SYSTEM_POLICY_NAMES, systemPolicyNameOf } from "./system-policy.ts";

/** The same with the members of every object in the other order, as a database may give it back. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(reversed);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, member]) => [name, reversed(member)]),
      )
    : value;
}

describe.each(SYSTEM_POLICY_NAMES)("%s", (name) => {
  test("is known by what it says, in whatever order its members stand", () => {
    expect(systemPolicyNameOf(reversed(SYSTEM_POLICIES[name]) as PolicyDocument)).toBe(name);
  });

  test("comes back from the text that is edited", () => {
    expect(parsePolicyText(policyTextOf(SYSTEM_POLICIES[name]))).toEqual({
      kind: "policy",
      policy: SYSTEM_POLICIES[name],
    });
  });

  test("that says one thing more is another", () => {
    const { Version, Statement } = SYSTEM_POLICIES[name];
    const denied = { Effect: "Deny", Action: ["actiontrail:DeleteTrail"], Resource: ["*"] };
    const more = policyDocumentSchema.parse({ Version, Statement: [...Statement, denied] });
    expect(systemPolicyNameOf(more)).toBeNull();
  });
});
