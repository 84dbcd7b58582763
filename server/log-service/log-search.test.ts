import { beforeAll, describe, expect, it } from "vitest";
import type { AccountScope } from "@/domain/access/scope.ts";
import { logKeyText } from "@/domain/log-service/log-key.ts";
import { parseLogQuery } from "@/domain/log-service/query.ts";
import { type LogDto, type LogSummaryDto, parseLogKey } from "@/domain/log-service/schema.ts";
import { decodeLogGroup, LogGroupWriter } from "@/server/sls/log-group.ts";
import { createBuiltInAccount } from "@/testing/history-account.ts";
import { createLogstore, storeLogs } from "./commands.ts";
import { findLog, searchLogs, streamLogs } from "./log-search.ts";
import type { LogSearch } from "./log-walk.ts";

const NAME = { region: "cn-hangzhou", project: "history-test", logstore: "actiontrail_searched" };
const REGIONS = ["cn-beijing", "cn-hangzhou", "cn-shanghai"];
const COUNT = 460;

let scope: AccountScope;
let otherScope: AccountScope;

/** Three regions, 40 hours, several logs of one moment; the same id in two regions. */
function eventOf(index: number): string {
  return JSON.stringify({
    eventId: `id-${String(Math.floor(index / 2)).padStart(4, "0")}`,
    acsRegion: REGIONS[index % 3],
    eventTime: new Date(Date.UTC(2026, 10, 20) - Math.floor(index / 10) * 3_000_000).toISOString(),
    eventRW: index % 4 === 0 ? "Write" : "Read",
    eventName: index === 137 ? "DeleteTrail" : "DescribeInstances",
    serviceName: "Ecs",
    userIdentity: { userName: `user-${index % 5}` },
  });
}

beforeAll(async () => {
  const account = await createBuiltInAccount();
  scope = account.scope("log:GetLogStoreLogs");
  otherScope = (await createBuiltInAccount()).scope("log:GetLogStoreLogs");
  await createLogstore(account.scope("backtrail:CreateLogProject"), NAME);
  const writer = new LogGroupWriter({ topic: "t", source: "s", tags: [{ key: "backtrail_job_id", value: "7" }] });
  for (let index = 0; index < COUNT; index++) {
    writer.add({ time: 1_700_000_000, event: Buffer.from(eventOf(index)) });
  }
  writer.add({
    time: 1_700_000_000,
    event: Buffer.from(
      `{"eventId":"odd","acsRegion":"cn-hangzhou","eventTime":"2026-11-01T00:00:00Z","note":"\\u0044rop \\u0000 \\ud800 %"}`,
    ),
  });
  await storeLogs(account.scope("log:PostLogStoreLogs"), NAME, decodeLogGroup(writer.finish()));
});

function search(query: string, from: string | null = null, to: string | null = null): LogSearch {
  const parsed = parseLogQuery(query);
  if ("fault" in parsed) {
    throw new Error(query);
  }
  return { from, to, condition: parsed.condition };
}

async function allOf(wanted: LogSearch): Promise<LogSummaryDto[]> {
  const found: LogSummaryDto[] = [];
  let next: string | null = null;
  do {
    const page = await searchLogs(scope, NAME, wanted, next === null ? null : parseLogKey(next));
    found.push(...page.logs);
    next = page.next;
  } while (next !== null);
  return found;
}

describe("searchLogs", () => {
  it("finds each log once over all pages, newest first, also of one moment in several regions", async () => {
    const all = await allOf(search(""));
    expect(all).toHaveLength(COUNT + 1);
    const keys = all.map(({ eventTime, eventId, region }) => `${eventTime} ${eventId} ${region}`);
    expect(new Set(keys).size).toBe(COUNT + 1);
    expect(keys).toEqual(keys.toSorted().toReversed());
  });

  it.each<[string, number]>([
    ["eventName: DeleteTrail", 1],
    ["eventname: delete*", 1],
    ["eventName: Delete", 0],
    ["not eventName: DescribeInstances", 2],
    ["eventRW: Write and userIdentity.userName: user-0", COUNT / 20],
    ["__topic__: t", COUNT + 1],
    ["__tag__:backtrail_job_id: 7 and eventName: DeleteTrail", 1],
    ["note: drop", 1],
    ["drop", 1],
    ["%", 1],
    ["note: rop", 0],
    ["nothing-like-it", 0],
    ['note: "; DROP TABLE log; --"', 0],
  ])("finds by %s", async (query, count) => {
    expect(await allOf(search(query))).toHaveLength(count);
  });

  it("keeps to the span, its end not included", async () => {
    const at = "2026-11-20T00:00:00.000Z";
    expect(await allOf(search("", at))).toHaveLength(10);
    expect(await allOf(search("", null, at))).toHaveLength(COUNT + 1 - 10);
    expect(await allOf(search("", "2026-11-19T23:10:00Z", at))).toHaveLength(10);
    expect(await allOf(search("", "2026-11-19T23:10:00.001Z", at))).toHaveLength(0);
    expect(await allOf(search("", at, "2026-11-01T00:00:00Z"))).toHaveLength(0);
  });

  it("finds nothing of another account's logstore: for it there is none", async () => {
    await expect(searchLogs(otherScope, NAME, search(""), null)).rejects.toMatchObject({
      code: "SlsProjectDoesNotExistException",
    });
  });
});

describe("findLog", () => {
  it("gives a log whole, its event as it was received", async () => {
    const [summary] = await allOf(search("eventName: DeleteTrail"));
    const key = parseLogKey(logKeyText(summary ?? { eventTime: "", eventId: "", region: "" }));
    expect(key && (await findLog(scope, NAME, key))).toMatchObject({
      event: eventOf(137),
      eventName: "DeleteTrail",
      topic: "t",
      source: "s",
      tags: [{ key: "backtrail_job_id", value: "7" }],
      jobId: 7,
      time: "2023-11-14T22:13:20.000Z",
    });
    expect(key && (await findLog(scope, NAME, { ...key, eventId: "none" }))).toBeNull();
  });
});

describe("streamLogs", () => {
  it("reads what a search finds, each log once", async () => {
    const logs: LogDto[] = [];
    for await (const page of await streamLogs(scope, NAME, search("eventRW: Write"))) {
      logs.push(...page);
    }
    expect(logs).toHaveLength(COUNT / 4);
    expect(new Set(logs.map(logKeyText)).size).toBe(COUNT / 4);
  });
});
