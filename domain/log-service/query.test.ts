import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonLeaves } from "./json-leaves.ts";
import { type LogCondition, parseLogQuery } from "./query.ts";
import { matchesLog, type SearchedLog } from "./query-match.ts";
import { type Preselection, preselectionOf } from "./query-preselection.ts";
import { foldCase } from "./query-words.ts";

const EVENT = {
  eventId: "0A1B-2C",
  eventName: "DeleteInstance",
  serviceName: "Ecs",
  eventVersion: 1,
  eventRW: "Write",
  bigId: "placeholder",
  userIdentity: { userName: "alice@example.com", type: "ram-user", accountId: "1234567890123456" },
  sourceIpAddress: "2001:db8::1",
  userAgent: "HashiCorp/1.0 Terraform/1.9 (+https://www.terraform.io)",
  requestParameterJson: '{"InstanceId":"i-abc"}',
  referencedResources: { "ACS::ECS::Instance": ["i-abc", "i-def"] },
  errorCode: null,
  path: "a/b",
  中文: "事件 投递",
};

const log: SearchedLog = {
  event: JSON.stringify(EVENT).replace('"placeholder"', "12345678901234567890"),
  topic: "actiontrail_audit_event",
  source: "backtrail",
  tags: [{ key: "backtrail_job_id", value: "42" }],
  contents: [{ key: "owner", value: "team blue" }],
};

function conditionOf(text: string): LogCondition {
  const parsed = parseLogQuery(text);
  if ("fault" in parsed) {
    throw new Error(`${text}: ${JSON.stringify(parsed.fault)}`);
  }
  return parsed.condition;
}

describe("a query", () => {
  it.each([
    "",
    "*",
    "eventName: DeleteInstance",
    "eventName:deleteinstance",
    "EVENTNAME: Delete*",
    "eventName: *stance",
    "eventName: D*te*ce",
    "event.eventName: DeleteInstance",
    "userIdentity.userName: alice",
    "userIdentity: alice",
    'userName: x or userIdentity.userName: "alice@example.com"',
    "alice",
    "terraform",
    "userAgent: Terraform",
    'userAgent: "Terraform/1.9"',
    "sourceIpAddress: 2001:db8::1",
    "eventVersion: 1",
    "bigId: 12345678901234567890",
    "bigId: 1234567890123456789*",
    'requestParameterJson: "i-abc"',
    "referencedResources: i-def",
    '"referencedResources.ACS::ECS::Instance": i-def',
    "not eventName: Describe*",
    "not errorCode: *",
    "eventRW: Write and serviceName: Ecs",
    "eventRW: Write serviceName: Ecs not eventName: Create*",
    "serviceName: Rds or serviceName: Ecs",
    "serviceName: Ecs or serviceName: Rds and eventName: none",
    "(serviceName: Rds or serviceName: Ecs) and eventRW: Write",
    "not (serviceName: Rds or serviceName: Vpc)",
    "not not eventRW: Write",
    "__topic__: actiontrail_audit_event",
    "__source__: backtrail",
    "__tag__:backtrail_job_id: 42",
    "__tag__:backtrail_job_id:42",
    "42",
    "path: a/b",
    "path: b",
    "中文: 事件",
    '"and" or alice',
    "owner: team",
    '"team blue"',
    "owner: t*",
  ])("%j finds the log", (text) => {
    expect(matchesLog(conditionOf(text), log)).toBe(true);
  });

  it.each([
    "eventName: Delete",
    "eventName: elete*",
    "eventName: D*xx*e",
    "userName: alice",
    "user: alice",
    "userIdentity.user: alice",
    "not alice",
    "errorCode: *",
    "bigId: 12345678901234567000",
    "eventRW: Write and serviceName: Rds",
    "serviceName: Rds or eventName: none",
    '"instance delete"',
    "__tag__:backtrail_job_id: 4",
    "__topic__: backtrail",
    '"%"',
    "eventName: %",
    '"; DROP TABLE log --"',
    "event.owner: team",
    "owner: red",
    "(serviceName: Ecs or serviceName: Rds) and eventName: none",
  ])("%j does not", (text) => {
    expect(matchesLog(conditionOf(text), log)).toBe(false);
  });

  it.each([
    ['eventName: "open', "open-quote", 11],
    ["(a or b", "open-parenthesis", 0],
    ["a)", "unexpected", 1],
    ["eventName:", "no-value", 10],
    ["a and", "no-value", 5],
    ["or a", "unexpected", 0],
    ["a and or b", "unexpected", 6],
    [": a", "unexpected", 0],
    ['key: "/"', "no-value", 5],
    ["not", "no-value", 3],
    ["()", "unexpected", 1],
    ["a ".repeat(51), "too-many-terms", 100],
    [`${"(".repeat(60)}a${")".repeat(60)}`, "too-deep", undefined],
    ["x".repeat(2_001), "too-long", 2_000],
  ])("%j is told to be wrong: %s", (text, why, at) => {
    const parsed = parseLogQuery(text);
    expect(parsed).toEqual({ fault: { why, at: at ?? expect.any(Number) } });
  });

  it("of any signs is parsed or told to be wrong, with a place inside it", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab:()"\\* \tnotandor/'), maxLength: 60 }), (text) => {
        const parsed = parseLogQuery(text);
        if ("fault" in parsed) {
          expect(parsed.fault.at).toBeGreaterThanOrEqual(0);
          expect(parsed.fault.at).toBeLessThanOrEqual(text.length);
        } else {
          expect(typeof matchesLog(parsed.condition, log)).toBe("boolean");
        }
      }),
    );
  });

  it("keeps to De Morgan", () => {
    const term = fc.constantFrom("alice", "eventRW: Write", "serviceName: Rds", "not errorCode: *");
    fc.assert(
      fc.property(term, term, (one, other) => {
        expect(matchesLog(conditionOf(`not (${one} or ${other})`), log)).toBe(
          matchesLog(conditionOf(`not (${one}) and not (${other})`), log),
        );
      }),
    );
  });
});

describe("the preselection", () => {
  const holds = (selection: Preselection, searched: SearchedLog): boolean => {
    const { topic, source, tags, contents } = searched;
    const event = searched.event ?? "";
    switch (selection.kind) {
      case "any":
        return true;
      case "and":
        return selection.of.every((part) => holds(part, searched));
      case "or":
        return selection.of.some((part) => holds(part, searched));
      case "contains": {
        const texts = selection.within === "event" ? [event] : [event, topic, source, JSON.stringify(tags)];
        return (
          contents.length > 0 ||
          event.includes("\\u") ||
          texts.some((text) => foldCase(text).includes(selection.literal))
        );
      }
    }
  };

  it("never leaves out a log that the condition finds", () => {
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'aAbB/\\"* :.1é事\u0007'), maxLength: 8 }),
      fc.integer(),
    );
    const text = fc.string({ unit: fc.constantFrom(..."aAbB/\\* :.1é事k"), maxLength: 10 });
    fc.assert(
      fc.property(value, value, text, fc.boolean(), (a, b, query, isEscaped) => {
        const json = JSON.stringify({ k: a, n: { m: [b] } });
        const event = isEscaped
          ? json.replace(/[abé]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`)
          : json;
        const searched = { ...log, event, contents: [] };
        const parsed = parseLogQuery(query);
        if ("condition" in parsed && matchesLog(parsed.condition, searched)) {
          expect(holds(preselectionOf(parsed.condition), searched)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("leaves the database little to hand over where a term names something", () => {
    expect(preselectionOf(conditionOf("eventName: Delete* and not alice"))).toEqual({
      kind: "and",
      of: [{ kind: "contains", literal: "delete", within: "event" }],
    });
    expect(preselectionOf(conditionOf("a or not b"))).toEqual({ kind: "any" });
    expect(preselectionOf(conditionOf("a or b"))).toMatchObject({ kind: "or" });
  });
});

describe("jsonLeaves", () => {
  it("finds every value with its path, numbers as they are written", () => {
    const json = ` { "a" : [ 1.0 , {"b":-2e3} , [true] ] , "c.d":{"e":"x\\"y\\u0041"}, "n":null, "":"empty", "t":"}{" } `;
    expect([...jsonLeaves(json)]).toEqual([
      { path: "a", text: "1.0" },
      { path: "a.b", text: "-2e3" },
      { path: "a", text: "true" },
      { path: "c.d.e", text: 'x"yA' },
      { path: "", text: "empty" },
      { path: "t", text: "}{" },
    ]);
  });

  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (fields) => {
        const leaves = [...jsonLeaves(JSON.stringify(fields))].map(({ text }) => text);
        expect(leaves).toEqual(Object.values(JSON.parse(JSON.stringify(fields))));
      }),
    );
  });

  it("lets no path grow without bound", () => {
    const json = `${'{"a":1,"b":'.repeat(5_000)}1${"}".repeat(5_000)}`;
    expect(Math.max(...[...jsonLeaves(json)].map(({ path }) => path.length))).toBe(1_000);
  });

  it("goes as deep as a text of a megabyte can", () => {
    const depth = 400_000;
    expect([...jsonLeaves(`${"[".repeat(depth)}1${"]".repeat(depth)}`)]).toEqual([{ path: "", text: "1" }]);
  });
});
