import { hash, randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isAllowed, policyDocumentSchema } from "@/domain/access/policy.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { BATCH_ID_TAG, JOB_ID_TAG, logstoreArn } from "@/domain/log-service/log-service.ts";
import { pool, prisma } from "@/server/db.ts";
import { type DecodedLogGroup, decodeLogGroup, encodeContents, LogGroupWriter } from "@/server/sls/log-group.ts";
import { createBuiltInAccount, createHistoryAccount, SINK_KEY } from "@/testing/history-account.ts";
import { createBuiltInLogProject, createLogstore, storeLogs } from "./commands.ts";
import { getSlsTarget } from "./queries.ts";

const REGION = "cn-hangzhou";
const PROJECT = "history-test";
const EVENT_TIME = "2026-11-20T10:30:00.123Z";

let scope: AccountScope;
let logstoreId: number;
const name = { region: REGION, project: PROJECT, logstore: "actiontrail_all-regions" };

beforeAll(async () => {
  const account = await createBuiltInAccount();
  scope = account.scope("log:PostLogStoreLogs");
});

beforeEach(async () => {
  name.logstore = `logstore-${randomUUID()}`;
  await createLogstore(scope, name);
  const logstore = await prisma().logstore.findFirstOrThrow({ where: { name: name.logstore } });
  logstoreId = logstore.id;
});

function event(eventId: string, fields: Record<string, unknown> = {}): string {
  return JSON.stringify({ eventId, acsRegion: REGION, eventTime: EVENT_TIME, eventRW: "Read", ...fields });
}

/** A request as the worker sends it. */
function requestOf(events: readonly string[], jobId = 7, batchId = "batch-1"): DecodedLogGroup {
  const tags = [
    { key: JOB_ID_TAG, value: String(jobId) },
    { key: BATCH_ID_TAG, value: batchId },
  ];
  const writer = new LogGroupWriter({ topic: "actiontrail_audit_event", source: "backtrail", tags });
  for (const text of events) {
    writer.add({ time: 1_700_000_000, event: Buffer.from(text) });
  }
  return decodeLogGroup(writer.finish());
}

function storedLogs() {
  return prisma().log.findMany({ where: { logstoreId }, orderBy: { eventId: "asc" } });
}

async function countedLogs(): Promise<Record<string, number>> {
  const rows = await prisma().logCount.findMany({ where: { logstoreId } });
  return Object.fromEntries(
    rows.map((row) => [
      `${row.granularity} ${row.startsAt.toISOString()} ${row.region} ${row.eventRW}`,
      Number(row.count),
    ]),
  );
}

describe("storeLogs", () => {
  it.each([
    [{ project: "no-such-project" }, "ProjectNotExist"],
    [{ region: "cn-beijing" }, "ProjectNotExist"],
    [{ logstore: "no-such-logstore" }, "LogStoreNotExist"],
  ])("refuses %j", async (other, code) => {
    await expect(storeLogs(scope, { ...name, ...other }, requestOf([]))).rejects.toMatchObject({ code });
  });

  it("refuses another account's logstore, and a project that is not its own to store in", async () => {
    const other = await createBuiltInAccount();
    await expect(storeLogs(other.scope("log:PostLogStoreLogs"), name, requestOf([]))).rejects.toMatchObject({
      code: "LogStoreNotExist",
    });
    const external = await createHistoryAccount("http://127.0.0.1:9");
    await expect(storeLogs(external.scope("log:PostLogStoreLogs"), name, requestOf([]))).rejects.toMatchObject({
      code: "ProjectNotExist",
    });
  });

  it("keeps everything of a log, its event byte for byte", async () => {
    const text = `{ "eventId":"a",\n "acsRegion":"${REGION}", "eventTime":"${EVENT_TIME}", "x":"\\u0000 \\ud800 事件 🙂" }`;
    expect(await storeLogs(scope, name, requestOf([text]))).toEqual({ new: 1, present: 0, conflicts: [] });
    expect(await storedLogs()).toEqual([
      {
        logstoreId,
        region: REGION,
        eventTime: new Date(EVENT_TIME),
        eventId: "a",
        time: 1_700_000_000n,
        topic: "actiontrail_audit_event",
        source: "backtrail",
        tags: [
          { key: JOB_ID_TAG, value: "7" },
          { key: BATCH_ID_TAG, value: "batch-1" },
        ],
        eventRW: null,
        event: text,
        otherContents: null,
        digest: new Uint8Array(hash("sha256", text, "buffer")),
        jobId: 7,
        batchIds: ["batch-1"],
        receivedAt: expect.any(Date),
      },
    ]);
  });

  it("keeps further contents, and logs of other clients without tags", async () => {
    const contents = [
      { key: "owner_id", value: Buffer.from([0xff, 0x00]) },
      { key: "event", value: Buffer.from(event("a")) },
    ];
    const request = { topic: "a\0b", source: "s", tags: [{ key: "k\0", value: "v\0" }], logs: [{ time: 5, contents }] };
    expect(await storeLogs(scope, name, request)).toEqual({ new: 1, present: 0, conflicts: [] });
    expect(await storeLogs(scope, name, request)).toEqual({ new: 0, present: 1, conflicts: [] });
    expect(await storedLogs()).toMatchObject([
      {
        topic: "ab",
        tags: [{ key: "k", value: "v" }],
        jobId: null,
        batchIds: [],
        event: event("a"),
        otherContents: new Uint8Array(encodeContents(contents.slice(0, 1))),
      },
    ]);
  });

  it("stores a log without a valid identity each time it comes, with its exact bytes", async () => {
    const plain = [
      [{ key: "message", value: Buffer.from("no event") }],
      [{ key: "event", value: Buffer.from("not json") }],
      [{ key: "event", value: Buffer.from(event("a", { eventTime: "yesterday" })) }],
      [{ key: "event", value: Buffer.from([0x7b, 0xff, 0x00, 0x7d]) }],
      [{ key: "event", value: Buffer.from(`${event("a")}\0`) }],
      [
        { key: "event", value: Buffer.from(event("a")) },
        { key: "event", value: Buffer.from(event("b")) },
      ],
      [],
    ];
    const request = { topic: "", source: "", tags: [], logs: plain.map((contents, time) => ({ time, contents })) };
    for (let repeat = 1; repeat <= 2; repeat++) {
      expect(await storeLogs(scope, name, request)).toEqual({ new: 7, present: 0, conflicts: [] });
    }
    const rows = await prisma().plainLog.findMany({ where: { logstoreId }, orderBy: { id: "asc" } });
    expect(rows.map((row) => Buffer.from(row.contents))).toEqual([...plain, ...plain].map(encodeContents));
    expect(await storedLogs()).toEqual([]);
    expect(await countedLogs()).toEqual({});
  });

  it("answers a repeat of the same job as it answered first", async () => {
    const request = requestOf([event("a"), event("b"), event("a"), event("b", { x: 1 })]);
    const first = await storeLogs(scope, name, request);
    expect(first).toEqual({ new: 2, present: 1, conflicts: [3] });
    expect(await storeLogs(scope, name, request)).toEqual(first);
    expect((await storedLogs()).map(({ batchIds }) => batchIds)).toEqual([["batch-1"], ["batch-1"]]);
  });

  it("calls present what another job stored, and notes the batch that brought it again once", async () => {
    await storeLogs(scope, name, requestOf([event("a")]));
    for (let repeat = 1; repeat <= 2; repeat++) {
      expect(await storeLogs(scope, name, requestOf([event("a"), event("b")], 8, "batch-2"))).toEqual({
        new: 1,
        present: 1,
        conflicts: [],
      });
    }
    expect(await storedLogs()).toMatchObject([
      { eventId: "a", jobId: 7, batchIds: ["batch-1", "batch-2"] },
      { eventId: "b", jobId: 8, batchIds: ["batch-2"] },
    ]);
  });

  it("lists another text of a stored identity once, and keeps the first", async () => {
    const other = event("a", { eventName: "Other" });
    await storeLogs(scope, name, requestOf([event("a")]));
    for (let repeat = 1; repeat <= 2; repeat++) {
      expect(await storeLogs(scope, name, requestOf([event("b"), other, event("a")], 8, "batch-2"))).toEqual({
        new: 1,
        present: 1,
        conflicts: [1],
      });
    }
    expect(await storedLogs()).toMatchObject([{ event: event("a") }, { event: event("b") }]);
    expect(await prisma().logConflict.findMany({ where: { logstoreId } })).toMatchObject([
      {
        eventId: "a",
        event: other,
        digest: new Uint8Array(hash("sha256", other, "buffer")),
        jobId: 8,
        batchId: "batch-2",
      },
    ]);
  });

  it("takes the stored text for the right one, also when the request brings another one first", async () => {
    await storeLogs(scope, name, requestOf([event("a")]));
    expect(await storeLogs(scope, name, requestOf([event("a", { x: 1 }), event("a")], 8))).toEqual({
      new: 0,
      present: 1,
      conflicts: [0],
    });
  });

  it("counts what it stored by region, Read, Write or neither, hour and day", async () => {
    await storeLogs(
      scope,
      name,
      requestOf([
        event("a"),
        event("b"),
        event("b"),
        event("c", { eventRW: "Write", eventTime: "2026-11-20T23:59:59.999Z" }),
        event("d", { eventRW: undefined, acsRegion: "cn-beijing" }),
      ]),
    );
    await storeLogs(scope, name, requestOf([event("a"), event("e"), event("b", { x: 1 })], 8));
    expect(await countedLogs()).toEqual({
      "day 2026-11-20T00:00:00.000Z cn-hangzhou Read": 3,
      "hour 2026-11-20T10:00:00.000Z cn-hangzhou Read": 3,
      "day 2026-11-20T00:00:00.000Z cn-hangzhou Write": 1,
      "hour 2026-11-20T23:00:00.000Z cn-hangzhou Write": 1,
      "day 2026-11-20T00:00:00.000Z cn-beijing ": 1,
      "hour 2026-11-20T10:00:00.000Z cn-beijing ": 1,
    });
  });

  it("keeps logs of any age", async () => {
    const ages = ["0100-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"];
    const request = requestOf(ages.map((eventTime, index) => event(String(index), { eventTime })));
    expect(await storeLogs(scope, name, request)).toMatchObject({ new: 3 });
    expect((await storedLogs()).map(({ eventTime }) => eventTime)).toEqual(ages.map((age) => new Date(age)));
  });

  it("stores all logs of a request or none", async () => {
    const stored = event("a");
    await storeLogs(scope, name, requestOf([stored]));
    await pool().query("UPDATE log_count SET count = 9223372036854775807 WHERE logstore_id = $1", [logstoreId]);
    await expect(storeLogs(scope, name, requestOf([event("b")]))).rejects.toThrow();
    expect((await storedLogs()).map(({ eventId }) => eventId)).toEqual(["a"]);
  });

  it("counts every log once when many requests bring the same ones at once, in any order", async () => {
    const events = Array.from({ length: 300 }, (_, index) => event(String(index).padStart(3, "0")));
    const requests = Array.from({ length: 12 }, (_, index) =>
      requestOf(index % 2 === 0 ? events : events.toReversed(), index, `batch-${index}`),
    );
    const counts = await Promise.all(requests.map((request) => storeLogs(scope, name, request)));
    expect(counts.reduce((sum, count) => sum + count.new, 0)).toBe(300);
    expect(counts.reduce((sum, count) => sum + count.present, 0)).toBe(11 * 300);
    expect(Object.values(await countedLogs())).toEqual([300, 300]);
    const batchCounts = (await storedLogs()).map(({ batchIds }) => new Set(batchIds).size);
    expect(new Set(batchCounts)).toEqual(new Set([12]));
  });

  it("takes a request of no logs", async () => {
    expect(await storeLogs(scope, name, requestOf([]))).toEqual({ new: 0, present: 0, conflicts: [] });
  });
});

describe("createBuiltInLogProject", () => {
  it("gives the project a key that may write its logs and nothing else", async () => {
    const account = await createBuiltInAccount();
    const target = await getSlsTarget(account.scope("actiontrail:CreateDeliveryHistoryJob"), {
      projectRegion: REGION,
      projectName: PROJECT,
    });
    expect(target).toEqual({
      isBuiltIn: true,
      endpoint: "http://127.0.0.1:3001",
      region: REGION,
      project: PROJECT,
      accessKeyId: expect.stringMatching(/^LTAI[A-Za-z0-9]{20}$/),
      accessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
    });
    const key = await prisma().accessKey.findUniqueOrThrow({ where: { id: target?.accessKeyId ?? "" } });
    const policy = policyDocumentSchema.parse(key.policy);
    const own = logstoreArn(account.accountId, { region: REGION, project: PROJECT, logstore: "any" });
    const others = [
      logstoreArn(account.accountId, { region: REGION, project: "other", logstore: "any" }),
      logstoreArn(account.accountId, { region: "cn-beijing", project: PROJECT, logstore: "any" }),
      logstoreArn("9999999999999999", { region: REGION, project: PROJECT, logstore: "any" }),
    ];
    expect(isAllowed([policy], "log:PostLogStoreLogs", own)).toBe(true);
    expect(isAllowed([policy], "log:GetLogStoreLogs", own)).toBe(false);
    expect(others.map((resource) => isAllowed([policy], "log:PostLogStoreLogs", resource))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("leaves one that exists as it is, with its key", async () => {
    const account = await createBuiltInAccount();
    const repeat = () =>
      createBuiltInLogProject(account.scope("backtrail:CreateLogProject"), { region: REGION, name: PROJECT });
    await Promise.all([repeat(), repeat(), repeat()]);
    const { accountId } = account;
    expect(await prisma().accessKey.count({ where: { accountId } })).toBe(1);
    expect(await prisma().auditEntry.count({ where: { accountId, action: "backtrail:CreateLogProject" } })).toBe(1);
  });

  it.each(["", "ab", "Upper", "under_score", "-dash"])(
    "refuses the name %j, and notes it in the audit",
    async (bad) => {
      await expect(createBuiltInLogProject(scope, { region: REGION, name: bad })).rejects.toMatchObject({
        code: "InvalidParameterValue",
      });
      const refusals = await prisma().auditEntry.findMany({ where: { errorCode: "InvalidParameterValue" } });
      expect(refusals.map(({ details }) => details)).toContainEqual({ region: REGION, name: bad });
    },
  );
});

describe("createLogstore", () => {
  it("makes one logstore, however often and by however many it is asked to", async () => {
    const wanted = { ...name, logstore: "actiontrail_repeated" };
    await Promise.all([createLogstore(scope, wanted), createLogstore(scope, wanted), createLogstore(scope, wanted)]);
    expect(await prisma().logstore.count({ where: { name: "actiontrail_repeated" } })).toBe(1);
  });

  it("refuses a bad name, and a project that is not the account's", async () => {
    await expect(createLogstore(scope, { ...name, logstore: "Bad" })).rejects.toMatchObject({
      code: "InvalidParameterValue",
    });
    await expect(createLogstore(scope, { ...name, project: "none" })).rejects.toMatchObject({
      code: "SlsProjectDoesNotExistException",
    });
  });
});

describe("getSlsTarget", () => {
  it("gives an external project's endpoint and key", async () => {
    const account = await createHistoryAccount("http://127.0.0.1:9");
    expect(
      await getSlsTarget(account.scope("actiontrail:CreateDeliveryHistoryJob"), {
        projectRegion: REGION,
        projectName: PROJECT,
      }),
    ).toEqual({
      isBuiltIn: false,
      endpoint: "http://127.0.0.1:9",
      region: REGION,
      project: PROJECT,
      accessKeyId: SINK_KEY.id,
      accessKeySecret: SINK_KEY.secret,
    });
  });

  it("finds no project of another name, region or account", async () => {
    const other = await createHistoryAccount("http://127.0.0.1:9");
    const find = (by: AccountScope, projectRegion: string, projectName: string) =>
      getSlsTarget(by, { projectRegion, projectName });
    expect(await find(scope, REGION, "other")).toBeNull();
    expect(await find(scope, "cn-beijing", PROJECT)).toBeNull();
    expect((await find(other.scope("log:PostLogStoreLogs"), REGION, PROJECT))?.endpoint).toBe("http://127.0.0.1:9");
  });
});
