import { hash, randomUUID } from "node:crypto";
import { type AddressInfo, connect } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { deflateSync, zstdCompressSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BATCH_ID_TAG, JOB_ID_TAG } from "@/domain/log-service/log-service.ts";
import { encryptSecret } from "@/server/access/secrets.ts";
import { prisma } from "@/server/db.ts";
import { createLogstore } from "@/server/log-service/commands.ts";
import { getSlsTarget } from "@/server/log-service/queries.ts";
import { putLogs, type SlsTarget } from "@/server/sls/client.ts";
import { compressLz4 } from "@/server/sls/compression.ts";
import { LogGroupWriter } from "@/server/sls/log-group.ts";
import { signV4 } from "@/server/sls/signature-v4.ts";
import { contentMd5, readQuery } from "@/server/sls/signed-request.ts";
import { createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { encodeWithProtobufjs } from "@/testing/log-proto.ts";
import { compressWithLz4js } from "@/testing/lz4-block.ts";
import { expectedAuthorization, expectedAuthorizationV1 } from "@/testing/sls-signature.ts";
import { buildServer } from "./server.ts";

const REGION = "cn-hangzhou";
const PROJECT = "history-test";
const LOGSTORE = "actiontrail_audit";

let server: FastifyInstance;
let account: HistoryAccount;
let target: SlsTarget;
/** The same with a key that may do everything. */
let freeTarget: SlsTarget;

beforeAll(async () => {
  server = buildServer();
  await server.listen({ host: "127.0.0.1", port: 0 });
  account = await createBuiltInAccount();
  target = await targetOf(account);
  freeTarget = { ...target, accessKeyId: `LTAIfree${account.accountId}` };
  await prisma().accessKey.create({
    data: {
      id: freeTarget.accessKeyId,
      accountId: account.accountId,
      secretCiphertext: encryptSecret(target.accessKeySecret, { purpose: "access-key", rowId: freeTarget.accessKeyId }),
      policy: { Version: "1", Statement: [{ Effect: "Allow", Action: "log:*", Resource: "*" }] },
    },
  });
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
    writer.add({ time: 1_700_000_000, event: Buffer.from(event) });
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
  method?: "GET" | "POST";
  /** When it is not what the path has. */
  signedQuery?: [string, string][];
};

/** A request that our client would not send, signed as it should be. */
async function post({
  body = Buffer.alloc(0),
  method = "POST",
  path = `/logstores/${LOGSTORE}/shards/lb`,
  ...more
}: Posted) {
  const by = more.signedBy ?? target;
  const headers: Record<string, string> = {
    host: `${by.project}.127.0.0.1`,
    "content-type": "application/x-protobuf",
    "x-log-apiversion": "0.6.0",
    ...more.headers,
  };
  const [signedPath = "", query = ""] = path.split("?");
  const signed = { method, path: signedPath, query: more.signedQuery ?? readQuery(query), headers };
  const signature = signV4(signed, body, by, new Date());
  const response = await request(`${target.endpoint}${path}`, {
    method,
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
    ["another path", { path: "/shards" }, 404, "InvalidAction.NotFound"],
    ["a name with a way out of its place", { path: "/logstores/..%2F..%2Fetc/shards/lb" }, 404, "LogStoreNotExist"],
    ["a name with SQL in it", { path: "/logstores/a'%3BDROP%20TABLE%20log--/shards/lb" }, 404, "LogStoreNotExist"],
    ["half an escape in its path", { path: "/logstores/%zz/shards/lb" }, 400, "ParameterInvalid"],
    ["bytes that are not UTF-8 in its path", { path: "/logstores/%ff/shards/lb" }, 400, "ParameterInvalid"],
  ])("refuses %s", async (_, posted, status, code) => {
    expect(await refusalOf(posted)).toEqual([status, code]);
  });

  it.each<[string, Posted, number, string]>([
    ["no shard key", { path: `/logstores/${LOGSTORE}/shards/route` }, 400, "ParameterInvalid"],
    ["a shard key that is no MD5", { path: `/logstores/${LOGSTORE}/shards/route?key=1` }, 400, "ParameterInvalid"],
    [
      "a parameter twice",
      { path: "/logstores?size=1&size=2", method: "GET", signedQuery: [] },
      400,
      "ParameterInvalid",
    ],
    [
      "bytes that are not UTF-8",
      { path: "/logstores?size=%ff", method: "GET", signedQuery: [] },
      400,
      "ParameterInvalid",
    ],
    [
      "3,000 parameters",
      { path: `/logstores?${"a=1&".repeat(3_000)}`, method: "GET", signedQuery: [] },
      400,
      "ParameterInvalid",
    ],
    ["a GET with a body", { path: "/logstores", method: "GET", body: Buffer.from("x") }, 400, "PostBodyInvalid"],
    ["more names at once than there may be", { path: "/logstores?size=501", method: "GET" }, 400, "ParameterInvalid"],
    ["a number that is none", { path: "/logstores?offset=-1", method: "GET" }, 400, "ParameterInvalid"],
    [
      "a NUL in a name to look for",
      { path: "/logstores?logstoreName=%00", method: "GET", signedQuery: [["logstoreName", "\0"]] },
      400,
      "ParameterInvalid",
    ],
    [
      "a NUL in a topic",
      {
        path: `/logstores/${LOGSTORE}?type=log&from=1&to=2&topic=a%00b`,
        method: "GET",
        signedQuery: Object.entries({ type: "log", from: "1", to: "2", topic: "a\0b" }),
      },
      400,
      "ParameterInvalid",
    ],
    [
      "a NUL in the topic of a body",
      { path: `/logstores/${LOGSTORE}/logs`, body: Buffer.from('{"from":1,"to":2,"topic":"a\\u0000b"}') },
      400,
      "ParameterInvalid",
    ],
    [
      "a query without a time range",
      { path: `/logstores/${LOGSTORE}?type=log`, method: "GET" },
      400,
      "ParameterInvalid",
    ],
    [
      "another type of query",
      { path: `/logstores/${LOGSTORE}?type=histogram`, method: "GET" },
      400,
      "ParameterInvalid",
    ],
    [
      "a span of no time",
      { path: `/logstores/${LOGSTORE}?type=log&from=1&to=1`, method: "GET" },
      400,
      "InvalidTimeRange",
    ],
    [
      "101 lines",
      { path: `/logstores/${LOGSTORE}?type=log&from=1&to=2&line=101`, method: "GET" },
      400,
      "ParameterInvalid",
    ],
    [
      "a direction that is none",
      { path: `/logstores/${LOGSTORE}?type=log&from=1&to=2&reverse=up`, method: "GET" },
      400,
      "ParameterInvalid",
    ],
    [
      "a query that is not closed",
      { path: `/logstores/${LOGSTORE}?type=log&from=1&to=2&query=%22a`, method: "GET" },
      400,
      "InvalidQueryString",
    ],
    ["a logstore without a name", { path: "/logstores", body: Buffer.from("{}") }, 400, "ParameterInvalid"],
    [
      "a name of another type",
      { path: "/logstores", body: Buffer.from('{"logstoreName":5}') },
      400,
      "ParameterInvalid",
    ],
    ["a body that is not JSON", { path: "/logstores", body: Buffer.from("{") }, 400, "ParameterInvalid"],
    ["JSON that is not UTF-8", { path: "/logstores", body: Buffer.from([0x22, 0xff, 0x22]) }, 400, "ParameterInvalid"],
    [
      "a name that SLS would refuse",
      { path: "/logstores", body: Buffer.from('{"logstoreName":"a/b"}') },
      400,
      "ParameterInvalid",
    ],
    ["parameters of more than 64 KB", { path: "/logstores", body: Buffer.alloc(65_537) }, 413, "PostBodyTooLarge"],
  ])("refuses %s to a key that may do everything", async (_, posted, status, code) => {
    expect(await refusalOf({ ...posted, signedBy: freeTarget })).toEqual([status, code]);
  });

  const HUGE = Buffer.alloc(100_000_000);

  it.each<[string, (raw: Uint8Array) => Uint8Array | Promise<Uint8Array>]>([
    ["lz4", compressLz4],
    ["deflate", deflateSync],
    ["zstd", zstdCompressSync],
  ])("refuses a bomb in %s, a wrong raw size and what breaks off", async (compression, compress) => {
    const refusedWith = (body: Uint8Array, rawSize: number) =>
      refusalOf({ body, headers: { "x-log-compresstype": compression, "x-log-bodyrawsize": String(rawSize) } });
    const bomb = await compress(HUGE);
    expect(await refusedWith(bomb, 10 * 1024 * 1024)).toEqual([400, "PostBodyUncompressError"]);
    expect(await refusedWith(bomb, 1)).toEqual([400, "PostBodyUncompressError"]);
    const raw = logGroup([eventText("x")]);
    const body = await compress(raw);
    expect(await refusedWith(body, raw.length - 1)).toEqual([400, "PostBodyUncompressError"]);
    expect(await refusedWith(body, raw.length + 1)).toEqual([400, "PostBodyUncompressError"]);
    expect(await refusedWith(body, 0)).toEqual([400, "PostBodyUncompressError"]);
    expect(await refusedWith(body.subarray(0, -3), raw.length)).toEqual([400, "PostBodyUncompressError"]);
  });

  it("refuses 10,000 parameters before it reads them", async () => {
    const query = Array.from({ length: 10_000 }, (_, index) => `p${index}=1`).join("&");
    const { statusCode, body } = await request(`${target.endpoint}/logstores?${query}`);
    expect(statusCode).toBe(431);
    await body.dump();
  });

  it("lets a body that comes byte by byte go after a time, and answers others meanwhile", async () => {
    const patient = buildServer({ logsTimeoutMs: 400 });
    await patient.listen({ host: "127.0.0.1", port: 0 });
    const { port } = patient.server.address() as AddressInfo;
    const path = `/logstores/${LOGSTORE}/shards/lb`;
    const headers = { host: `${PROJECT}.127.0.0.1`, "content-type": "application/x-protobuf" };
    const signature = signV4({ method: "POST", path, query: [], headers }, Buffer.alloc(1_000), target, new Date());
    const socket = connect(port, "127.0.0.1");
    const lines = Object.entries({ ...headers, ...signature, "content-length": "1000" });
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
    const dribble = setInterval(() => socket.write("x"), 50);
    const answer = textOf(socket);
    expect((await request(`http://127.0.0.1:${port}/healthz`)).statusCode).toBe(200);
    expect(await answer).toMatch(/^HTTP\/1.1 408 /);
    clearInterval(dribble);
    await patient.close();
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

  const compress = { lz4: compressWithLz4js, deflate: deflateSync, zstd: zstdCompressSync, none: Buffer.from };
  const compressions = Object.keys(compress) as (keyof typeof compress)[];
  const signatures = ["hmac-sha1", "hmac-sha256", "version 4"] as const;

  it.each(compressions.flatMap((compression) => signatures.map((signature) => [compression, signature] as const)))(
    "takes a request made by other code, compressed by %s and signed by %s, and answers as SLS does",
    async (compression, signature) => {
      const eventId = randomUUID();
      const raw = encodeWithProtobufjs({
        Logs: [{ Time: 1_700_000_000, TimeNs: 5, Contents: [{ Key: "event", Value: eventText(eventId) }] }],
        Topic: "topic",
        Source: "10.0.0.1",
        LogTags: [{ Key: "__pack_id__", Value: "1-1" }],
      });
      const body = compress[compression](raw);
      const path = `/logstores/${LOGSTORE}/shards/lb`;
      const headers: Record<string, string> = {
        host: `${PROJECT}.cn-hangzhou.log.example.com`,
        "content-type": "application/x-protobuf",
        "content-md5": contentMd5(body),
        "x-log-apiversion": "0.6.0",
        "x-log-bodyrawsize": String(raw.length),
        ...(compression === "none" ? {} : { "x-log-compresstype": compression }),
        ...(signature === "version 4"
          ? {
              "x-log-date": new Date().toISOString().replace(/[-:]|\.\d+/g, ""),
              "x-log-content-sha256": hash("sha256", body),
            }
          : { date: new Date().toUTCString(), "x-log-signaturemethod": signature }),
      };
      headers.authorization =
        signature === "version 4"
          ? expectedAuthorization({ method: "POST", path, headers }, body, target)
          : expectedAuthorizationV1({ method: "POST", path, headers }, target);
      const response = await request(target.endpoint + path, { method: "POST", headers, body });
      expect({ status: response.statusCode, text: await response.body.text() }).toEqual({ status: 200, text: "" });
      expect(response.headers["x-log-requestid"]).toMatch(/^[0-9A-F]{24}$/);
      const stored = await prisma().log.findFirstOrThrow({ where: { eventId } });
      expect(stored).toMatchObject({ topic: "topic", source: "10.0.0.1", event: eventText(eventId), jobId: null });
    },
  );

  it("takes logs for a shard of the client's choice", async () => {
    const path = `/logstores/${LOGSTORE}/shards/route?key=${"0a".repeat(16)}`;
    expect(await post({ path, body: logGroup([eventText(randomUUID())]) })).toMatchObject({ status: 200, text: "" });
  });

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
