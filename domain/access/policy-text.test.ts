import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placesIn } from "./json-places.ts";
import { parsePolicyText } from "./policy-text.ts";

/** "line:column fault path", one for each. */
function faultsOf(text: string): string[] {
  const read = parsePolicyText(text);
  return read.kind === "policy"
    ? []
    : read.faults.map(({ line, column, fault, path }) => `${line}:${column} ${fault} ${path.join(".")}`.trim());
}

function withStatement(statement: string): string {
  return `{\n  "Version": "1",\n  "Statement": [\n    ${statement}\n  ]\n}`;
}

describe("a policy's text", () => {
  test("without a fault is the policy", () => {
    const text = withStatement(
      `{ "Effect": "Allow", "Action": "actiontrail:*", "Resource": "*", "Condition": { "IpAddress": { "acs:SourceIp": ["10.0.0.0/8"] } } }`,
    );
    expect(parsePolicyText(text)).toEqual({
      kind: "policy",
      policy: {
        Version: "1",
        Statement: [
          {
            Effect: "Allow",
            Action: ["actiontrail:*"],
            Resource: ["*"],
            Condition: { IpAddress: { "acs:SourceIp": ["10.0.0.0/8"] } },
          },
        ],
      },
    });
  });

  test.each<[string, string, string[]]>([
    ["that is no JSON", '{\n  "Version": 1,,\n}', ["2:16 not-json"]],
    ["that ends too soon", '{ "Version": "1"', ["1:17 not-json"]],
    ["that is a list", "[]", ["1:1 not-an-object"]],
    ["without anything", "{}", ["1:1 version Version", "1:1 not-a-list Statement"]],
    [
      "with a version as a number",
      '{ "Version": 1, "Statement": [] }',
      ["1:3 version Version", "1:17 empty-list Statement"],
    ],
    [
      "with another effect",
      withStatement('{ "Effect": "allow", "Action": "*", "Resource": "*" }'),
      ["4:7 effect Statement.0.Effect"],
    ],
    [
      "with a member of no meaning",
      withStatement('{ "Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*" }'),
      ["4:58 unknown-member Statement.0.Principal"],
    ],
    [
      "with a member twice",
      withStatement('{ "Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*" }'),
      ["4:7 repeated-member Statement.0.Effect"],
    ],
    [
      "with neither Action nor NotAction",
      withStatement('{ "Effect": "Allow", "Resource": "*" }'),
      ["4:5 action-or-not-action Statement.0"],
    ],
    [
      "with both Resource and NotResource",
      withStatement('{ "Effect": "Allow", "Action": "*", "Resource": "*", "NotResource": "*" }'),
      ["4:5 resource-or-not-resource Statement.0"],
    ],
    [
      "with an action that is none, in a list",
      withStatement('{ "Effect": "Allow", "Action": ["actiontrail:*", "CreateTrail"], "Resource": "*" }'),
      ["4:54 action-pattern Statement.0.Action.1"],
    ],
    [
      "with a resource that is none",
      withStatement('{ "Effect": "Allow", "Action": "*", "Resource": "trail/a" }'),
      ["4:41 resource-pattern Statement.0.Resource.0"],
    ],
    [
      "with an operator that is none",
      withStatement(
        '{ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "IpEquals": { "acs:SourceIp": "10.0.0.1" } } }',
      ),
      ["4:73 unknown-operator Statement.0.Condition.IpEquals"],
    ],
    [
      "with a value that its operator does not take",
      withStatement(
        '{ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "IpAddress": { "acs:SourceIp": ["10.0.0.1", "10.0.0.0/33"] } } }',
      ),
      ["4:117 condition-value Statement.0.Condition.IpAddress.acs:SourceIp.1"],
    ],
    [
      "with a number that is not quoted",
      withStatement(
        '{ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "Bool": { "acs:SecureTransport": true } } }',
      ),
      ["4:83 not-a-list Statement.0.Condition.Bool.acs:SecureTransport"],
    ],
    [
      "with an empty list of actions",
      withStatement('{ "Effect": "Allow", "Action": [], "Resource": "*" }'),
      ["4:26 empty-list Statement.0.Action"],
    ],
    ["that is too long", `{${" ".repeat(6_200)}}`, ["1:6145 text-too-long"]],
  ])("%s is refused where it stands", (_, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  test("says all that is wrong at once, in the order of the text", () => {
    const text = withStatement('{ "Effect": "Maybe", "Action": "x y", "Resource": "*", "Sid": "a" }');
    expect(faultsOf(text)).toEqual([
      "4:7 effect Statement.0.Effect",
      "4:26 action-pattern Statement.0.Action.0",
      "4:60 unknown-member Statement.0.Sid",
    ]);
  });

  test("of any kind is read or refused, never a fault of ours", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(["policy", "faults"]).toContain(parsePolicyText(text).kind);
      }),
    );
  });
});

describe("places in JSON", () => {
  test("are those of the values, whatever stands around them", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const { offsetOf, repeated } = placesIn(text);
        expect(repeated).toEqual([]);
        for (const path of pathsOf(value)) {
          const offset = offsetOf(path) ?? Number.NaN;
          const last = path.at(-1);
          const beginning =
            typeof last === "string" ? JSON.stringify(last) : JSON.stringify(at(value, path)).slice(0, 1);
          expect(text.slice(offset).startsWith(beginning)).toBe(true);
        }
      }),
    );
  });
});

function pathsOf(value: unknown): (string | number)[][] {
  if (Array.isArray(value)) {
    return [[], ...value.flatMap((element, index) => pathsOf(element).map((path) => [index, ...path]))];
  }
  if (typeof value === "object" && value !== null) {
    return [[], ...Object.entries(value).flatMap(([name, member]) => pathsOf(member).map((path) => [name, ...path]))];
  }
  return [[]];
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Record<string | number, unknown>)[name], value);
}
