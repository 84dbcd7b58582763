import { CreateLogStoreRequest, GetLogsRequest, GetLogsV2Request, ListLogStoresRequest } from "@alicloud/sls20201230";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PolicyDocument } from "@/domain/access/policy.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { encryptSecret } from "@/server/access/secrets.ts";
import { prisma } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { getHistoryJob } from "@/server/history-job/queries.ts";
import { closeQueue } from "@/server/queue.ts";
import { addAccessKey, type Caller, callerOf } from "@/testing/api-clients.ts";
import {
  addTrail,
  createBuiltInAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { createLogClient, createSlsClient, resolveProjectsHere, type SlsClientTarget } from "@/testing/sls-clients.ts";
import { waitUntil } from "@/testing/wait-until.ts";

// The vendor's own clients against a real api process, over HTTP. What they read was delivered by a real worker process.

const PROJECT = "history-test";
const TRAIL = "read-back";
const LOGSTORE = `actiontrail_${TRAIL}`;
const HOUR_MS = 3_600_000;
const EVENTS = 230;

const processes: ProductProcess[] = [];
let target: SlsClientTarget;
let account: HistoryAccount;
let texts: string[];
let from: Date;
let to: Date;

beforeAll(async () => {
  resolveProjectsHere();
  const port = await findFreePort();
  const settings = { LOG_SERVICE_ENDPOINT: `http://127.0.0.1:${port}` };
  processes.push(
    ...(await Promise.all([
      startProduct("api/main.ts", { API_PORT: String(port) }),
      startProduct("worker/main.ts", settings),
    ])),
  );
  account = await createBuiltInAccount();
  target = { port, ...(await createKey(account, "LTAIreader", allow(["log:*"]))) };
  await addTrail(account, { name: TRAIL, logstore: true });
  const start = Math.floor(Date.now() / 1_000) * 1_000 - 5 * HOUR_MS;
  texts = Array.from({ length: EVENTS }, (_, index) =>
    eventText({
      eventId: `event-${String(index).padStart(4, "0")}`,
      eventTime: new Date(start + index * 1_000),
      eventRW: index % 10 === 0 ? "Write" : "Read",
    }),
  );
  [from, to] = [new Date(start), new Date(start + EVENTS * 1_000)];
  await recordTexts(account, texts);
  const input = createHistoryJobInputSchema.parse({ trailName: TRAIL });
  const { jobId } = await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), input);
  await waitUntil("the job has ended", 100_000, async () => {
    const { job } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    return job.endedAt === null ? null : job;
  });
});

afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()));
  await closeQueue();
});

function allow(actions: string[], resources = ["*"]): PolicyDocument {
  return { Version: "1", Statement: [{ Effect: "Allow", Action: actions, Resource: resources }] };
}

async function createKey({ accountId }: HistoryAccount, id: string, policy: PolicyDocument) {
  const keyId = `${id}${accountId}`;
  const secret = "a secret of thirty characters.";
  const secretCiphertext = encryptSecret(secret, { purpose: "access-key", rowId: keyId });
  await prisma().accessKey.create({ data: { id: keyId, accountId, secretCiphertext, policy } });
  return { accessKeyId: keyId, accessKeySecret: secret };
}

describe("@alicloud/log", () => {
  it("reads back every event that the job delivered, once, page by page, byte for byte", async () => {
    const client = createLogClient(target);
    const read: string[] = [];
    for (let offset = 0, count = 100; count === 100; offset += 100) {
      const page = await client.getLogs(PROJECT, LOGSTORE, from, to, { offset, line: 100 });
      read.push(...page.map(({ event = "" }) => event));
      count = page.length;
    }
    expect(read).toEqual(texts);
  });

  it("gets each log under the vendor's names, with the tags of its delivery", async () => {
    const [log] = await createLogClient(target).getLogs(PROJECT, LOGSTORE, from, to, { line: 1 });
    expect(log).toEqual({
      event: texts[0],
      __time__: String(from.getTime() / 1_000),
      __topic__: "actiontrail_audit_event",
      __source__: expect.any(String),
      "__tag__:backtrail_job_id": expect.stringMatching(/^[0-9]+$/),
      "__tag__:backtrail_batch_id": expect.any(String),
    });
  });

  it("finds by the event's fields, joined by and, or and not, newest first when it asks so", async () => {
    const client = createLogClient(target);
    const find = async (query: string, more = {}) =>
      (await client.getLogs(PROJECT, LOGSTORE, from, to, { query, ...more })).map(({ event = "" }) =>
        JSON.parse(event),
      );
    expect(await find("eventRW: Write")).toHaveLength(EVENTS / 10);
    expect(await find("not eventRW: Read and (eventId: event-0010 or eventId: event-0011)")).toMatchObject([
      { eventId: "event-0010" },
    ]);
    expect(await find("event.serviceName: Ecs and eventRW: Write", { reverse: true, line: 2 })).toMatchObject([
      { eventId: "event-0220" },
      { eventId: "event-0210" },
    ]);
    expect(await find("*", { topic: "another" })).toEqual([]);
  });

  it("makes a logstore, writes logs of its own to it, and reads them", async () => {
    const client = createLogClient(target);
    await client.createLogStore(PROJECT, "own-logs", { ttl: 30, shardCount: 2 });
    await expect(client.createLogStore(PROJECT, "own-logs", {})).rejects.toMatchObject({
      code: "LogStoreAlreadyExist",
    });
    await expect(client.createLogStore(PROJECT, "../own", {})).rejects.toMatchObject({ code: "ParameterInvalid" });
    const logs = [
      { timestamp: 1_700_000_001, content: { level: "warn", message: "disk is full" } },
      { timestamp: 1_700_000_000, content: { level: "info", message: "started" } },
    ];
    await client.postLogStoreLogs(PROJECT, "own-logs", {
      logs,
      topic: "app",
      source: "10.0.0.1",
      tags: [{ host: "a" }],
    });
    const span = [new Date(1_700_000_000_000), new Date(1_700_000_002_000)] as const;
    const read = await client.getLogs(PROJECT, "own-logs", ...span);
    expect(read.map(({ message }) => message)).toEqual(["started", "disk is full"]);
    expect(await client.getLogs(PROJECT, "own-logs", ...span, { query: "level: warn and disk" })).toEqual([
      {
        level: "warn",
        message: "disk is full",
        "__tag__:host": "a",
        __topic__: "app",
        __source__: "10.0.0.1",
        __time__: "1700000001",
      },
    ]);
    expect((await client.listLogStore(PROJECT)).logstores).toEqual([LOGSTORE, "own-logs"]);
    expect(await client.getLogStore(PROJECT, "own-logs")).toMatchObject({ logstoreName: "own-logs", shardCount: 1 });
  });

  it("gets the vendor's errors", async () => {
    const client = createLogClient(target);
    await expect(client.getLogs(PROJECT, "none", from, to)).rejects.toMatchObject({ code: "LogStoreNotExist" });
    await expect(client.getLogs("another", LOGSTORE, from, to)).rejects.toMatchObject({ code: "ProjectNotExist" });
    await expect(client.getLogs(PROJECT, LOGSTORE, to, from)).rejects.toMatchObject({ code: "InvalidTimeRange" });
    await expect(client.getLogs(PROJECT, LOGSTORE, from, to, { query: "(a" })).rejects.toMatchObject({
      code: "InvalidQueryString",
    });
    await expect(client.getLogs(PROJECT, LOGSTORE, from, to, { query: "* | select count(*)" })).rejects.toMatchObject({
      code: "InvalidQueryString",
    });
    const logs = [{ timestamp: 1_700_000_000, content: { message: "for nobody" } }];
    await expect(client.postLogStoreLogs(PROJECT, "none", { logs })).rejects.toMatchObject({
      code: "LogStoreNotExist",
    });
    await expect(client.postLogStoreLogs("another", LOGSTORE, { logs })).rejects.toMatchObject({
      code: "ProjectNotExist",
    });
    const stranger = createLogClient({ ...target, accessKeySecret: "another" });
    await expect(stranger.getLogs(PROJECT, LOGSTORE, from, to)).rejects.toMatchObject({ code: "SignatureNotMatch" });
  });

  it("may do what its key's policy says, and nothing else", async () => {
    const resource = `acs:log:cn-hangzhou:${account.accountId}:project/${PROJECT}/logstore/${LOGSTORE}`;
    const key = await createKey(account, "LTAInarrow", allow(["log:GetLogStoreLogs"], [resource]));
    const client = createLogClient({ ...target, ...key });
    expect(await client.getLogs(PROJECT, LOGSTORE, from, to)).toHaveLength(100);
    await expect(client.getLogs(PROJECT, "own-logs", from, to)).rejects.toMatchObject({ code: "Unauthorized" });
    await expect(client.getLogStore(PROJECT, LOGSTORE)).rejects.toMatchObject({ code: "Unauthorized" });
    await expect(client.listLogStore(PROJECT)).rejects.toMatchObject({ code: "Unauthorized" });
    await expect(client.createLogStore(PROJECT, "more", {})).rejects.toMatchObject({ code: "Unauthorized" });
    await expect(client.postLogStoreLogs(PROJECT, LOGSTORE, { logs: [] })).rejects.toMatchObject({
      code: "Unauthorized",
    });
  });
});

describe("a logstore that others write to", () => {
  const SHARED_TRAIL = "shared-trail";
  const SHARED = `actiontrail_${SHARED_TRAIL}`;
  const at = 1_700_000_000;

  /** Another writer, who has been there before the trail is made to deliver here and goes on afterwards. */
  async function writeAround(owner: HistoryAccount, deliver: (call: Caller, arn: string) => ReturnType<Caller>) {
    const writer = createLogClient({ ...target, ...(await createKey(owner, "LTAIwriter", allow(["log:*"]))) });
    const write = (message: string) =>
      writer.postLogStoreLogs(PROJECT, SHARED, { logs: [{ timestamp: at, content: { message } }] });
    await writer.createLogStore(PROJECT, SHARED, { ttl: 30, shardCount: 2 });
    await write("before");
    const call = callerOf("openapi-client POST", `127.0.0.1:${target.port}`, await addAccessKey(owner));
    const arn = `acs:log:cn-hangzhou:${owner.accountId}:project/${PROJECT}`;
    expect(await deliver(call, arn)).toMatchObject({ status: 200, body: { SlsProjectArn: arn } });
    await write("after");
    const read = await writer.getLogs(PROJECT, SHARED, new Date(at * 1_000), new Date((at + 1) * 1_000));
    expect(read.map(({ message }) => message).toSorted()).toEqual(["after", "before"]);
    expect((await call("GetTrailStatus", { Name: SHARED_TRAIL })).body).toMatchObject({ SlsLogStoreStatus: true });
  }

  it("is taken by CreateTrail with all that is in it, and the others go on", async () => {
    await writeAround(await createBuiltInAccount(), (call, arn) =>
      call("CreateTrail", { Name: SHARED_TRAIL, SlsProjectArn: arn }),
    );
  });

  it("is taken by UpdateTrail with all that is in it, and the others go on", async () => {
    const owner = await createBuiltInAccount();
    await addTrail(owner, { name: SHARED_TRAIL, slsProjectArn: null, ossBucketName: "bucket" });
    await writeAround(owner, (call, arn) => call("UpdateTrail", { Name: SHARED_TRAIL, SlsProjectArn: arn }));
  });
});

describe.each(["v1", "v4"] as const)("@alicloud/sls20201230, signature %s", (version) => {
  const span = () => ({ from: from.getTime() / 1_000, to: to.getTime() / 1_000 });

  it("reads back every event that the job delivered", async () => {
    const client = createSlsClient(target, version);
    const read: string[] = [];
    for (let offset = 0, count = 100; count === 100; offset += 100) {
      const { body, headers } = await client.getLogs(
        PROJECT,
        LOGSTORE,
        new GetLogsRequest({
          ...span(),
          offset,
          line: 100,
          query: "(serviceName: Ecs or eventId: x*) and eventName: D*",
        }),
      );
      const page = body ?? [];
      expect(headers).toMatchObject({ "x-log-count": String(page.length), "x-log-progress": "Complete" });
      read.push(...page.map(({ event }) => String(event)));
      count = page.length;
    }
    expect(read).toEqual(texts);
  });

  it("reads by the newer call too", async () => {
    const request = new GetLogsV2Request({ ...span(), query: "eventRW: Write", line: 3, reverse: true });
    const { body } = await createSlsClient(target, version).getLogsV2(PROJECT, LOGSTORE, request);
    expect(body?.meta).toMatchObject({ progress: "Complete", count: 3 });
    expect(body?.data).toHaveLength(3);
  });

  it("lists logstores and looks at one", async () => {
    const client = createSlsClient(target, version);
    const listed = await client.listLogStores(PROJECT, new ListLogStoresRequest({ logstoreName: "read", size: 1 }));
    expect(listed.body).toMatchObject({ count: 1, total: 1, logstores: [LOGSTORE] });
    const { body } = await client.getLogStore(PROJECT, LOGSTORE);
    expect(body).toMatchObject({ logstoreName: LOGSTORE, shardCount: 1 });
  });

  it("gets the vendor's errors", async () => {
    const client = createSlsClient(target, version);
    const get = (project: string, logstore: string, more = {}) =>
      client.getLogs(project, logstore, new GetLogsRequest({ ...span(), ...more }));
    await expect(client.getLogStore(PROJECT, "none")).rejects.toMatchObject({ code: "LogStoreNotExist" });
    await expect(get(PROJECT, "none")).rejects.toMatchObject({ code: "LogStoreNotExist" });
    await expect(get("another", LOGSTORE)).rejects.toMatchObject({ code: "ProjectNotExist" });
    await expect(get(PROJECT, LOGSTORE, { to: span().from })).rejects.toMatchObject({ code: "InvalidTimeRange" });
    await expect(get(PROJECT, LOGSTORE, { query: "(a" })).rejects.toMatchObject({ code: "InvalidQueryString" });
    const stranger = createSlsClient({ ...target, accessKeySecret: "another" }, version);
    await expect(stranger.getLogStore(PROJECT, LOGSTORE)).rejects.toMatchObject({ code: "SignatureNotMatch" });
  });

  it("makes a logstore once", async () => {
    const client = createSlsClient(target, version);
    const create = (logstoreName: string) =>
      client.createLogStore(PROJECT, new CreateLogStoreRequest({ logstoreName, shardCount: 2, ttl: 30 }));
    await create(`made-by-${version}`);
    expect((await client.getLogStore(PROJECT, `made-by-${version}`)).body).toMatchObject({ shardCount: 1 });
    await expect(create(`made-by-${version}`)).rejects.toMatchObject({ code: "LogStoreAlreadyExist" });
    await expect(create("../own")).rejects.toMatchObject({ code: "ParameterInvalid" });
  });
});
