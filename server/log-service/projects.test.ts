import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CreateLogProjectInput } from "@/domain/log-service/schema.ts";
import { prisma } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { closeQueue } from "@/server/queue.ts";
import { decodeLogGroup, LogGroupWriter } from "@/server/sls/log-group.ts";
import {
  addTrail,
  createBuiltInAccount,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
  SINK_KEY,
} from "@/testing/history-account.ts";
import { LogServiceStandIn } from "@/testing/log-service-stand-in.ts";
import { refusal, type Treatment } from "@/testing/treatment.ts";
import { createLogstore, storeLogs } from "./commands.ts";
import { testLogProject } from "./connection-test.ts";
import { getLogstore, listLogstores } from "./logstore-queries.ts";
import { createExternalLogProject, deleteLogProject, updateLogProject } from "./project-commands.ts";
import { listLogProjects } from "./project-queries.ts";
import { getSlsTarget } from "./queries.ts";

const REF = { region: "cn-hangzhou", name: "history-test" };
const TARGET = { projectRegion: REF.region, projectName: REF.name };
const ENDPOINT = "http://127.0.0.1:9";
const UPDATE = {
  ...REF,
  endpoint: ENDPOINT,
  accessKeyId: SINK_KEY.id,
  accessKeySecret: "",
  logTime: "auto",
} as const satisfies CreateLogProjectInput;
const NEW: CreateLogProjectInput = {
  region: "cn-beijing",
  name: "archive",
  endpoint: "https://cn-beijing.log.aliyuncs.com",
  accessKeyId: "LTAI5tNew",
  accessKeySecret: "a-new-secret",
  logTime: "delivery",
};

let account: HistoryAccount;

afterAll(closeQueue);

beforeEach(async () => {
  account = await createHistoryAccount(ENDPOINT);
});

const creating = () => account.scope("backtrail:CreateLogProject");
const updating = () => account.scope("backtrail:UpdateLogProject");
const deleting = () => account.scope("backtrail:DeleteLogProject");
const listing = () => account.scope("backtrail:ListLogProjects");

async function auditOf(action: string) {
  return prisma().auditEntry.findMany({ where: { accountId: account.accountId, action }, orderBy: { at: "asc" } });
}

describe("createExternalLogProject", () => {
  it("makes a project that signs with its key, and shows the secret nowhere", async () => {
    await createExternalLogProject(creating(), NEW);
    expect(await getSlsTarget(creating(), { projectRegion: NEW.region, projectName: NEW.name })).toMatchObject({
      isBuiltIn: false,
      endpoint: NEW.endpoint,
      accessKeyId: NEW.accessKeyId,
      accessKeySecret: NEW.accessKeySecret,
    });
    const listed = await listLogProjects(listing());
    expect(listed.map(({ name }) => name)).toEqual(["archive", "history-test"]);
    const audit = await auditOf("backtrail:CreateLogProject");
    const row = await prisma().logProject.findFirstOrThrow({
      where: { name: "archive", accountId: account.accountId },
    });
    expect(JSON.stringify([listed, audit, row])).not.toContain(NEW.accessKeySecret);
    expect(audit).toMatchObject([{ outcome: "allowed", details: { name: "archive", logTime: "delivery" } }]);
  });

  it("is refused for a name that the account has, by all but one of many at once", async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => createExternalLogProject(creating(), NEW)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes.filter(({ status }) => status === "rejected")) {
      expect(outcome).toMatchObject({ reason: { code: "LogProjectAlreadyExists" } });
    }
    const audit = await auditOf("backtrail:CreateLogProject");
    expect(audit.filter(({ outcome }) => outcome === "refused")).toHaveLength(7);
    expect(JSON.stringify(audit)).not.toContain(NEW.accessKeySecret);
  });
});

describe("updateLogProject", () => {
  it("keeps the key that is not given anew", async () => {
    await updateLogProject(updating(), { ...UPDATE, logTime: "event" });
    expect(await getSlsTarget(updating(), TARGET)).toMatchObject({ accessKeySecret: SINK_KEY.secret });
    expect(await listLogProjects(listing())).toMatchObject([{ logTime: "event" }]);
  });

  it("rotates the key", async () => {
    await updateLogProject(updating(), { ...UPDATE, accessKeyId: "LTAI5tOther", accessKeySecret: "rotated" });
    expect(await getSlsTarget(updating(), TARGET)).toMatchObject({
      accessKeyId: "LTAI5tOther",
      accessKeySecret: "rotated",
    });
    expect(JSON.stringify(await auditOf("backtrail:UpdateLogProject"))).not.toContain("rotated");
  });

  it.each([{ endpoint: "http://127.0.0.1:10" }, { accessKeyId: "LTAI5tOther" }])(
    "never sends the stored key where it was not given for: %j",
    async (part) => {
      await expect(updateLogProject(updating(), { ...UPDATE, ...part })).rejects.toMatchObject({
        code: "LogProjectKeyRequired",
      });
      expect(await getSlsTarget(updating(), TARGET)).toMatchObject({ endpoint: ENDPOINT, accessKeyId: SINK_KEY.id });
      expect(await auditOf("backtrail:UpdateLogProject")).toMatchObject([{ errorCode: "LogProjectKeyRequired" }]);
    },
  );

  it("finds no other account's project, and changes none of the built-in log service", async () => {
    const other = await createHistoryAccount("http://127.0.0.1:11");
    await updateLogProject(other.scope("backtrail:UpdateLogProject"), {
      ...UPDATE,
      endpoint: "http://127.0.0.1:12",
      accessKeySecret: "x",
    });
    expect(await getSlsTarget(updating(), TARGET)).toMatchObject({ endpoint: ENDPOINT });
    await expect(updateLogProject(updating(), { ...UPDATE, name: "no-such" })).rejects.toMatchObject({
      code: "SlsProjectDoesNotExistException",
    });
    const builtIn = await createBuiltInAccount();
    const scope = builtIn.scope("backtrail:UpdateLogProject");
    await expect(updateLogProject(scope, { ...UPDATE, accessKeySecret: "x" })).rejects.toMatchObject({
      code: "LogProjectBuiltIn",
    });
  });
});

describe("deleteLogProject", () => {
  it("forgets a project that nothing needs, with its key", async () => {
    await deleteLogProject(deleting(), REF);
    expect(await listLogProjects(listing())).toEqual([]);
    await expect(deleteLogProject(deleting(), REF)).rejects.toMatchObject({ code: "SlsProjectDoesNotExistException" });
  });

  it("is refused while trails name it, and says which", async () => {
    await addTrail(account, { name: "second-trail" });
    await addTrail(account, { name: "first-trail" });
    await addTrail(account, { name: "oss-only", slsProjectArn: null, ossBucketName: "b" });
    await expect(deleteLogProject(deleting(), REF)).rejects.toMatchObject({
      code: "LogProjectInUse",
      details: { trailNames: ["first-trail", "second-trail"] },
    });
    expect(await listLogProjects(listing())).toMatchObject([{ trails: ["first-trail", "second-trail"] }]);
  });

  it("is refused under a running job, and says which", async () => {
    await addTrail(account, { name: "a-trail" });
    await recordTexts(account, [eventText({ eventTime: new Date(Date.now() - 86_400_000) })]);
    const { jobId } = await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), {
      trailName: "a-trail",
      clientToken: "",
      reason: "",
      window: { kind: "default" },
    });
    await prisma().trail.deleteMany({ where: { accountId: account.accountId } });
    await expect(deleteLogProject(deleting(), REF)).rejects.toMatchObject({
      code: "LogProjectInUse",
      details: { jobId },
    });
  });

  it("deletes nothing of the built-in log service", async () => {
    const builtIn = await createBuiltInAccount();
    await expect(deleteLogProject(builtIn.scope("backtrail:DeleteLogProject"), REF)).rejects.toMatchObject({
      code: "LogProjectBuiltIn",
    });
  });
});

describe("testLogProject", () => {
  let standIn: LogServiceStandIn | undefined;

  afterEach(async () => {
    await standIn?.stop();
    standIn = undefined;
  });

  const key = { region: REF.region, accessKeyId: SINK_KEY.id, accessKeySecret: SINK_KEY.secret };
  const shortly = { headers: 300, body: 300, total: 600 };
  const test = () => testLogProject(account.scope("backtrail:TestLogProject"), REF, shortly);

  async function sinkThat(treatment: Treatment | undefined, secret: string = SINK_KEY.secret) {
    standIn = await LogServiceStandIn.start({ key, answerTo: () => treatment });
    await updateLogProject(updating(), { ...UPDATE, endpoint: standIn.endpoint, accessKeySecret: secret });
  }

  it("is accepted by a sink that would take logs, and leaves none there", async () => {
    await addTrail(account, { name: "a-trail" });
    await sinkThat({ headers: { "x-log-requestid": "5B0A" } });
    expect(await test()).toMatchObject({
      verdict: "accepted",
      answer: { kind: "answered", status: 200, code: null, requestId: "5B0A", logstore: "actiontrail_a-trail" },
    });
    expect(standIn?.logs).toEqual([]);
    expect(standIn?.faults).toEqual([]);
    expect(await auditOf("backtrail:TestLogProject")).toMatchObject([
      { details: { verdict: "accepted", status: 200 } },
    ]);
  });

  it.each<[string, Treatment, object]>([
    ["no project", refusal(404, "ProjectNotExist", "The Project does not exist"), { verdict: "no-project" }],
    ["no logstore", refusal(404, "LogStoreNotExist", "none"), { verdict: "no-logstore" }],
    ["a wrong key", refusal(401, "SignatureNotMatch", "signature"), { verdict: "wrong-key" }],
    ["no such key", refusal(401, "InvalidAccessKeyId", "unknown"), { verdict: "wrong-key" }],
    ["a key that may not", refusal(401, "Unauthorized", "denied"), { verdict: "not-allowed" }],
    ["a clock that is off", refusal(400, "RequestTimeExpired", "late"), { verdict: "clock" }],
    ["a spent quota", refusal(403, "WriteQuotaExceed", "spent"), { verdict: "busy" }],
    ["a fault of the sink", { status: 502, body: "<html>" }, { verdict: "failing" }],
    ["a web server", { status: 404, body: "<html>" }, { verdict: "no-log-service" }],
    ["silence", { answer: "silence" }, { verdict: "not-answered", answer: { silence: "time-out" } }],
    ["a broken connection", { answer: "reset" }, { verdict: "not-answered", answer: { silence: "broken" } }],
  ])("tells %s", async (_name, treatment, expected) => {
    await sinkThat(treatment);
    expect(await test()).toMatchObject(expected);
  });

  it("tells a wrong secret by what the sink says of the signature", async () => {
    await sinkThat(undefined, "not-the-secret");
    expect(await test()).toMatchObject({ answer: { kind: "answered", message: "the signature does not match" } });
  });

  it("tells an endpoint where nothing listens, one whose name is not known, and one that speaks no TLS", async () => {
    expect(await test()).toMatchObject({ verdict: "not-answered", answer: { silence: "refused" } });
    await updateLogProject(updating(), { ...UPDATE, endpoint: "http://no-such-host.invalid", accessKeySecret: "x" });
    expect(await test()).toMatchObject({ answer: { silence: "name-unknown" } });
    const plain = createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const endpoint = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    await updateLogProject(updating(), { ...UPDATE, endpoint, accessKeySecret: "x" });
    expect(await test()).toMatchObject({ answer: { silence: "tls" } });
    plain.close();
  });

  it("runs once at a time, and again afterwards", async () => {
    await sinkThat({ delayMs: 200 });
    const outcomes = await Promise.allSettled([test(), test(), test()]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.filter(({ status }) => status === "rejected")).toMatchObject([
      { reason: { code: "ConnectionTestRunning" } },
      { reason: { code: "ConnectionTestRunning" } },
    ]);
    expect(standIn?.requestCount).toBe(1);
    expect(await test()).toMatchObject({ verdict: "accepted" });
  });

  it("says that the stored key cannot be read, and asks nobody", async () => {
    await sinkThat({});
    await prisma().logProject.updateMany({
      where: { accountId: account.accountId, region: REF.region, name: REF.name },
      data: { externalSecretCiphertext: "v1.nothing.that.opens" },
    });
    await expect(test()).rejects.toMatchObject({ code: "LogProjectKeyUnreadable" });
    expect(standIn?.requestCount).toBe(0);
  });

  it("finds no other account's project", async () => {
    const builtIn = await createBuiltInAccount();
    const scope = builtIn.scope("backtrail:TestLogProject");
    await expect(testLogProject(scope, { ...REF, name: "no-such" })).rejects.toMatchObject({
      code: "SlsProjectDoesNotExistException",
    });
  });
});

describe("logstores", () => {
  const name = { region: REF.region, project: REF.name, logstore: "actiontrail_a-trail" };

  function logGroupOf(texts: readonly string[]) {
    const writer = new LogGroupWriter({ topic: "t", source: "s", tags: [] });
    for (const event of texts) {
      writer.add({ time: 1_700_000_000, event: Buffer.from(event) });
    }
    return decodeLogGroup(writer.finish());
  }

  it("say what arrived in them, each log counted once", async () => {
    const builtIn = await createBuiltInAccount();
    await addTrail(builtIn, { name: "a-trail", logstore: true });
    const storing = builtIn.scope("log:PostLogStoreLogs");
    const listing = builtIn.scope("log:ListLogStores");
    expect(await listLogstores(listing)).toMatchObject([
      {
        name: "actiontrail_a-trail",
        logs: 0,
        plainLogs: 0,
        bytes: 0,
        firstArrivalAt: null,
        trail: "a-trail",
        jobCount: 0,
      },
    ]);
    const texts = ["2026-11-18T10:00:00Z", "2026-11-20T10:00:00Z"].map((time) =>
      eventText({ eventTime: new Date(time) }),
    );
    const first = Date.now();
    await storeLogs(storing, name, logGroupOf([...texts, "no event"]));
    await storeLogs(storing, name, logGroupOf(texts));
    const logstore = await getLogstore(listing, name);
    expect(logstore).toMatchObject({
      logs: 2,
      plainLogs: 1,
      firstEventDay: "2026-11-18",
      lastEventDay: "2026-11-20",
    });
    expect(logstore.bytes).toBeGreaterThanOrEqual(texts.join("").length);
    expect(Math.abs(Date.parse(logstore.firstArrivalAt ?? "") - first)).toBeLessThan(60_000);
    expect(logstore.lastArrivalAt).toBe(logstore.firstArrivalAt);
    expect(await listLogProjects(builtIn.scope("backtrail:ListLogProjects"))).toMatchObject([
      { isBuiltIn: true, lastArrivalAt: logstore.lastArrivalAt },
    ]);
  });

  it("of another account are not there", async () => {
    const builtIn = await createBuiltInAccount();
    const other = await createBuiltInAccount();
    await createLogstore(builtIn.scope("backtrail:CreateLogProject"), name);
    expect(await listLogstores(other.scope("log:ListLogStores"))).toEqual([]);
    await expect(getLogstore(other.scope("log:ListLogStores"), name)).rejects.toMatchObject({
      code: "SlsProjectDoesNotExistException",
    });
  });
});
