import { describe, expect, test } from "vitest";
import { isAllowed, type PolicyDocument, policyDocumentSchema } from "./policy.ts";

function policyOf(
  ...statements: readonly ["Allow" | "Deny", string | string[], (string | string[])?][]
): PolicyDocument {
  return policyDocumentSchema.parse({
    Version: "1",
    Statement: statements.map(([Effect, Action, Resource = "*"]) => ({ Effect, Action, Resource })),
  });
}

const TRAIL = "acs:actiontrail:cn-hangzhou:1234567890123456:trail/audit-all";

describe("a policy", () => {
  test.each<[string, PolicyDocument[], boolean]>([
    ["nothing is allowed without a policy", [], false],
    ["nothing is allowed that no statement names", [policyOf(["Allow", "actiontrail:Get*"])], false],
    ["a statement for another resource allows nothing", [policyOf(["Allow", "*", "acs:log:*"])], false],
    ["Deny wins in the same policy", [policyOf(["Allow", "*"], ["Deny", "actiontrail:CreateTrail"])], false],
    [
      "Deny wins from another policy, whichever comes first",
      [policyOf(["Deny", "*"]), policyOf(["Allow", "*"])],
      false,
    ],
    ["resources match with regard to case", [policyOf(["Allow", "*", TRAIL.toUpperCase()])], false],
    ["the exact action is allowed", [policyOf(["Allow", "actiontrail:CreateTrail"])], true],
    ["actions match without regard to case", [policyOf(["Allow", "ActionTrail:createtrail"])], true],
    ["a star stands for any run", [policyOf(["Allow", "actiontrail:*Trail", "acs:*:trail/*"])], true],
    ["a question mark stands for one character", [policyOf(["Allow", "actiontrail:CreateTrai?"])], true],
    ["a question mark does not stand for none", [policyOf(["Allow", "actiontrail:CreateTrail?"])], false],
    ["one of several is enough", [policyOf(["Allow", ["log:*", "actiontrail:*"], ["x", TRAIL]])], true],
    ["a Deny of something else changes nothing", [policyOf(["Allow", "*"], ["Deny", "log:*"])], true],
  ])("%s", (_, policies, allowed) => {
    expect(isAllowed(policies, "actiontrail:CreateTrail", TRAIL)).toBe(allowed);
  });

  test("full of stars is decided at once", () => {
    const policy = policyOf(["Allow", `${"*a".repeat(2_000)}b`]);
    expect(isAllowed([policy], "a".repeat(4_000), "*")).toBe(false);
  });

  test.each<[string, unknown]>([
    ["a condition", { Effect: "Allow", Action: "*", Resource: "*", Condition: {} }],
    ["another effect", { Effect: "allow", Action: "*", Resource: "*" }],
    ["no resource", { Effect: "Allow", Action: "*" }],
  ])("with %s is refused, not read as if it were not there", (_, statement) => {
    expect(policyDocumentSchema.safeParse({ Version: "1", Statement: [statement] }).success).toBe(false);
  });
});
