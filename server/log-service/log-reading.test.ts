import { beforeAll, describe, expect, it } from "vitest";
import type { AccountScope } from "@/domain/access/scope.ts";
import { parseLogQuery } from "@/domain/log-service/query.ts";
import type { LogReading } from "@/domain/log-service/reading.ts";
import { logObject } from "@/server/sls/get-logs.ts";
import { decodeLogGroup } from "@/server/sls/log-group.ts";
import { createBuiltInAccount, eventText } from "@/testing/history-account.ts";
import { encodeWithProtobufjs } from "@/testing/log-proto.ts";
import { createLogstore, storeLogs } from "./commands.ts";
import { readLogs } from "./log-reading.ts";
import { passWholeHours } from "./passed-hours.ts";
import { getLogstoreId } from "./queries.ts";

const NAME = { region: "cn-hangzhou", project: "history-test", logstore: "read" };
const START = Date.parse("2026-11-20T09:59:50Z");
/** So many that they are more than one chunk, over the turn of an hour. */
const EVENTS = 450;

let scope: AccountScope;

beforeAll(async () => {
  const account = await createBuiltInAccount();
  await createLogstore(account.scope("actiontrail:CreateTrail"), NAME);
  scope = account.scope("log:GetLogStoreLogs");
  const contents = (entries: Record<string, string>) => Object.entries(entries).map(([Key, Value]) => ({ Key, Value }));
  const events = Array.from({ length: EVENTS }, (_, index) => {
    const event = eventText({
      eventId: `e${index}`,
      eventTime: new Date(START + index * 100),
      region: `r${index % 3}`,
    });
    return { Time: 1, Contents: contents(index === 7 ? { event, owner: "team blue", ["__proto__"]: "x" } : { event }) };
  });
  const plain = Array.from({ length: 45 }, (_, index) => ({
    Time: START / 1_000 + index,
    Contents: contents({ message: `plain ${index}` }),
  }));
  for (const [Topic, Logs] of [
    ["events", events],
    ["plain", plain],
  ] as const) {
    const group = encodeWithProtobufjs({ Logs: Logs.toReversed(), Topic, Source: "test", LogTags: [] });
    await storeLogs(scope, NAME, decodeLogGroup(group));
  }
});

async function read(query: string, part: Partial<LogReading> = {}) {
  const parsed = parseLogQuery(query);
  if ("fault" in parsed) {
    throw new Error(query);
  }
  const reading: LogReading = {
    from: new Date(START),
    to: new Date(START + 60_000),
    condition: parsed.condition,
    topic: null,
    offset: 0,
    line: 1_000,
    isReversed: false,
    ...part,
  };
  const { logs, isComplete } = await readLogs(scope, NAME, reading, 60_000);
  expect(isComplete).toBe(true);
  return logs.map(logObject).map((log) => log.message ?? JSON.parse(log.event ?? "{}").eventId);
}

/** All logs of the span by their second, those with an event first. */
function expected(): string[] {
  return Array.from({ length: 45 }, (_, second) => [
    ...Array.from({ length: 10 }, (_event, index) => `e${second * 10 + index}`),
    `plain ${second}`,
  ]).flat();
}

describe("readLogs", () => {
  it("gives logs with and without an event in the order of their times", async () => {
    expect(await read("*")).toEqual(expected());
  });

  it("gives the same, newest first", async () => {
    const seconds = (names: string[]) =>
      names.map((name) => Math.floor(Number(name.replace(/\D/g, "")) / (name.startsWith("e") ? 10 : 1)));
    const found = await read("*", { isReversed: true });
    expect(found.toSorted()).toEqual(expected().toSorted());
    expect(seconds(found)).toEqual(seconds(expected()).toReversed());
  });

  it.each([false, true])("gives every log once, page by page, newest first %s", async (isReversed) => {
    const all = await read("*", { isReversed });
    const pages: string[] = [];
    for (let offset = 0; offset < all.length; offset += 100) {
      pages.push(...(await read("*", { isReversed, offset, line: 100 })));
    }
    expect(pages).toEqual(all);
  });

  it("gives what is in the span only, its end not included", async () => {
    const span = { from: new Date(START + 2_000), to: new Date(START + 3_000) };
    expect(await read("*", span)).toEqual([...Array.from({ length: 10 }, (_, index) => `e${20 + index}`), "plain 2"]);
  });

  it("finds by field, by further contents, by words and by topic", async () => {
    expect(await read("eventId: e44*", { offset: 1 })).toEqual(
      Array.from({ length: 10 }, (_, index) => `e${440 + index}`),
    );
    expect(await read("owner: blue")).toEqual(["e7"]);
    expect(await read("message: plain and 44")).toEqual(["plain 44"]);
    expect(await read("not eventId: *", { topic: "plain", line: 2, offset: 1 })).toEqual(["plain 1", "plain 2"]);
    expect(await read("eventId: none")).toEqual([]);
    expect(await read("*", { line: 0 })).toEqual([]);
  });

  it("says that it is not complete when its time runs out", async () => {
    const reading = { from: new Date(START), to: new Date(START + 60_000), topic: null, offset: 0, line: 1_000 };
    const all = { ...reading, isReversed: false, condition: { kind: "all" } } as const;
    expect((await readLogs(scope, NAME, all, 0)).isComplete).toBe(false);
  });

  it("ends a page of large logs early, says so, and gives the rest to who goes on behind it", async () => {
    const large = { ...NAME, logstore: "large" };
    await createLogstore(scope, large);
    const message = "x".repeat(900_000);
    for (let index = 0; index < 15; index++) {
      const Contents = [{ Key: "message", Value: `${index} ${message}` }];
      const Logs = [{ Time: START / 1_000 + index, Contents }];
      await storeLogs(scope, large, decodeLogGroup(encodeWithProtobufjs({ Logs, Topic: "", Source: "", LogTags: [] })));
    }
    const reading = { from: new Date(START), to: new Date(START + 60_000), topic: null, line: 100 };
    const all = { ...reading, isReversed: false, condition: { kind: "all" } } as const;
    const first = await readLogs(scope, large, { ...all, offset: 0 }, 60_000);
    expect(first.isComplete).toBe(false);
    expect(first.logs.length).toBe(11);
    const rest = await readLogs(scope, large, { ...all, offset: first.logs.length }, 60_000);
    expect(rest.isComplete).toBe(true);
    expect([...first.logs, ...rest.logs].map(({ time }) => time - START / 1_000)).toEqual(
      Array.from({ length: 15 }, (_, index) => index),
    );
  });

  it("refuses a logstore and a project that do not exist", async () => {
    const reading = {
      from: new Date(0),
      to: new Date(1_000),
      topic: null,
      offset: 0,
      line: 1,
      isReversed: false,
    } as const;
    const all = { ...reading, condition: { kind: "all" } } as const;
    await expect(readLogs(scope, { ...NAME, logstore: "none" }, all)).rejects.toMatchObject({
      code: "LogStoreNotExist",
    });
    await expect(readLogs(scope, { ...NAME, project: "none" }, all)).rejects.toMatchObject({ code: "ProjectNotExist" });
  });
});

describe("a page behind whole hours", () => {
  const HOURS_NAME = { ...NAME, logstore: "hours" };
  const HOUR_MS = 3_600_000;
  const NOON = Date.parse("2026-11-20T12:00:00Z");
  const SPAN = { from: new Date(NOON + HOUR_MS / 2), to: new Date(NOON + 4.5 * HOUR_MS) };
  const at = (hours: number) => new Date(NOON + hours * HOUR_MS);

  beforeAll(async () => {
    await createLogstore(scope, HOURS_NAME);
    // Four logs an hour from 12:00 on, three with an event and one without, each in a quarter of its own.
    const logs = Array.from({ length: 20 }, (_, quarter) => {
      const time = new Date(NOON + (quarter * HOUR_MS) / 4);
      const event = eventText({ eventId: `q${quarter}`, eventTime: time, region: `r${quarter % 2}` });
      return quarter % 4 === 3
        ? { Time: time.getTime() / 1_000, Contents: [{ Key: "message", Value: `q${quarter}` }] }
        : { Time: 1, Contents: [{ Key: "event", Value: event }] };
    });
    const group = encodeWithProtobufjs({ Logs: logs, Topic: "hours", Source: "test", LogTags: [] });
    await storeLogs(scope, HOURS_NAME, decodeLogGroup(group));
  });

  it.each([false, true])(
    "has the logs that it would have if all before it were read, newest first %s",
    async (isReversed) => {
      const reading = { ...SPAN, condition: { kind: "all" }, topic: null, isReversed } as const;
      const names = async (part: { offset: number; line: number }) =>
        (await readLogs(scope, HOURS_NAME, { ...reading, ...part }, 60_000)).logs
          .map(logObject)
          .map((log) => log.message ?? JSON.parse(log.event ?? "{}").eventId);
      const inOrder = Array.from({ length: 16 }, (_, index) => `q${index + 2}`);
      const all = isReversed ? inOrder.toReversed() : inOrder;
      for (let offset = 0; offset <= all.length + 1; offset++) {
        expect(await names({ offset, line: 3 })).toEqual(all.slice(offset, offset + 3));
      }
    },
  );

  it.each([
    [
      { offset: 1, isReversed: false },
      { ...SPAN, offset: 1 },
    ],
    [
      { offset: 2, isReversed: false },
      { from: at(1), to: SPAN.to, offset: 0 },
    ],
    [
      { offset: 11, isReversed: false },
      { from: at(3), to: SPAN.to, offset: 1 },
    ],
    [
      { offset: 1_000, isReversed: false },
      { from: at(4), to: SPAN.to, offset: 986 },
    ],
    [
      { offset: 3, isReversed: true },
      { from: SPAN.from, to: at(4), offset: 1 },
    ],
    [
      { offset: 1_000, isReversed: true },
      { from: SPAN.from, to: at(1), offset: 986 },
    ],
  ])("of %j begins to read at its own hour", async (part, expected) => {
    const logstoreId = await getLogstoreId(scope, HOURS_NAME);
    expect(await passWholeHours(logstoreId, { ...SPAN, ...part })).toMatchObject(expected);
  });
});
