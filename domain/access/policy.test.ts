import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConditionContext } from "./condition.ts";
import { isAllowed, type PolicyDocument, policyDocumentSchema } from "./policy.ts";
import { SYSTEM_POLICIES } from "./system-policy.ts";

type Statement = Readonly<Record<string, unknown>>;

const ACTION = "actiontrail:CreateTrail";
const TRAIL = "acs:actiontrail:cn-hangzhou:1234567890123456:trail/audit-all";
const CONTEXT: ConditionContext = {
  "acs:SourceIp": "10.1.2.3",
  "acs:SecureTransport": "false",
  "acs:CurrentTime": "2026-11-20T10:00:00.000Z",
  "acs:MFAPresent": "false",
};

function policyOf(...statements: readonly Statement[]): PolicyDocument {
  const Statement = statements.map((statement) => ({
    Effect: "Allow",
    ...("NotAction" in statement ? {} : { Action: "*" }),
    ...("NotResource" in statement ? {} : { Resource: "*" }),
    ...statement,
  }));
  return policyDocumentSchema.parse({ Version: "1", Statement });
}

function on(operator: string, key: string, ...values: string[]): Statement {
  return { Condition: { [operator]: { [key]: values } } };
}

/** Each sentence is the reference's (actiontrail.md, 7), or says what was decided where it is silent. */
const SENTENCES: readonly [sentence: string, cases: readonly [PolicyDocument[], boolean][]][] = [
  [
    "Default deny",
    [
      [[], false],
      [[policyOf({ Action: "actiontrail:Get*" })], false],
      [[policyOf({ Resource: "acs:log:*" })], false],
      [[policyOf({ Effect: "Deny", Action: "log:*" })], false],
    ],
  ],
  [
    "explicit Deny wins",
    [
      [[policyOf({}, { Effect: "Deny", Action: ACTION })], false],
      [[policyOf({ Effect: "Deny" }), policyOf({})], false],
      [[policyOf({}), policyOf({ Effect: "Deny", Resource: TRAIL })], false],
      [[policyOf({}, { Effect: "Deny", Action: "log:*" })], true],
      [[policyOf({}, { Effect: "Deny", ...on("IpAddress", "acs:SourceIp", "192.168.0.0/16") })], true],
    ],
  ],
  [
    "string or array equal",
    [
      [[policyOf({ Action: ACTION })], true],
      [[policyOf({ Action: [ACTION] })], true],
      [[policyOf({ Action: ["log:*", ACTION], Resource: ["acs:log:*", TRAIL] })], true],
      [[policyOf({ Condition: { Bool: { "acs:SecureTransport": "false" } } })], true],
    ],
  ],
  [
    "Wildcard * in action and ARN",
    [
      [[policyOf({ Action: "actiontrail:*Trail", Resource: "acs:*:trail/*" })], true],
      [[policyOf({ Action: "*", Resource: "*" })], true],
      [[policyOf({ Action: "actiontrail:Create*Job" })], false],
      [[policyOf({ Resource: "acs:actiontrail:cn-beijing:*" })], false],
    ],
  ],
  [
    "A question mark stands for one character (decided: as in StringLike)",
    [
      [[policyOf({ Action: "actiontrail:CreateTrai?" })], true],
      [[policyOf({ Action: "actiontrail:CreateTrail?" })], false],
    ],
  ],
  [
    "Whether action matching ignores case: not found (decided: it does, resources do not)",
    [
      [[policyOf({ Action: "ActionTrail:createtrail" })], true],
      [[policyOf({ Resource: TRAIL.replace("audit", "AUDIT") })], false],
    ],
  ],
  [
    "NotAction allowed",
    [
      [[policyOf({ NotAction: "ram:*" })], true],
      [[policyOf({ NotAction: ["ram:*", "actiontrail:Create*"] })], false],
      [[policyOf({}, { Effect: "Deny", NotAction: "actiontrail:*" })], true],
      [[policyOf({}, { Effect: "Deny", NotAction: "log:*" })], false],
    ],
  ],
  [
    "NotResource allowed",
    [
      [[policyOf({ NotResource: "acs:log:*" })], true],
      [[policyOf({ NotResource: [TRAIL, "acs:log:*"] })], false],
      [[policyOf({}, { Effect: "Deny", NotResource: TRAIL })], true],
    ],
  ],
  [
    "all must hold",
    [
      [
        [
          policyOf({
            Condition: { IpAddress: { "acs:SourceIp": "10.0.0.0/8" }, Bool: { "acs:SecureTransport": "false" } },
          }),
        ],
        true,
      ],
      [
        [
          policyOf({
            Condition: { IpAddress: { "acs:SourceIp": "10.0.0.0/8" }, Bool: { "acs:SecureTransport": "true" } },
          }),
        ],
        false,
      ],
      [[policyOf({ Condition: { Bool: { "acs:SecureTransport": "false", "acs:MFAPresent": "true" } } })], false],
    ],
  ],
  [
    "several values of one key are ORed",
    [
      [[policyOf(on("IpAddress", "acs:SourceIp", "192.168.0.0/16", "10.1.2.3"))], true],
      [[policyOf(on("StringEquals", "acs:SourceIp", "a", "b"))], false],
      [[policyOf(on("NotIpAddress", "acs:SourceIp", "192.168.0.0/16", "10.1.2.3"))], false],
      [[policyOf(on("NotIpAddress", "acs:SourceIp", "192.168.0.0/16", "172.16.0.0/12"))], true],
    ],
  ],
  [
    "Operators String*",
    [
      [[policyOf(on("StringEquals", "acs:MFAPresent", "false"))], true],
      [[policyOf(on("StringEquals", "acs:MFAPresent", "False"))], false],
      [[policyOf(on("StringNotEquals", "acs:MFAPresent", "False"))], true],
      [[policyOf(on("StringEqualsIgnoreCase", "acs:MFAPresent", "FALSE"))], true],
      [[policyOf(on("StringNotEqualsIgnoreCase", "acs:MFAPresent", "FALSE"))], false],
      [[policyOf(on("StringLike", "acs:SourceIp", "10.1.*"))], true],
      [[policyOf(on("StringLike", "acs:SourceIp", "10.1.2.?"))], true],
      [[policyOf(on("StringNotLike", "acs:SourceIp", "10.1.*"))], false],
    ],
  ],
  [
    "Numeric* (of what is no number none holds but its opposite)",
    [
      [[policyOf(on("NumericEquals", "acs:SourceIp", "10"))], false],
      [[policyOf(on("NumericLessThan", "acs:SourceIp", "10"))], false],
      [[policyOf(on("NumericLessThanEquals", "acs:SourceIp", "10"))], false],
      [[policyOf(on("NumericGreaterThan", "acs:SourceIp", "10"))], false],
      [[policyOf(on("NumericGreaterThanEquals", "acs:SourceIp", "10"))], false],
      [[policyOf(on("NumericNotEquals", "acs:SourceIp", "10"))], true],
    ],
  ],
  [
    "Date*",
    [
      [[policyOf(on("DateEquals", "acs:CurrentTime", "2026-11-20T18:00:00+08:00"))], true],
      [[policyOf(on("DateNotEquals", "acs:CurrentTime", "2026-11-20T10:00:00Z"))], false],
      [[policyOf(on("DateLessThan", "acs:CurrentTime", "2026-11-20T18:00:01+08:00"))], true],
      [[policyOf(on("DateLessThan", "acs:CurrentTime", "2026-11-20T10:00:00Z"))], false],
      [[policyOf(on("DateLessThanEquals", "acs:CurrentTime", "2026-11-20T10:00:00Z"))], true],
      [[policyOf(on("DateGreaterThan", "acs:CurrentTime", "2026-11-20T09:59Z"))], true],
      [[policyOf(on("DateGreaterThanEquals", "acs:CurrentTime", "2026-11-20T10:00:01Z"))], false],
    ],
  ],
  [
    "Bool",
    [
      [[policyOf(on("Bool", "acs:SecureTransport", "false"))], true],
      [[policyOf(on("Bool", "acs:SecureTransport", "true"))], false],
      [[policyOf({}, { Effect: "Deny", ...on("Bool", "acs:SecureTransport", "false") })], false],
    ],
  ],
  [
    "IpAddress, NotIpAddress",
    [
      [[policyOf(on("IpAddress", "acs:SourceIp", "10.1.2.3"))], true],
      [[policyOf(on("IpAddress", "acs:SourceIp", "10.1.2.2/31"))], true],
      [[policyOf(on("IpAddress", "acs:SourceIp", "10.1.2.4/30"))], false],
      [[policyOf(on("IpAddress", "acs:SourceIp", "0.0.0.0/0"))], true],
      [[policyOf(on("IpAddress", "acs:SourceIp", "::/0"))], false],
      [[policyOf(on("NotIpAddress", "acs:SourceIp", "10.0.0.0/8"))], false],
    ],
  ],
  [
    "What is not known of a request (decided: no value is its own, so an Allow that names one does not hold, a Deny with Not does)",
    [
      [[policyOf(on("StringEquals", "acs:Service", "actiontrail.aliyuncs.com"))], false],
      [[policyOf({}, { Effect: "Deny", ...on("StringNotEquals", "acs:Service", "actiontrail.aliyuncs.com") })], false],
    ],
  ],
];

describe.each(SENTENCES)("%s", (_, cases) => {
  test.each(cases.map(([policies, verdict], index) => [index + 1, verdict, policies] as const))(
    "case %i: %s",
    (_index, verdict, policies) => {
      expect(isAllowed(policies, ACTION, TRAIL, CONTEXT)).toBe(verdict);
    },
  );
});

describe("numbers", () => {
  // No key that Backtrail knows is a number; the operators are the language's all the same.
  const ofPort = (operator: string, ...values: string[]) =>
    isAllowed([policyOf(on(operator, "acs:SourceIp", ...values))], ACTION, TRAIL, { "acs:SourceIp": "443" });

  test.each([
    ["NumericEquals", "443.0", true],
    ["NumericNotEquals", "443", false],
    ["NumericLessThan", "443", false],
    ["NumericLessThanEquals", "443", true],
    ["NumericGreaterThan", "-1", true],
    ["NumericGreaterThanEquals", "444", false],
  ])("%s %s: %s", (operator, value, verdict) => {
    expect(ofPort(operator, value)).toBe(verdict);
  });
});

describe("a source address", () => {
  test.each([
    ["10.0.0.1", "10.0.0.1", true],
    ["::ffff:10.0.0.1", "10.0.0.0/8", true],
    ["2001:db8::1", "2001:db8::/32", true],
    ["2001:db9::1", "2001:db8::/32", false],
    ["2001:db8:0:0:0:0:0:1", "2001:db8::1", true],
    ["not an address", "0.0.0.0/0", false],
  ])("%s in %s: %s", (address, range, verdict) => {
    const policy = policyOf(on("IpAddress", "acs:SourceIp", range));
    expect(isAllowed([policy], ACTION, TRAIL, { "acs:SourceIp": address })).toBe(verdict);
  });

  test("is in a range exactly when its first bits are", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.nat(2 ** 32 - 1), fc.integer({ min: 0, max: 32 }), (one, other, bits) => {
        const text = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
        const first = (address: number) => address.toString(2).padStart(32, "0").slice(0, bits);
        const policy = policyOf(on("IpAddress", "acs:SourceIp", `${text(other)}/${bits}`));
        const isIn = isAllowed([policy], ACTION, TRAIL, { "acs:SourceIp": text(one) });
        expect(isIn).toBe(first(one) === first(other));
      }),
    );
  });
});

const pattern = fc.constantFrom("*", "actiontrail:*", "actiontrail:Create*", ACTION, "log:*", "ram:PassRole");
const arn = fc.constantFrom("*", TRAIL, "acs:actiontrail:*:*:trail/*", "acs:log:*");
const condition = fc.constantFrom(
  undefined,
  { IpAddress: { "acs:SourceIp": "10.0.0.0/8" } },
  { NotIpAddress: { "acs:SourceIp": ["10.0.0.0/8", "::/0"] } },
  { Bool: { "acs:SecureTransport": "true" }, StringLike: { "acs:SourceIp": "10.*" } },
  { DateLessThan: { "acs:CurrentTime": "2027-01-01T00:00:00Z" } },
  { StringNotEquals: { "acs:Service": "x" } },
);

function statement(effects: readonly ("Allow" | "Deny")[]) {
  return fc
    .record({
      Effect: fc.constantFrom(...effects),
      action: fc.tuple(fc.constantFrom("Action", "NotAction"), pattern),
      resource: fc.tuple(fc.constantFrom("Resource", "NotResource"), arn),
      Condition: condition,
    })
    .map(({ Effect, action, resource, Condition }) => ({
      Effect,
      [action[0]]: action[1],
      [resource[0]]: resource[1],
      ...(Condition === undefined ? {} : { Condition }),
    }));
}

describe("adding a statement", () => {
  const statements = fc.array(statement(["Allow", "Deny"]), { maxLength: 4 });
  const request = fc.record({
    action: fc.constantFrom(ACTION, "actiontrail:GetTrailStatus", "log:GetLogStoreLogs"),
    resource: fc.constantFrom(TRAIL, "*"),
    context: fc.constantFrom(CONTEXT, {}, { ...CONTEXT, "acs:SourceIp": "192.168.1.1" }),
  });
  const verdict = (
    of: readonly Statement[],
    { action, resource, context }: { action: string; resource: string; context: ConditionContext },
  ) =>
    of.length > 0 &&
    isAllowed([policyDocumentSchema.parse({ Version: "1", Statement: of })], action, resource, context);

  test("with Deny never allows more", () => {
    fc.assert(
      fc.property(statements, statement(["Deny"]), fc.nat(4), request, (before, deny, place, asked) => {
        const after = before.toSpliced(place, 0, deny);
        expect(verdict(after, asked) && !verdict(before, asked)).toBe(false);
      }),
    );
  });

  test("with Allow never allows less, and whether it is in this policy or another is the same", () => {
    fc.assert(
      fc.property(statements, statement(["Allow"]), request, (before, allow, asked) => {
        const after = verdict([...before, allow], asked);
        expect(verdict(before, asked) && !after).toBe(false);
        const apart = [...before, allow].map((one) => policyDocumentSchema.parse({ Version: "1", Statement: [one] }));
        expect(isAllowed(apart, asked.action, asked.resource, asked.context)).toBe(after);
      }),
    );
  });
});

describe("the vendor's policies", () => {
  test.each([
    ["AliyunActionTrailFullAccess", "actiontrail:DeleteTrail", true],
    ["AliyunActionTrailFullAccess", "ram:PassRole", false],
    ["AliyunActionTrailFullAccess", "backtrail:PutEvents", false],
    ["AliyunActionTrailReadOnlyAccess", "actiontrail:LookupEvents", true],
    ["AliyunActionTrailReadOnlyAccess", "actiontrail:GetDeliveryHistoryJob", true],
    ["AliyunActionTrailReadOnlyAccess", "actiontrail:CreateDeliveryHistoryJob", false],
    ["AliyunActionTrailReadOnlyAccess", "actiontrail:StopLogging", false],
  ] as const)("%s allows %s: %s", (name, action, verdict) => {
    expect(isAllowed([SYSTEM_POLICIES[name]], action, "*", CONTEXT)).toBe(verdict);
  });
});

test("a policy full of stars is decided at once", () => {
  const policy = policyOf({ Resource: `acs:${"*a".repeat(900)}b` });
  expect(isAllowed([policy], ACTION, `acs:${"a".repeat(4_000)}`)).toBe(false);
});
