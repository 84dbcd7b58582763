import { hash, randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BATCH_ID_TAG, JOB_ID_TAG } from "@/domain/log-service/log-service.ts";
import { prisma } from "@/server/db.ts";
import { createLogstore } from "@/server/log-service/commands.ts";
import { getSlsTarget } from "@/server/log-service/queries.ts";
import { putLogs, type SlsTarget } from "@/server/sls/client.ts";
import { compressLz4 } from "@/server/sls/compression.ts";
import { LogGroupWriter } from "@/server/sls/log-group.ts";
import { contentMd5, signV4 } from "@/server/sls/signature.ts";
import { createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { encodeWithProtobufjs } from "@/testing/log-proto.ts";
import { compressWithLz4js } from "@/testing/lz4-block.ts";
import { expectedAuthorization } from "@/testing/sls-signature.ts";
import { buildServer } from "./server.ts";

const REGION = "cn-hangzhou";
const PROJECT = "history-test";
const LOGSTORE = "actiontrail_audit";

let server: FastifyInstance;
let account: HistoryAccount;
let target: SlsTarget;

beforeAll(async () => {
  server = buildServer();
  await server.listen({ host: "127.0.0.1", port: 0 });
  account = await createBuiltInAccount();
  target = await targetOf(account);
  await createLogstore(account.scope("actiontrail:CreateTrail"), {
    region: REGION,
    project: PROJECT,
    logstore: LOGSTORE,
  });
});

afterAll(() => server.close());

async function targetOf(owner: HistoryAccount): Promise<SlsTarget> {
  const scope = owner.scope("actiontrail:CreateDeliveryHistoryJob");
  const found = await getSlsTarget(scope, { projectRegion: REGION, projectName: PROJECT });
  if (found === null) {
    throw new Error("the account has no log project");
  }
  return { ...found, endpoint: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}` };
}

function eventText(eventId: string, more = ""): string {
  return `{"eventId":"${eventId}","acsRegion":"${REGION}","eventTime":"2026-11-20T10:00:00Z"${more}}`;
}

function logGroup(events: readonly string[], jobId = "7"): Uint8Array {
  const tags = [
    { key: JOB_ID_TAG, value: jobId },
    { key: BATCH_ID_TAG, value: "batch-1" },
  ];
  const writer = new LogGroupWriter({ topic: "actiontrail_audit_event", source: "backtrail", tags });
  for (const event of events) {
    writer.add({ time: 1_700_000_000, event });
  }
  return writer.finish();
}

function put(to: SlsTarget, logstore: string, raw: Uint8Array, signedAt = new Date()) {
  return putLogs(to, logstore, raw, { signedAt, signal: new AbortController().signal });
}

type Posted = {
  body?: Uint8Array;
  path?: string;
  headers?: Record<string, string>;
  /** Headers that are changed after the request was signed. */
  forged?: Record<string, string>;
  signedBy?: SlsTarget;
};

/** A request that our client would not send, signed as it should be. */
async function post({ body = Buffer.alloc(0), path = `/logstores/${LOGSTORE}/shards/lb`, ...more }: Posted) {
  const by = more.signedBy ?? target;
  const headers: Record<string, string> = {
    host: `${by.project}.127.0.0.1`,
    "content-type": "application/x-protobuf",
    "x-log-apiversion": "0.6.0",
    ...more.headers,
  };
  const signature = signV4({ method: "POST", path, query: [], headers }, body, by, new Date());
  const response = await request(`${target.endpoint}${path}`, {
    method: "POST",
    headers: { ...headers, ...signature, ...more.forged },
    body,
  });
  return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
}

/** What a refusal says, after a look at what every one has. */
async function refusalOf(posted: Posted): Promise<[number, string]> {
  const { status, headers, text } = await post(posted);
  const { errorCode, errorMessage } = JSON.parse(text);
  expect(headers["x-log-requestid"]).toMatch(/^[0-9A-F]{24}$/);
  expect(errorMessage).toEqual(expect.any(String));
  return [status, errorCode];
}

describe("the built-in log service", () => {
  it("refuses a wrong secret, an unknown key and an inactive one alike", async () => {
    const inactive = await targetOf(await createBuiltInAccount());
    await prisma().accessKey.update({ where: { id: inactive.accessKeyId }, data: { status: "Inactive" } });
    const answers = [
      await put({ ...target, accessKeySecret: "wrong" }, LOGSTORE, logGroup([])),
      await put({ ...target, accessKeyId: "LTAIunknown" }, LOGSTORE, logGroup([])),
      await put(inactive, LOGSTORE, logGroup([])),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ kind: "refused", status: 401, code: "SignatureNotMatch" });
  });

  it("refuses a request that is not signed, or in another version", async () => {
    expect(await refusalOf({ forged: { authorization: "" } })).toEqual([401, "Unauthorized"]);
    expect(await refusalOf({ forged: { authorization: "LOG id:signature" } })).toEqual([401, "Unauthorized"]);
  });

  it.each([-16, 16])("refuses a request of %i minutes from now", async (minutes) => {
    const signedAt = new Date(Date.now() + minutes * 60_000);
    expect(await put(target, LOGSTORE, logGroup([]), signedAt)).toMatchObject({
      status: 400,
      code: "RequestTimeExpired",
    });
  });

  it("refuses a body that is not the signed one", async () => {
    const response = await request(`${target.endpoint}/logstores/${LOGSTORE}/shards/lb`, {
      method: "POST",
      headers: {
        host: `${PROJECT}.127.0.0.1`,
        ...signV4(
          {
            method: "POST",
            path: `/logstores/${LOGSTORE}/shards/lb`,
            query: [],
            headers: { host: `${PROJECT}.127.0.0.1` },
          },
          Buffer.from("one body"),
          target,
          new Date(),
        ),
      },
      body: "another body",
    });
    expect(response.statusCode).toBe(401);
    expect(await response.body.json()).toMatchObject({ errorCode: "SignatureNotMatch" });
  });

  it.each<[string, Posted, number, string]>([
    ["another compression", { headers: { "x-log-compresstype": "snappy" } }, 400, "InvalidCompressType"],
    ["no raw size", { headers: { "x-log-compresstype": "lz4" } }, 400, "MissingBodyRawSize"],
    [
      "a bad raw size",
      { headers: { "x-log-compresstype": "lz4", "x-log-bodyrawsize": "x" } },
      400,
      "InvalidBodyRawSize",
    ],
    [
      "a body that is not LZ4",
      { body: Buffer.from("garbage"), headers: { "x-log-compresstype": "lz4", "x-log-bodyrawsize": "7" } },
      400,
      "PostBodyUncompressError",
    ],
    ["a body that is no LogGroup", { body: Buffer.from("garbage") }, 400, "PostBodyInvalid"],
    ["a wrong Content-MD5", { headers: { "content-md5": "0".repeat(32) } }, 400, "PostBodyInvalid"],
    [
      "a declared size above 10 MB",
      { headers: { "x-log-compresstype": "lz4", "x-log-bodyrawsize": "10485761" } },
      413,
      "PostBodyTooLarge",
    ],
    ["a raw body above 10 MB", { body: Buffer.alloc(10_485_761) }, 413, "PostBodyTooLarge"],
    ["a body above any bound", { body: Buffer.alloc(10_600_000) }, 413, "PostBodyTooLarge"],
    ["a logstore that does not exist", { path: "/logstores/none/shards/lb" }, 404, "LogStoreNotExist"],
    ["a logstore that could not exist", { path: "/logstores/a%00b/shards/lb" }, 404, "LogStoreNotExist"],
    ["a host that begins with no project", { headers: { host: "x.127.0.0.1" } }, 404, "ProjectNotExist"],
    ["another path", { path: "/logstores" }, 404, "InvalidAction.NotFound"],
  ])("refuses %s", async (_, posted, status, code) => {
    expect(await refusalOf(posted)).toEqual([status, code]);
  });

  it("refuses a project and a region that the key's policy does not name, and notes it in the audit", async () => {
    expect(await refusalOf({ signedBy: { ...target, project: "other-project" } })).toEqual([401, "Unauthorized"]);
    expect(await refusalOf({ signedBy: { ...target, region: "cn-beijing" } })).toEqual([401, "Unauthorized"]);
    const refusals = await prisma().auditEntry.findMany({
      where: { accountId: account.accountId, action: "log:PostLogStoreLogs" },
      orderBy: { at: "asc" },
    });
    expect(refusals).toMatchObject([
      {
        outcome: "refused",
        errorCode: "NoPermission",
        actorType: "access-key",
        actorId: target.accessKeyId,
        from: "127.0.0.1",
        resource: `acs:log:${REGION}:${account.accountId}:project/other-project/logstore/${LOGSTORE}`,
      },
      { outcome: "refused" },
    ]);
  });

  it("refuses a project that does not exist to a key that may write anywhere", async () => {
    const other = await createBuiltInAccount();
    const free = await targetOf(other);
    const policy = { Version: "1", Statement: [{ Effect: "Allow", Action: "log:*", Resource: "*" }] };
    await prisma().accessKey.update({ where: { id: free.accessKeyId }, data: { policy } });
    expect(await refusalOf({ signedBy: { ...free, project: "other-project" } })).toEqual([404, "ProjectNotExist"]);
    // The other account has this logstore; this one's project of the same name has not.
    expect(await refusalOf({ signedBy: free })).toEqual([404, "LogStoreNotExist"]);
  });

  it("says no more than a reference about a fault of its own", async () => {
    const broken = await createBuiltInAccount();
    const brokenTarget = await targetOf(broken);
    await prisma().accessKey.update({
      where: { id: brokenTarget.accessKeyId },
      data: { secretCiphertext: "v1.not.a.secret" },
    });
    const { status, headers, text } = await post({ signedBy: brokenTarget });
    expect(status).toBe(500);
    expect(JSON.parse(text)).toEqual({
      errorCode: "InternalServerError",
      errorMessage: `Internal server error, reference ${headers["x-log-requestid"]}.`,
    });
  });

  it("tells our client what became of each log", async () => {
    const id = randomUUID();
    const batch = logGroup([eventText(`${id}-1`), eventText(`${id}-2`)]);
    expect(await put(target, LOGSTORE, batch)).toEqual({
      kind: "accepted",
      counts: { new: 2, present: 0, conflicts: [] },
    });
    expect(await put(target, LOGSTORE, batch)).toEqual({
      kind: "accepted",
      counts: { new: 2, present: 0, conflicts: [] },
    });
    const next = logGroup([eventText(`${id}-1`), eventText(`${id}-2`, ',"x":1'), eventText(`${id}-3`)], "8");
    expect(await put(target, LOGSTORE, next)).toEqual({
      kind: "accepted",
      counts: { new: 1, present: 1, conflicts: [1] },
    });
  });

  it.each(["lz4", "none"])(
    "takes a request made by other code, compressed by %s, and answers as SLS does",
    async (compression) => {
      const eventId = randomUUID();
      const raw = encodeWithProtobufjs({
        Logs: [{ Time: 1_700_000_000, TimeNs: 5, Contents: [{ Key: "event", Value: eventText(eventId) }] }],
        Topic: "topic",
        Source: "10.0.0.1",
        LogTags: [{ Key: "__pack_id__", Value: "1-1" }],
      });
      const body = compression === "lz4" ? compressWithLz4js(raw) : raw;
      const path = `/logstores/${LOGSTORE}/shards/lb`;
      const headers: Record<string, string> = {
        host: `${PROJECT}.cn-hangzhou.log.example.com`,
        "content-type": "application/x-protobuf",
        "content-md5": contentMd5(body),
        "x-log-apiversion": "0.6.0",
        "x-log-bodyrawsize": String(raw.length),
        "x-log-date": new Date().toISOString().replace(/[-:]|\.\d+/g, ""),
        "x-log-content-sha256": hash("sha256", body),
        ...(compression === "lz4" ? { "x-log-compresstype": "lz4" } : {}),
      };
      const { createHash } = await import("node:crypto");
      headers["x-log-content-sha256"] = createHash("sha256").update(body).digest("hex");
      headers.authorization = expectedAuthorization({ method: "POST", path, headers }, body, target);
      const response = await request(target.endpoint + path, { method: "POST", headers, body });
      expect({ status: response.statusCode, text: await response.body.text() }).toEqual({ status: 200, text: "" });
      expect(response.headers["x-log-requestid"]).toMatch(/^[0-9A-F]{24}$/);
      const stored = await prisma().log.findFirstOrThrow({ where: { eventId } });
      expect(stored).toMatchObject({ topic: "topic", source: "10.0.0.1", event: eventText(eventId), jobId: null });
    },
  );

  it("takes 10 MB", async () => {
    const raw = logGroup([eventText(randomUUID(), `,"x":"${"x".repeat(10 * 1024 * 1024 - 400)}"`)]);
    expect(raw.length).toBeGreaterThan(10 * 1024 * 1024 - 400);
    expect(await put(target, LOGSTORE, raw)).toMatchObject({ kind: "accepted", counts: { new: 1 } });
    expect((await post({ body: raw })).status).toBe(200);
    expect(
      (
        await post({
          body: await compressLz4(raw),
          headers: { "x-log-compresstype": "lz4", "x-log-bodyrawsize": String(raw.length) },
        })
      ).status,
    ).toBe(200);
  });
});

describe("the probes", () => {
  it.each([
    ["/healthz", { status: "alive" }],
    ["/readyz", { status: "ready" }],
  ])("answer %s", async (path, body) => {
    const response = await request(target.endpoint + path);
    expect(response.statusCode).toBe(200);
    expect(await response.body.json()).toEqual(body);
  });
});
