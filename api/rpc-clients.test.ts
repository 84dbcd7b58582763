import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SYSTEM_POLICIES } from "@/domain/access/system-policy.ts";
import { prisma } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { addAccessKey, type Caller, CLIENTS, callerOf } from "@/testing/api-clients.ts";
import {
  addTrail,
  createBuiltInAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { takeAllConnections } from "@/testing/taken-connections.ts";
import { buildServer } from "./server.ts";

// What every one of the vendor's clients has to be able to do and has to understand; rpc.test.ts has each call and refusal at length.

const TRAIL = "audit-trail";
const HOUR_MS = 3_600_000;

const NO_PROJECT = "SlsProjectDoesNotExistException";
const MANY_PARAMETERS = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`Extra${index}`, "1"]));

let server: FastifyInstance;
let here: string;

beforeAll(async () => {
  server = buildServer();
  await server.listen({ host: "127.0.0.1", port: 0 });
  here = `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await server.close();
  await closeQueue();
});

async function refusal(outcome: ReturnType<Caller>): Promise<[number, unknown]> {
  const { status, body } = await outcome;
  return [status, body.Code];
}

describe.each(CLIENTS)("%s", (kind) => {
  const clientOf = async (account: HistoryAccount) => callerOf(kind, here, await addAccessKey(account));

  it("reads and changes what is neither trail nor job", async () => {
    const account = await createBuiltInAccount();
    const call = await clientOf(account);
    const text = eventText({ eventTime: new Date(Date.now() - HOUR_MS) });
    await recordTexts(account, [text]);
    const { eventName } = JSON.parse(text) as { eventName: string };
    const asked = { "LookupAttribute.1.Key": "EventName", "LookupAttribute.1.Value": eventName, MaxResults: 50 };
    expect((await call("LookupEvents", asked)).body.Events).toEqual([JSON.parse(text)]);
    expect((await call("LookupEvents", { ...asked, "LookupAttribute.1.Value": "Nothing" })).body.Events).toEqual([]);
    expect((await call("DescribeRegions", { AcceptLanguage: "en-US" })).body).toHaveProperty("Regions.Region");
    await call("UpdateGlobalEventsStorageRegion", { StorageRegion: "ap-southeast-1" });
    expect((await call("GetGlobalEventsStorageRegion")).body).toMatchObject({ StorageRegion: "ap-southeast-1" });
    expect((await call("DescribeUserTrailCount")).body).toHaveProperty("Data.Counts");
    expect((await call("DescribeUserLogCount")).body).toHaveProperty("Data.Counts");
  });

  it("lists jobs and deletes one", async () => {
    const account = await createBuiltInAccount();
    const call = await clientOf(account);
    await addTrail(account, { name: TRAIL, logstore: true });
    const { JobId } = (await call("CreateDeliveryHistoryJob", { TrailName: TRAIL })).body;
    const list = () => call("ListDeliveryHistoryJobs", { PageNumber: 1, PageSize: 50 });
    expect((await list()).body).toMatchObject({ DeliveryHistoryJobs: [{ JobId }], TotalCount: 1 });
    expect((await call("DeleteDeliveryHistoryJob", { JobId: Number(JobId) })).status).toBe(200);
    expect((await list()).body).toMatchObject({ DeliveryHistoryJobs: [], TotalCount: 0 });
  });

  it("is told why it may not", async () => {
    const account = await createBuiltInAccount();
    const key = await addAccessKey(account);
    const ask = (by: typeof key) => refusal(callerOf(kind, here, by)("DescribeTrails"));
    expect(await ask({ ...key, secret: `${key.secret}x` })).toEqual([400, "SignatureDoesNotMatch"]);
    expect(await ask({ ...key, id: "LTAI5tNobody" })).toEqual([404, "InvalidAccessKeyId.NotFound"]);
    await prisma().accessKey.update({ where: { id: key.id }, data: { status: "Inactive" } });
    expect(await ask(key)).toEqual([403, "InvalidAccessKeyId.Inactive"]);
    const reader = await addAccessKey(account, SYSTEM_POLICIES.AliyunActionTrailReadOnlyAccess);
    const write = callerOf(kind, here, reader)("StartLogging", { Name: TRAIL });
    expect(await refusal(write)).toEqual([403, "NoPermission"]);
  });

  // The codes that UpdateTrail's page lists and Backtrail sends (docs/compatibility.md has the others), and what its parameters may not be.
  it.each<[string, Record<string, string>, number, string]>([
    ["a trail that is not there", { Name: "unknown-trail", EventRW: "All" }, 404, "TrailNotFoundException"],
    ["a project that is not there", { SlsProjectArn: "acs:log:cn-hangzhou:1:project/no" }, 400, NO_PROJECT],
    ["no destination", { SlsProjectArn: "" }, 400, "InvalidDeliveryConfigurationException"],
    ["a prefix that is none", { OssBucketName: "bucket", OssKeyPrefix: "1" }, 400, "InvalidPrefixException"],
    ["a name that is none", { Name: "Upper-Case" }, 400, "InvalidTrailNameException"],
    ["no trail's name", { Name: "" }, 400, "MissingName"],
    ["events of no kind", { EventRW: "Some" }, 400, "InvalidParameterValue"],
    ["more parameters than a call has", MANY_PARAMETERS, 400, "InvalidQueryParameter"],
  ])("is told why a trail cannot be changed: %s", async (_, changes, status, code) => {
    const account = await createBuiltInAccount();
    const call = await clientOf(account);
    await addTrail(account, { name: TRAIL, logstore: true });
    expect(await refusal(call("UpdateTrail", { Name: TRAIL, ...changes }))).toEqual([status, code]);
    expect((await call("UpdateTrail", { Name: TRAIL, EventRW: "Read" })).body).toMatchObject({ EventRW: "Read" });
  });

  it("is told that the service is busy, which is all that List and Delete document", async () => {
    const call = await clientOf(await createBuiltInAccount());
    const giveBack = await takeAllConnections();
    try {
      expect(await refusal(call("ListDeliveryHistoryJobs"))).toEqual([503, "ServiceUnavailable"]);
      expect(await refusal(call("DeleteDeliveryHistoryJob", { JobId: 1 }))).toEqual([503, "ServiceUnavailable"]);
    } finally {
      giveBack();
    }
  });

  it("is told to slow down", async () => {
    const call = await clientOf(await createBuiltInAccount());
    const answers = await Promise.all(Array.from({ length: 60 }, () => call("GetGlobalEventsStorageRegion")));
    const throttled = answers.filter(({ status }) => status !== 200);
    expect(throttled.length).toBeGreaterThan(0);
    expect(throttled.map(({ status, body }) => [status, body.Code])).toEqual(
      throttled.map(() => [400, "Throttling.User"]),
    );
  });
});

it("a client that signs in a way that Backtrail does not know is told so, and nothing is changed", async () => {
  const account = await createBuiltInAccount();
  const key = await addAccessKey(account);
  await addTrail(account, { name: TRAIL, logstore: true });
  const update = { Name: TRAIL, EventRW: "Read" };
  const inSm3 = callerOf("openapi-client SM3", here, key)("UpdateTrail", update);
  expect(await refusal(inSm3)).toEqual([400, "IncompleteSignature"]);
  const inMd5 = callerOf("pop-core POST", here, key)("UpdateTrail", { ...update, SignatureMethod: "HMAC-MD5" });
  expect(await refusal(inMd5)).toEqual([400, "IncompleteSignature"]);
  expect(await prisma().trail.findFirst({ where: { accountId: account.accountId } })).toMatchObject({ eventRW: "All" });
});
