import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PolicyDocument, policyDocumentSchema } from "@/domain/access/policy.ts";
import { RPC_CALLS } from "@/domain/rpc/calls.ts";
import type { NewAccessKey } from "@/server/access/access-keys.ts";
import { prisma } from "@/server/db.ts";
import { provideSettings } from "@/server/env.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { closeQueue } from "@/server/queue.ts";
import { signV4 } from "@/server/sls/signature-v4.ts";
import { addAccessKey } from "@/testing/api-clients.ts";
import { addTrail, createBuiltInAccount, eventText, type HistoryAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { type RawAnswer, type RawRequest, send, signLegacy, signV3 } from "@/testing/rpc-requests.ts";
import { takeAllConnections } from "@/testing/taken-connections.ts";
import { buildServer } from "./server.ts";

const BODY_TIMEOUT_MS = 400;
const MINUTE_MS = 60_000;
const FORM = { "content-type": "application/x-www-form-urlencoded" } as const;

let server: FastifyInstance;
let here: string;
let account: HistoryAccount;
let key: NewAccessKey;

beforeAll(async () => {
  server = buildServer({ bodyTimeoutMs: BODY_TIMEOUT_MS });
  await server.listen({ host: "127.0.0.1", port: 0 });
  here = `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  account = await createBuiltInAccount();
  key = await addAccessKey(account);
});

afterAll(async () => {
  await server.close();
  await closeQueue();
});

/** Status and code, after a look at what every answer has. */
async function verdict(answer: Promise<RawAnswer>): Promise<[number, unknown]> {
  const { status, headers, body } = await answer;
  expect(body.RequestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  expect(headers["x-acs-request-id"]).toBe(body.RequestId);
  return [status, body.Code];
}

function post(body: string | Uint8Array, headers: Record<string, string> = FORM): Promise<RawAnswer> {
  return send(here, { method: "POST", path: "/", headers, body });
}

function get(query: string): Promise<RawAnswer> {
  return send(here, { method: "GET", path: `/?${query}`, headers: {} });
}

describe("bad input is refused by name, and never a fault", () => {
  it.each<[string, () => Promise<RawAnswer>, number, string]>([
    ["nothing at all", () => get(""), 400, "MissingParameter"],
    ["a body over the limit", () => post(`a=${"x".repeat(70_000)}`), 413, "RequestBodyTooLarge"],
    [
      "ten thousand fields",
      () => post(Array.from({ length: 10_000 }, (_, index) => `${index.toString(36)}=`).join("&")),
      400,
      "InvalidQueryParameter",
    ],
    ["a parameter twice in the query", () => get("Action=A&Action=B"), 400, "InvalidQueryParameter"],
    [
      "a parameter in query and body",
      () => send(here, { method: "POST", path: "/?Action=A", headers: FORM, body: "Action=A" }),
      400,
      "InvalidQueryParameter",
    ],
    ["an unknown content type", () => post("<a/>", { "content-type": "text/xml" }), 415, "InvalidContentType"],
    ["a body without a content type", () => post("a=b", {}), 415, "InvalidContentType"],
    ["JSON", () => post("{}", { "content-type": "application/json" }), 415, "InvalidContentType"],
    [
      "a form that is compressed",
      () => post(gzipSync(Buffer.alloc(10_000_000)), { ...FORM, "content-encoding": "gzip" }),
      415,
      "InvalidContentType",
    ],
    ["invalid UTF-8, percent-encoded", () => get("Action=%FF"), 400, "InvalidQueryParameter"],
    ["invalid UTF-8, raw", () => post(Buffer.from([0x61, 0x3d, 0xff])), 400, "InvalidQueryParameter"],
    ["overlong UTF-8", () => get("Action=%C0%AF"), 400, "InvalidQueryParameter"],
    ["a percent sign alone", () => get("Action=%zz"), 400, "InvalidQueryParameter"],
    ["names of JavaScript's own", () => get("__proto__=a&constructor=b&toString=c"), 400, "MissingParameter"],
    [
      "an Authorization header of another kind",
      () => send(here, { method: "POST", path: "/", headers: { authorization: "Basic YTpi" } }),
      400,
      "IncompleteSignature",
    ],
    [
      "XML asked for",
      () => send(here, signLegacy(key, "DescribeRegions", { Format: "XML" })),
      400,
      "InvalidParameterValue",
    ],
    [
      "a NUL in a name",
      () => send(here, signLegacy(key, "StartLogging", { Name: "a\0b" })),
      400,
      "InvalidTrailNameException",
    ],
    [
      "a path in a name",
      () => send(here, signLegacy(key, "StartLogging", { Name: "../../etc/passwd" })),
      400,
      "InvalidTrailNameException",
    ],
    [
      "SQL in a name",
      () => send(here, signLegacy(key, "StartLogging", { Name: "x'; DELETE FROM trail; --" })),
      400,
      "InvalidTrailNameException",
    ],
    [
      "a list with a name that no trail can have",
      () => send(here, signLegacy(key, "DescribeTrails", { NameList: "audit-trail,Not a name" })),
      400,
      "InvalidTrailNameException",
    ],
    [
      "a NUL in a client token",
      () => send(here, signLegacy(key, "CreateDeliveryHistoryJob", { TrailName: "audit-trail", ClientToken: "a\0" })),
      400,
      "InvalidClientToken.Malformed",
    ],
    [
      "a NUL in a value to look up",
      () =>
        send(
          here,
          signLegacy(key, "LookupEvents", { "LookupAttribute.1.Key": "EventName", "LookupAttribute.1.Value": "a\0" }),
        ),
      400,
      "InvalidParameterValue",
    ],
    ["a lone surrogate as bytes", () => get("Action=%ED%A0%80"), 400, "InvalidQueryParameter"],
  ])("%s", async (_, ask, status, code) => {
    expect(await verdict(ask())).toEqual([status, code]);
  });

  it("an empty Format asks for none, and is answered in JSON", async () => {
    expect(await verdict(send(here, signLegacy(key, "DescribeRegions", { Format: "" })))).toEqual([200, undefined]);
  });

  it.each(["PUT", "DELETE", "PATCH", "OPTIONS"] as const)("the method %s", async (method) => {
    const answer = await request(`http://${here}/`, { method });
    expect(answer.statusCode).toBe(405);
    expect(await answer.body.json()).toMatchObject({ Code: "UnsupportedHTTPMethod" });
  });

  it("the method HEAD, whose answers have no body", async () => {
    const { statusCode, headers, body } = await request(`http://${here}/`, { method: "HEAD" });
    expect(statusCode).toBe(405);
    expect(headers["x-acs-request-id"]).toMatch(/^[0-9A-F-]{36}$/);
    expect(await body.text()).toBe("");
  });

  it("an address longer than any", async () => {
    const { statusCode, headers, body } = await request(`http://${here}/?a=${"x".repeat(20_000)}`);
    expect(statusCode).toBe(431);
    expect(await body.json()).toMatchObject({
      Code: "RequestHeaderTooLarge",
      RequestId: headers["x-acs-request-id"],
    });
  });

  it("what is no HTTP", async () => {
    const [host = "", port] = here.split(":");
    const socket = connect(Number(port), host);
    socket.end("EHLO example\r\n\r\n");
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain("x-content-type-options: nosniff\r\n");
    expect(JSON.parse(answer.slice(answer.indexOf("{")))).toMatchObject({
      Code: "MalformedRequest",
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    });
  });

  it("a body that comes a byte at a time", async () => {
    const slow = httpRequest(`http://${here}/`, { method: "POST", headers: { ...FORM, "content-length": "1000" } });
    slow.on("error", () => undefined);
    const bytes = setInterval(() => slow.write("a"), BODY_TIMEOUT_MS / 10);
    const [answer] = await once(slow, "response");
    clearInterval(bytes);
    slow.destroy();
    expect(answer.statusCode).toBe(408);
  });
});

describe("a NUL in a text of a trail is refused by name, and nothing is left behind", () => {
  it.each<[string, Record<string, string>, string]>([
    ["SlsWriteRoleArn", { SlsWriteRoleArn: "a\0b" }, "InvalidParameterValue"],
    ["OssWriteRoleArn", { OssBucketName: "archive", OssWriteRoleArn: "a\0b" }, "InvalidParameterValue"],
    ["OssBucketName", { OssBucketName: "arch\0ive" }, "InvalidParameterValue"],
    ["OssKeyPrefix", { OssKeyPrefix: "prefix\0" }, "InvalidPrefixException"],
    ["MaxComputeProjectArn", { MaxComputeProjectArn: "a\0b" }, "InvalidParameterValue"],
    ["MaxComputeWriteRoleArn", { MaxComputeProjectArn: "a", MaxComputeWriteRoleArn: "a\0b" }, "InvalidParameterValue"],
    ["TrailRegion", { TrailRegion: "cn-beijing\0" }, "InvalidParameterValue"],
    ["a project's name", { SlsProjectArn: "acs:log:cn-hangzhou:OWN:project/a\0b" }, "SlsProjectDoesNotExistException"],
    [
      "a project's region",
      { SlsProjectArn: "acs:log:cn\0:OWN:project/history-test" },
      "SlsProjectDoesNotExistException",
    ],
  ])("%s", async (_, parameters, code) => {
    const own = await createBuiltInAccount();
    const by = await addAccessKey(own);
    const given = Object.fromEntries(
      Object.entries(parameters).map(([name, text]) => [name, text.replace("OWN", own.accountId)]),
    );
    const ask = (action: string, more: Record<string, string>) =>
      verdict(send(here, signV3(by, here, action, { parameters: { ...more, ...given } })));
    const SlsProjectArn = `acs:log:cn-hangzhou:${own.accountId}:project/history-test`;
    expect(await ask("CreateTrail", { Name: "audit-trail", SlsProjectArn })).toEqual([400, code]);
    expect(await prisma().trail.count({ where: { accountId: own.accountId } })).toBe(0);
    expect(await prisma().logstore.count({ where: { logProject: { accountId: own.accountId } } })).toBe(0);
    await addTrail(own, { name: "other-trail" });
    const before = await prisma().trail.findFirst({ where: { accountId: own.accountId } });
    expect(await ask("UpdateTrail", { Name: "other-trail" })).toEqual([400, code]);
    expect(await prisma().trail.findFirst({ where: { accountId: own.accountId } })).toEqual(before);
  });
});

it("a service whose database connections are all taken says so, and answers again when one is free", async () => {
  const release = await takeAllConnections();
  try {
    const { status, body } = await send(here, signV3(key, here, "DescribeTrails"));
    expect([status, body.Code, body.Message]).toEqual([
      503,
      "ServiceUnavailable",
      "The service is unavailable. Please try again later.",
    ]);
    expect(body).toMatchObject({ RequestId: expect.any(String), HostId: here, Recommend: expect.any(String) });
  } finally {
    release();
  }
  expect((await send(here, signV3(key, here, "DescribeTrails"))).status).toBe(200);
});

it.each([
  ["V3", (by: NewAccessKey) => signV3(by, here, "DescribeTrails")],
  ["the legacy kind", (by: NewAccessKey) => signLegacy(by, "DescribeTrails")],
])("a fault of its own is answered to a request of %s with a reference and no more", async (_, sign) => {
  const broken = await addAccessKey(await createBuiltInAccount());
  await prisma().accessKey.update({ where: { id: broken.id }, data: { secretCiphertext: "v1.not.a.secret" } });
  const { status, headers, body } = await send(here, sign(broken));
  const requestId = headers["x-acs-request-id"];
  expect(requestId).toMatch(/^[0-9A-F-]{36}$/);
  expect({ status, body }).toEqual({
    status: 500,
    body: {
      RequestId: requestId,
      HostId: here,
      Code: "InternalError",
      Message:
        "An error occurred while processing your request. Please try again. If the problem still exists, submit a ticket.",
      Recommend: `https://api.aliyun.com/troubleshoot?q=InternalError&product=Actiontrail&requestId=${requestId}`,
    },
  });
});

describe("a signature", () => {
  const v3 = (options: Parameters<typeof signV3>[3] = {}, action = "DescribeTrails", by = key) =>
    send(here, signV3(by, here, action, options));
  const legacy = (parameters: Record<string, string> = {}, action = "DescribeTrails", by = key) =>
    send(here, signLegacy(by, action, parameters));
  const without = ({ headers, ...rest }: RawRequest, name: string): RawRequest => ({
    ...rest,
    headers: Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name)),
  });
  const at = (minutes: number) => new Date(Date.now() + minutes * MINUTE_MS);
  const text = (time: Date) => `${time.toISOString().slice(0, 19)}Z`;

  it.each<[string, () => Promise<RawAnswer>, number, string | undefined]>([
    ["of V3", () => v3(), 200, undefined],
    ["of V3, 14 minutes old", () => v3({ signedAt: at(-14) }), 200, undefined],
    ["of V3, 16 minutes old", () => v3({ signedAt: at(-16) }), 400, "InvalidTimeStamp.Expired"],
    ["of V3, 16 minutes ahead", () => v3({ signedAt: at(16) }), 400, "InvalidTimeStamp.Expired"],
    [
      "of V3 with another secret",
      () => v3({}, "DescribeTrails", { ...key, secret: "x" }),
      400,
      "SignatureDoesNotMatch",
    ],
    [
      "of V3 with an unknown key",
      () => v3({}, "DescribeTrails", { ...key, id: "LTAInone" }),
      404,
      "InvalidAccessKeyId.NotFound",
    ],
    ["of V3 for an unknown call", () => v3({}, "NoSuchCall"), 404, "InvalidAction.NotFound"],
    ["of V3 for a call of another's", () => v3({}, "toString"), 404, "InvalidAction.NotFound"],
    ["of V3 for another version", () => v3({ version: "2017-12-04" }), 400, "InvalidVersion"],
    ["of V3 with a bad date", () => v3({ headers: { "x-acs-date": "today" } }), 400, "InvalidTimeStamp.Format"],
    [
      "of V3 without a date",
      () =>
        send(
          here,
          without(
            signV3(key, here, "DescribeTrails", {
              signed: ["host", "x-acs-action", "x-acs-version", "x-acs-signature-nonce", "x-acs-content-sha256"],
            }),
            "x-acs-date",
          ),
        ),
      400,
      "MissingParameter",
    ],
    [
      "of V3 that leaves the host out",
      () =>
        v3({
          signed: ["x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"],
        }),
      400,
      "IncompleteSignature",
    ],
    [
      "of V3 that leaves an x-acs header out",
      () =>
        v3({
          headers: { "x-acs-extra": "1" },
          signed: [
            "host",
            "x-acs-action",
            "x-acs-version",
            "x-acs-date",
            "x-acs-signature-nonce",
            "x-acs-content-sha256",
          ],
        }),
      400,
      "IncompleteSignature",
    ],
    [
      "of V3 over another body",
      async () =>
        send(here, {
          ...signV3(key, here, "DescribeTrails", { headers: FORM, body: "NameList=trail-a" }),
          body: "NameList=trail-b",
        }),
      400,
      "SignatureDoesNotMatch",
    ],
    ["of V3 over a form", () => v3({ headers: FORM, body: "NameList=trail-a" }), 200, undefined],
    ["of the legacy kind", () => legacy(), 200, undefined],
    ["of the legacy kind, 30 minutes old", () => legacy({ Timestamp: text(at(-30)) }), 200, undefined],
    ["of the legacy kind, 32 minutes old", () => legacy({ Timestamp: text(at(-32)) }), 400, "InvalidTimeStamp.Expired"],
    [
      "of the legacy kind with another secret",
      () => legacy({}, "DescribeTrails", { ...key, secret: "x" }),
      400,
      "SignatureDoesNotMatch",
    ],
    [
      "of the legacy kind with an unknown key",
      () => legacy({ AccessKeyId: "LTAInone" }),
      404,
      "InvalidAccessKeyId.NotFound",
    ],
    [
      "of the legacy kind with a key's id that is none",
      () => legacy({ AccessKeyId: "a\0'" }),
      404,
      "InvalidAccessKeyId.NotFound",
    ],
    [
      "of the legacy kind in another method",
      () => legacy({ SignatureMethod: "HMAC-SHA256" }),
      400,
      "IncompleteSignature",
    ],
    [
      "of the legacy kind with a bad time",
      () => legacy({ Timestamp: "2026-02-30T00:00:00Z" }),
      400,
      "InvalidTimeStamp.Format",
    ],
    ["of the legacy kind without a nonce", () => legacy({ SignatureNonce: "" }), 400, "MissingParameter"],
    ["of the legacy kind for another version", () => legacy({ Version: "2017-12-04" }), 400, "InvalidVersion"],
    ["of the legacy kind for events", () => legacy({}, "PutEvents"), 400, "IncompleteSignature"],
  ])("%s", async (_, ask, status, code) => {
    expect(await verdict(ask())).toEqual([status, code]);
  });

  it("that does not match says over what it was compared", async () => {
    const { body } = await v3({}, "DescribeTrails", { ...key, secret: "x" });
    expect(body.Message).toMatch(
      /^Specified signature is not matched with our calculation\. server string to sign is:ACS3-HMAC-SHA256\n[0-9a-f]{64}$/,
    );
  });

  it("of a key that is switched off is refused, and the audit knows", async () => {
    const other = await createBuiltInAccount();
    const inactive = await addAccessKey(other);
    await prisma().accessKey.update({ where: { id: inactive.id }, data: { status: "Inactive" } });
    expect(await verdict(v3({}, "DescribeTrails", inactive))).toEqual([403, "InvalidAccessKeyId.Inactive"]);
    expect(await verdict(v3({}, "DescribeTrails", { ...inactive, secret: "x" }))).toEqual([
      400,
      "SignatureDoesNotMatch",
    ]);
    expect(await refusalsOf(other)).toEqual([["actiontrail:DescribeTrails", "InvalidAccessKeyId.Inactive"]]);
  });
});

function refusalsOf({ accountId }: HistoryAccount): Promise<[string, string | null][]> {
  return prisma()
    .auditEntry.findMany({ where: { accountId, outcome: "refused" }, orderBy: { at: "asc" } })
    .then((entries) => entries.map(({ action, errorCode }) => [action, errorCode]));
}

describe("two api processes", () => {
  let process: ProductProcess;
  let there: string;

  beforeAll(async () => {
    const port = await findFreePort();
    there = `127.0.0.1:${port}`;
    process = await startProduct("api/main.ts", { API_PORT: String(port) });
  });

  afterAll(() => process.stop());

  it.each([
    ["V3", () => signV3(key, here, "DescribeTrails")],
    ["legacy", () => signLegacy(key, "DescribeTrails")],
  ])("take a request of %s that is sent to both at once exactly once", async (_, sign) => {
    const signed = sign();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => send(index % 2 === 0 ? here : there, signed)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.Code === "SignatureNonceUsed")).toHaveLength(11);
  });

  it("keep an account within its calls per second together, and let the next account in", async () => {
    const second = () => Math.floor(Date.now() / 1_000);
    const begunIn = second();
    const sent = Array.from({ length: 60 }, (_, index) => {
      const to = index % 2 === 0 ? here : there;
      return send(
        to,
        signV3(key, to, "UpdateGlobalEventsStorageRegion", { parameters: { StorageRegion: "cn-beijing" } }),
      );
    });
    const answers = await Promise.all(sent);
    const secondsSpanned = second() - begunIn;
    const accepted = answers.filter(({ status }) => status === 200);
    expect(accepted.length).toBeLessThanOrEqual(
      RPC_CALLS.UpdateGlobalEventsStorageRegion.perSecondMax * (secondsSpanned + 1),
    );
    const throttled = answers.filter(({ body }) => body.Code === "Throttling.User");
    expect(throttled.length).toBeGreaterThan(0);
    for (const { status, headers } of throttled) {
      expect(status).toBe(400);
      expect(Number(headers["x-acs-retry-after"])).toBeGreaterThan(0);
      expect(Number(headers["x-acs-retry-after"])).toBeLessThanOrEqual(1_000);
    }
    const other = await addAccessKey(await createBuiltInAccount());
    const { status } = await send(here, signV3(other, here, "GetGlobalEventsStorageRegion"));
    expect(status).toBe(200);
  });
});

describe("a key's policy", () => {
  const policyOf = (...statements: object[]): PolicyDocument =>
    policyDocumentSchema.parse({
      Version: "1",
      Statement: statements.map((one) => ({ Effect: "Allow", Resource: "*", ...one })),
    });
  const ask = (by: NewAccessKey, action: string, parameters: Record<string, string> = {}) =>
    verdict(send(here, signV3(by, here, action, { parameters })));

  it("decides, and what it refuses is in the audit", async () => {
    const own = await createBuiltInAccount();
    const reader = await addAccessKey(own, policyOf({ Action: "actiontrail:Describe*" }));
    expect(await ask(reader, "DescribeTrails")).toEqual([200, undefined]);
    expect(await ask(reader, "DescribeRegions")).toEqual([200, undefined]);
    expect(await ask(reader, "CreateDeliveryHistoryJob")).toEqual([403, "NoPermission"]);
    expect(await ask(reader, "LookupEvents")).toEqual([403, "NoPermission"]);
    expect(await refusalsOf(own)).toEqual([
      ["actiontrail:CreateDeliveryHistoryJob", "NoPermission"],
      ["actiontrail:LookupEvents", "NoPermission"],
    ]);
  });

  it("for one region is not for a trail at home in another, whatever region the call names", async () => {
    const own = await createBuiltInAccount();
    await addTrail(own, { name: "audit-trail" });
    const regional = await addAccessKey(own, policyOf({ Action: "*", Resource: "acs:actiontrail:cn-beijing:*" }));
    expect(await ask(regional, "StartLogging", { Name: "audit-trail", RegionId: "cn-beijing" })).toEqual([
      403,
      "NoPermission",
    ]);
    expect(
      await ask(regional, "CreateDeliveryHistoryJob", { TrailName: "audit-trail", RegionId: "cn-beijing" }),
    ).toEqual([403, "NoPermission"]);
    expect(await ask(regional, "ListDeliveryHistoryJobs", { RegionId: "cn-beijing" })).toEqual([200, undefined]);
  });

  it("for one region lists no trail and no job at home in another, on no page, and counts none", async () => {
    const own = await createBuiltInAccount();
    const full = await addAccessKey(own);
    for (const [name, homeRegion] of [
      ["first-trail", "cn-beijing"],
      ["other-trail", "cn-hangzhou"],
      ["third-trail", "cn-beijing"],
    ] as const) {
      await addTrail(own, { name, homeRegion });
      await createHistoryJob(own.scope("actiontrail:CreateDeliveryHistoryJob"), {
        trailName: name,
        clientToken: "",
        window: { kind: "default" },
        reason: "",
      });
    }
    const regional = await addAccessKey(own, policyOf({ Action: "*", Resource: "acs:actiontrail:cn-beijing:*" }));
    const listed = async (by: NewAccessKey, PageNumber: string, PageSize: string) => {
      const parameters = { RegionId: "cn-beijing", PageNumber, PageSize };
      const { body } = await send(here, signV3(by, here, "ListDeliveryHistoryJobs", { parameters }));
      const jobs = body.DeliveryHistoryJobs as { TrailName: string }[];
      return [body.TotalCount, ...jobs.map(({ TrailName }) => TrailName)];
    };
    expect(await listed(full, "1", "10")).toEqual([3, "third-trail", "other-trail", "first-trail"]);
    expect(await listed(regional, "1", "1")).toEqual([2, "third-trail"]);
    expect(await listed(regional, "2", "1")).toEqual([2, "first-trail"]);
    const parameters = { RegionId: "cn-beijing", IncludeShadowTrails: "true" };
    const { body } = await send(here, signV3(regional, here, "DescribeTrails", { parameters }));
    expect(body.TrailList).toMatchObject([{ Name: "first-trail" }, { Name: "third-trail" }]);
  });

  it("for one trail is for no other", async () => {
    const own = await createBuiltInAccount();
    await addTrail(own, { name: "audit-trail" });
    await addTrail(own, { name: "other-trail" });
    const one = await addAccessKey(own, policyOf({ Action: "*", Resource: "acs:actiontrail:*:*:trail/audit-trail" }));
    expect(await ask(one, "StartLogging", { Name: "audit-trail" })).toEqual([200, undefined]);
    expect(await ask(one, "StartLogging", { Name: "other-trail" })).toEqual([403, "NoPermission"]);
  });

  it("is shown no trail that it is denied", async () => {
    const own = await createBuiltInAccount();
    await addTrail(own, { name: "audit-trail" });
    await addTrail(own, { name: "secret-trail" });
    const deny = { Effect: "Deny", Action: "*", Resource: "acs:actiontrail:*:*:trail/secret-trail" };
    const one = await addAccessKey(own, policyOf({ Action: "*" }, deny));
    const { body } = await send(here, signV3(one, here, "DescribeTrails"));
    expect(body.TrailList).toMatchObject([{ Name: "audit-trail" }]);
  });

  it("knows where a request comes from, and how", async () => {
    const fromHere = { IpAddress: { "acs:SourceIp": "127.0.0.0/8" } };
    const secure = { Bool: { "acs:SecureTransport": "true" } };
    const later = { DateGreaterThan: { "acs:CurrentTime": "2100-01-01T00:00:00Z" } };
    const of = (Condition: object) => addAccessKey(account, policyOf({ Action: "*", Condition }));
    expect(await ask(await of(fromHere), "DescribeTrails")).toEqual([200, undefined]);
    expect(await ask(await of(secure), "DescribeTrails")).toEqual([403, "NoPermission"]);
    expect(await ask(await of(later), "DescribeTrails")).toEqual([403, "NoPermission"]);
  });

  it("reaches no other account", async () => {
    const other = await createBuiltInAccount();
    await addTrail(other, { name: "others-trail" });
    expect(await ask(key, "GetTrailStatus", { Name: "others-trail" })).toEqual([404, "TrailNotFoundException"]);
  });

  it("is looked at before shape, and a write that never came to its command is in the audit", async () => {
    const own = await createBuiltInAccount();
    const full = await addAccessKey(own);
    expect(await ask(full, "StopLogging", { Name: "'; DROP TABLE trail" })).toEqual([400, "InvalidTrailNameException"]);
    expect(await refusalsOf(own)).toEqual([["actiontrail:StopLogging", "InvalidTrailNameException"]]);
  });
});

describe("what is said of where a request comes from", () => {
  /** Takes the word of whoever connects to it here; the other server takes nobody's. */
  let behindProxy: ProductProcess;
  let there: string;

  beforeAll(async () => {
    const port = await findFreePort();
    there = `127.0.0.1:${port}`;
    behindProxy = await startProduct("api/main.ts", { API_PORT: String(port), TRUSTED_PROXIES: "127.0.0.1/32" });
  });

  afterAll(() => behindProxy.stop());

  const CLIENT = "198.51.100.7";
  const STRANGER = "203.0.113.9";
  const FROM_CLIENT_BY_TLS = policyDocumentSchema.parse({
    Version: "1",
    Statement: [
      {
        Effect: "Allow",
        Action: "*",
        Resource: "*",
        Condition: { IpAddress: { "acs:SourceIp": CLIENT }, Bool: { "acs:SecureTransport": "true" } },
      },
    ],
  });

  type Forwarded = { readonly "x-forwarded-for"?: string; readonly "x-forwarded-proto"?: string };

  /** A write of the vendor's API, which the audit notes whatever becomes of it. */
  async function statusOfWrite(to: string, by: NewAccessKey, forwarded: Forwarded): Promise<number> {
    const parameters = { StorageRegion: "cn-beijing" };
    const signed = signV3(by, to, "UpdateGlobalEventsStorageRegion", { parameters });
    return (await send(to, { ...signed, headers: { ...signed.headers, ...forwarded } })).status;
  }

  /** A call of the built-in log service. */
  async function statusOfListing(to: string, by: NewAccessKey, forwarded: Forwarded): Promise<number> {
    const headers = { host: "history-test.127.0.0.1", "x-log-apiversion": "0.6.0" };
    const signing = { region: "cn-hangzhou", accessKeyId: by.id, accessKeySecret: by.secret };
    const target = { method: "GET", path: "/logstores", query: [], headers };
    const signature = signV4(target, Buffer.alloc(0), signing, new Date());
    const { statusCode, body } = await request(`http://${to}/logstores`, {
      headers: { ...headers, ...signature, ...forwarded },
    });
    await body.dump();
    return statusCode;
  }

  const byTls = { "x-forwarded-proto": "https" };

  it.each<[string, "proxy" | "anybody", Forwarded, boolean, string]>([
    ["a proxy's word on both counts", "proxy", { "x-forwarded-for": CLIENT, ...byTls }, true, CLIENT],
    [
      "what a client forges does not make a proxy's word worse",
      "proxy",
      { "x-forwarded-for": `${STRANGER}, ${CLIENT}`, "x-forwarded-proto": "http, https" },
      true,
      CLIENT,
    ],
    [
      "an address that a client forges does not count behind a proxy",
      "proxy",
      { "x-forwarded-for": `${CLIENT}, ${STRANGER}`, ...byTls },
      false,
      STRANGER,
    ],
    [
      "TLS that a client forges does not count behind a proxy",
      "proxy",
      { "x-forwarded-for": CLIENT, "x-forwarded-proto": "https, http" },
      false,
      CLIENT,
    ],
    ["a proxy that says nothing of TLS has none", "proxy", { "x-forwarded-for": CLIENT }, false, CLIENT],
    ["anybody else's word counts for nothing", "anybody", { "x-forwarded-for": CLIENT, ...byTls }, false, "127.0.0.1"],
  ])("%s", async (_, whose, forwarded, isAllowed, from) => {
    const own = await createBuiltInAccount();
    const by = await addAccessKey(own, FROM_CLIENT_BY_TLS);
    const to = whose === "proxy" ? there : here;
    expect(await statusOfWrite(to, by, forwarded)).toBe(isAllowed ? 200 : 403);
    expect(await statusOfListing(to, by, forwarded)).toBe(isAllowed ? 200 : 401);
    const entries = await prisma().auditEntry.findMany({
      where: { accountId: own.accountId, actorId: by.id },
      orderBy: { at: "asc" },
      select: { action: true, outcome: true, from: true },
    });
    const write = { action: "actiontrail:UpdateGlobalEventsStorageRegion", from };
    expect(entries).toEqual(
      isAllowed
        ? [{ ...write, outcome: "allowed" }]
        : [
            { ...write, outcome: "refused" },
            { action: "log:ListLogStores", outcome: "refused", from },
          ],
    );
  });
});

describe("an answer", () => {
  it.each<[string, "GET" | "PUT", string]>([
    ["of a call", "GET", "/?Action=DescribeRegions"],
    ["to another method", "PUT", "/"],
    ["of the log service", "GET", "/logstores"],
    ["of a probe", "GET", "/healthz"],
    ["to what is not there", "GET", "/nothing/here"],
    ["to a path that cannot be decoded", "GET", "/%zz"],
  ])("%s is of the type that it says, and by TLS alone asks for TLS from then on", async (_, method, path) => {
    for (const { proxies, proto, asks } of [
      { proxies: "127.0.0.1/32", proto: "https", asks: "max-age=31536000; includeSubDomains" },
      { proxies: "127.0.0.1/32", proto: "http", asks: undefined },
      { proxies: "", proto: "https", asks: undefined },
    ]) {
      provideSettings({ TRUSTED_PROXIES: proxies });
      const own = buildServer();
      const { headers } = await own.inject({
        method,
        url: path,
        remoteAddress: "127.0.0.1",
        headers: { "x-forwarded-proto": proto },
      });
      await own.close();
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["strict-transport-security"]).toBe(asks);
    }
    provideSettings({ TRUSTED_PROXIES: "" });
  });
});

describe("PutEvents", () => {
  const EVERYTHING = policyDocumentSchema.parse({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  });
  const put = (body: string | Uint8Array, headers: Record<string, string> = {}, by = key) =>
    send(
      here,
      signV3(by, here, "PutEvents", { body, headers: { "content-type": "application/x-ndjson", ...headers } }),
    );

  it("records the events of a signed body and says what became of each", async () => {
    const recorder = await addAccessKey(
      account,
      policyDocumentSchema.parse({
        Version: "1",
        Statement: [{ Effect: "Allow", Action: "backtrail:PutEvents", Resource: "*" }],
      }),
    );
    const eventId = "A-1";
    const lines = [eventText({ eventTime: new Date(), eventId }), "{}"].join("\n");
    expect((await put(gzipSync(lines), { "content-encoding": "gzip" }, recorder)).body).toMatchObject({
      Recorded: 1,
      Refused: 1,
      Outcomes: [
        { Line: 1, Outcome: "recorded", EventId: eventId },
        { Line: 2, Outcome: "refused", Reason: expect.any(String) },
      ],
    });
    expect((await put(lines, {}, recorder)).body).toMatchObject({ Recorded: 0, Present: 1, Refused: 1 });
    expect(await verdict(put(lines))).toEqual([403, "NoPermission"]);
  });

  it("takes events in zstd, and LookupEvents finds them as they were sent", async () => {
    const own = await createBuiltInAccount();
    const recorder = await addAccessKey(own, EVERYTHING);
    const [older, newer] = [2, 1].map((hours) =>
      eventText({ eventTime: new Date(Date.now() - hours * 60 * MINUTE_MS) }),
    );
    const body = zstdCompressSync(`${older}\n${newer}\n`);
    const compressed = { "content-encoding": "zstd" };
    expect((await put(body, compressed, recorder)).body).toMatchObject({ Recorded: 2, Refused: 0 });
    expect((await put(body, compressed, recorder)).body).toMatchObject({ Recorded: 0, Present: 2 });
    const { body: found } = await send(here, signV3(recorder, here, "LookupEvents"));
    expect(found.Events).toEqual([newer, older].map((text) => JSON.parse(text ?? "")));
  });

  it("in zstd that breaks off records nothing, and the account's audit has the refusal", async () => {
    const own = await createBuiltInAccount();
    const recorder = await addAccessKey(own, EVERYTHING);
    const body = zstdCompressSync(eventText({ eventTime: new Date() })).subarray(0, -4);
    expect(await verdict(put(body, { "content-encoding": "zstd" }, recorder))).toEqual([400, "InvalidEvents"]);
    expect(await refusalsOf(own)).toEqual([["backtrail:PutEvents", "InvalidEvents"]]);
    expect(await prisma().event.count({ where: { accountId: own.accountId } })).toBe(0);
  });

  it("takes no bomb and no more than 4 MB", async () => {
    const recorder = await addAccessKey(account, EVERYTHING);
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(await verdict(put(bomb, { "content-encoding": "gzip" }, recorder))).toEqual([400, "InvalidEvents"]);
    expect(await verdict(put(Buffer.alloc(4 * 1024 * 1024 + 1), {}, recorder))).toEqual([413, "RequestBodyTooLarge"]);
    expect(await verdict(put("{}", { "content-encoding": "br" }, recorder))).toEqual([400, "InvalidEvents"]);
  });
});
