import { describe, expect, test } from "vitest";
import { accessKeyRefSchema, createAccessKeyInputSchema } from "./access-key-schema.ts";

const POLICY = '{ "Version": "1", "Statement": [{ "Effect": "Allow", "Action": "actiontrail:*", "Resource": "*" }] }';

describe("what makes an access key", () => {
  test("is a name without the spaces around it, and a policy as it will be judged by", () => {
    expect(createAccessKeyInputSchema.parse({ name: " Terraform ", policy: POLICY })).toEqual({
      name: "Terraform",
      policy: { Version: "1", Statement: [{ Effect: "Allow", Action: ["actiontrail:*"], Resource: ["*"] }] },
    });
  });

  test.each([
    ["no name", { name: "  ", policy: POLICY }, "name"],
    ["a name of 65 characters", { name: "x".repeat(65), policy: POLICY }, "name"],
    ["no JSON", { name: "x", policy: "{" }, "policy"],
    ["a policy that allows what it does not say", { name: "x", policy: POLICY.replace("Allow", "Maybe") }, "policy"],
    ["a policy that is no text", { name: "x", policy: { Version: "1" } }, "policy"],
  ])("is refused with %s", (_, input, field) => {
    const issues = createAccessKeyInputSchema.safeParse(input).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join("."))).toEqual([field]);
  });
});

test.each(["", "LTAI 1", "LTAI'1", "x".repeat(129)])("%j is the id of no key", (accessKeyId) => {
  expect(accessKeyRefSchema.safeParse({ accessKeyId }).success).toBe(false);
});
