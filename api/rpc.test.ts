import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SYSTEM_POLICIES } from "@/domain/access/system-policy.ts";
import { recordAuditEvents } from "@/server/access/audit.ts";
import { prisma } from "@/server/db.ts";
import { addAccessKey, type Caller, CLIENTS, type ClientKind, callerOf } from "@/testing/api-clients.ts";
import { addTrail, createBuiltInAccount, eventText, recordTexts } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { waitUntil } from "@/testing/wait-until.ts";

// The vendor's own clients against a running api process: every call, and every refusal that Backtrail has for it.

const TRAIL = "audit-trail";
const HOUR_MS = 3_600_000;

let api: ProductProcess;
let address: string;

beforeAll(async () => {
  const port = await findFreePort();
  address = `127.0.0.1:${port}`;
  api = await startProduct("api/main.ts", { API_PORT: String(port), FLOW_CONTROL: "off" });
});

afterAll(() => api.stop());

/** What the account's audit, and its history, have of what was answered with this RequestId: one entry and its event. */
async function traceOf(accountId: string, requestId: unknown) {
  const entries = await prisma().auditEntry.findMany({ where: { accountId, requestId: String(requestId) } });
  expect(entries).toHaveLength(1);
  const event = await waitUntil("the entry is an event", 30_000, async () => {
    await recordAuditEvents();
    return await prisma().event.findFirst({ where: { accountId, eventId: entries[0]?.id ?? "" } });
  });
  return { entry: entries[0], event: JSON.parse(event.body) };
}

async function newClient(kind: ClientKind = "openapi-client POST") {
  const account = await createBuiltInAccount();
  const key = await addAccessKey(account);
  const projectArn = `acs:log:cn-hangzhou:${account.accountId}:project/history-test`;
  return { account, projectArn, call: callerOf(kind, address, key) };
}

/** Status and code of a refusal. */
async function refusal(outcome: ReturnType<Caller>): Promise<[number, unknown]> {
  const { status, body } = await outcome;
  return [status, body.Code];
}

const REQUEST_ID = expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
const TIME = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);

describe.each(CLIENTS)("%s", (kind) => {
  it("creates a job, gets the same one for the same token, and finds it", async () => {
    const { account, call } = await newClient(kind);
    await addTrail(account, { name: TRAIL, logstore: true, trailRegion: "cn-hangzhou,cn-beijing" });
    const token = "Token-A !*'()~+/=%";
    const created = await call("CreateDeliveryHistoryJob", { TrailName: TRAIL, ClientToken: token });
    expect(created).toEqual({ status: 200, body: { RequestId: REQUEST_ID, JobId: expect.any(Number) } });
    const { JobId } = created.body as { JobId: number };
    const repeated = await call("CreateDeliveryHistoryJob", { TrailName: TRAIL, ClientToken: token });
    expect(repeated.body).toMatchObject({ JobId });
    expect(repeated.body.RequestId).not.toBe(created.body.RequestId);
    expect((await call("GetDeliveryHistoryJob", { JobId })).body).toEqual({
      RequestId: REQUEST_ID,
      JobId,
      TrailName: TRAIL,
      HomeRegion: "cn-hangzhou",
      JobStatus: 2,
      Status: [
        { Region: "cn-beijing", Status: 2 },
        { Region: "cn-hangzhou", Status: 2 },
      ],
      CreatedTime: TIME,
      UpdatedTime: TIME,
      StartTime: TIME,
      EndTime: TIME,
      Phase: "complete",
      Expected: 0,
      Delivered: 0,
      Undeliverable: 0,
      Gap: 0,
      Remaining: 0,
    });
  });

  it("is refused in the vendor's envelope", async () => {
    const { call } = await newClient(kind);
    const { status, body } = await call("CreateDeliveryHistoryJob", { TrailName: "no-such-trail" });
    expect({ status, body }).toMatchObject({
      status: 404,
      body: {
        RequestId: REQUEST_ID,
        HostId: address,
        Code: "TrailNotFoundException",
        Message: expect.stringContaining("The specified Trail does not exist."),
        Recommend: `https://api.aliyun.com/troubleshoot?q=TrailNotFoundException&product=Actiontrail&requestId=${body.RequestId}`,
      },
    });
  });

  it("takes a trail from its creation to its end", async () => {
    const { call, projectArn } = await newClient(kind);
    const settings = { Name: TRAIL, SlsProjectArn: projectArn, EventRW: "All", TrailRegion: "All" };
    expect((await call("CreateTrail", { ...settings, IsOrganizationTrail: false })).body).toMatchObject({
      ...settings,
      HomeRegion: "cn-hangzhou",
      IsOrganizationTrail: false,
      SlsWriteRoleArn: expect.stringMatching(/^acs:ram::\d{16}:role\/aliyunserviceroleforactiontrail$/),
    });
    expect((await call("GetTrailStatus", { Name: TRAIL })).body).toMatchObject({
      IsLogging: false,
      SlsLogStoreStatus: true,
      OssBucketStatus: false,
    });
    const listed = async () => {
      const { body } = await call("DescribeTrails", { NameList: `other-trail,${TRAIL}` });
      return (body.TrailList as Record<string, unknown>[])[0];
    };
    expect(await listed()).toMatchObject({ ...settings, Status: "Fresh", TrailArn: expect.stringContaining(TRAIL) });
    expect((await call("StartLogging", { Name: TRAIL })).body).toEqual({ RequestId: REQUEST_ID });
    expect(await listed()).toMatchObject({ Status: "Enable", StartLoggingTime: TIME });
    expect((await call("UpdateTrail", { Name: TRAIL, EventRW: "Write" })).body).toMatchObject({
      ...settings,
      EventRW: "Write",
    });
    expect((await call("StopLogging", { Name: TRAIL })).body).toEqual({ RequestId: REQUEST_ID });
    expect(await listed()).toMatchObject({ Status: "Disable", StopLoggingTime: TIME, EventRW: "Write" });
    expect((await call("DeleteTrail", { Name: TRAIL })).body).toEqual({ RequestId: REQUEST_ID });
    expect(await refusal(call("DeleteTrail", { Name: TRAIL }))).toEqual([404, "TrailNotFoundException"]);
  });
});

describe("the RequestId of an answer", () => {
  it("finds the entry and the event of what was done, of what a command refused, and of what was refused before it", async () => {
    const { account, call, projectArn } = await newClient();
    const { accountId } = account;
    const created = await call("CreateTrail", { Name: TRAIL, SlsProjectArn: projectArn });
    expect(created.status).toBe(200);
    const missing = await call("DeleteTrail", { Name: "no-such-trail" });
    const malformed = await call("UpdateTrail", { Name: TRAIL, EventRW: "Neither" });
    const reader = callerOf(
      "openapi-client POST",
      address,
      await addAccessKey(account, SYSTEM_POLICIES.AliyunActionTrailReadOnlyAccess),
    );
    const forbidden = await reader("StopLogging", { Name: TRAIL });
    for (const { answer, action } of [
      { answer: created, action: "CreateTrail" },
      { answer: missing, action: "DeleteTrail" },
      { answer: malformed, action: "UpdateTrail" },
      { answer: forbidden, action: "StopLogging" },
    ]) {
      const { entry, event } = await traceOf(accountId, answer.body.RequestId);
      const errorCode = answer.body.Code ?? null;
      expect(entry).toMatchObject({ action: `actiontrail:${action}`, errorCode });
      expect(event).toMatchObject({ eventName: action, requestId: answer.body.RequestId });
      expect(event.errorCode ?? null).toBe(errorCode);
    }
  });
});

describe("history jobs", () => {
  it("are delivered while a client polls until status 2", async () => {
    const { account, call } = await newClient();
    await addTrail(account, { name: TRAIL, logstore: true });
    const texts = [1, 2, 3].map((hours) => eventText({ eventTime: new Date(Date.now() - hours * HOUR_MS) }));
    await recordTexts(account, texts);
    const worker = await startProduct("worker/main.ts", { LOG_SERVICE_ENDPOINT: `http://${address}` });
    try {
      const { body } = await call("CreateDeliveryHistoryJob", { TrailName: TRAIL });
      const JobId = Number(body.JobId);
      await waitUntil(
        "status 2",
        90_000,
        async () => (await call("GetDeliveryHistoryJob", { JobId })).body.JobStatus === 2,
      );
      expect((await call("GetDeliveryHistoryJob", { JobId })).body).toMatchObject({ Expected: 3, Delivered: 3 });
      expect((await call("GetTrailStatus", { Name: TRAIL })).body).toMatchObject({
        LatestDeliveryLogServiceTime: TIME,
      });
    } finally {
      await worker.stop();
    }
  }, 240_000);

  it("are listed by pages of 50 until a short one, without those that were deleted", async () => {
    const { account, call } = await newClient();
    await addTrail(account, { name: TRAIL, logstore: true });
    const { body } = await call("CreateDeliveryHistoryJob", { TrailName: TRAIL });
    const job = await prisma().deliveryHistoryJob.findUniqueOrThrow({ where: { id: Number(body.JobId) } });
    const { id: _id, request, ...fields } = job;
    const copy = { ...fields, request: request ?? {} };
    await prisma().deliveryHistoryJob.createMany({ data: Array.from({ length: 119 }, () => copy) });
    await prisma().deliveryHistoryJob.create({ data: { ...copy, deletedAt: new Date() } });
    const ids: unknown[] = [];
    for (let page = 1; ; page++) {
      const answer = await call("ListDeliveryHistoryJobs", { PageNumber: page, PageSize: 50 });
      const jobs = answer.body.DeliveryHistoryJobs as Record<string, unknown>[];
      expect(answer.body).toMatchObject({ PageNumber: page, PageSize: 50, TotalCount: 120 });
      ids.push(...jobs.map(({ JobId }) => JobId));
      if (jobs.length < 50) {
        break;
      }
    }
    expect(new Set(ids).size).toBe(120);
    expect((await call("ListDeliveryHistoryJobs")).body).toMatchObject({ PageNumber: 1, PageSize: 20 });
  });

  it("are gone for clients once they are deleted", async () => {
    const { account, call } = await newClient();
    await addTrail(account, { name: TRAIL, logstore: true });
    const { body } = await call("CreateDeliveryHistoryJob", { TrailName: TRAIL });
    const JobId = Number(body.JobId);
    expect((await call("DeleteDeliveryHistoryJob", { JobId })).body).toEqual({ RequestId: REQUEST_ID });
    expect(await refusal(call("GetDeliveryHistoryJob", { JobId }))).toEqual([404, "DeliveryHistoryJobNotFound"]);
    expect(await refusal(call("DeleteDeliveryHistoryJob", { JobId }))).toEqual([404, "DeliveryHistoryJobNotFound"]);
    expect((await call("ListDeliveryHistoryJobs")).body).toMatchObject({ DeliveryHistoryJobs: [], TotalCount: 0 });
  });

  it("hold the account's slot and their trail while they run", async () => {
    const { account, call } = await newClient();
    await addTrail(account, { name: TRAIL, logstore: true });
    await recordTexts(account, [eventText({ eventTime: new Date(Date.now() - HOUR_MS) })]);
    const { body } = await call("CreateDeliveryHistoryJob", { TrailName: TRAIL, ClientToken: "a" });
    const second = await call("CreateDeliveryHistoryJob", { TrailName: TRAIL });
    expect(second).toMatchObject({
      status: 400,
      body: { Code: "MaximumNumberOfDeliveryHistoryJobsExceededException", JobId: body.JobId },
    });
    expect(await refusal(call("DeleteTrail", { Name: TRAIL }))).toEqual([400, "ForbiddenDeleteTrail"]);
    expect((await call("CreateDeliveryHistoryJob", { TrailName: TRAIL, ClientToken: "a" })).body).toMatchObject({
      JobId: body.JobId,
    });
    expect(await refusal(call("CreateDeliveryHistoryJob", { TrailName: "other-trail", ClientToken: "a" }))).toEqual([
      400,
      "IdempotentParameterMismatch",
    ]);
  });

  it.each([
    ["CreateDeliveryHistoryJob", {}, 400, "MissingTrailName"],
    ["CreateDeliveryHistoryJob", { TrailName: "Bad" }, 400, "InvalidTrailNameException"],
    ["CreateDeliveryHistoryJob", { TrailName: "../../etc' OR 1=1 --" }, 400, "InvalidTrailNameException"],
    [
      "CreateDeliveryHistoryJob",
      { TrailName: TRAIL, ClientToken: "x".repeat(65) },
      400,
      "InvalidClientToken.Malformed",
    ],
    ["CreateDeliveryHistoryJob", { TrailName: TRAIL, ClientToken: "é" }, 400, "InvalidClientToken.Malformed"],
    ["CreateDeliveryHistoryJob", { TrailName: "oss-trail" }, 400, "TrailNotValid"],
    ["CreateDeliveryHistoryJob", { TrailName: "org-trail" }, 400, "TrailNotValid"],
    ["CreateDeliveryHistoryJob", { TrailName: "unknown-trail" }, 404, "TrailNotFoundException"],
    ["GetDeliveryHistoryJob", {}, 400, "MissingJobId"],
    ["GetDeliveryHistoryJob", { JobId: "abc" }, 400, "InvalidParameterValue"],
    ["GetDeliveryHistoryJob", { JobId: "1.5" }, 400, "InvalidParameterValue"],
    ["GetDeliveryHistoryJob", { JobId: "-1" }, 400, "InvalidParameterValue"],
    ["GetDeliveryHistoryJob", { JobId: "2147483648" }, 400, "InvalidParameterValue"],
    ["GetDeliveryHistoryJob", { JobId: "0" }, 404, "DeliveryHistoryJobNotFound"],
    ["GetDeliveryHistoryJob", { JobId: "2147483647" }, 404, "DeliveryHistoryJobNotFound"],
    ["DeleteDeliveryHistoryJob", { JobId: "99999999999" }, 400, "InvalidParameterValue"],
    ["DeleteDeliveryHistoryJob", { JobId: "2147483647" }, 404, "DeliveryHistoryJobNotFound"],
    ["ListDeliveryHistoryJobs", { PageNumber: "0" }, 400, "InvalidParameterValue"],
    ["ListDeliveryHistoryJobs", { PageNumber: "9999999999" }, 400, "InvalidParameterValue"],
    ["ListDeliveryHistoryJobs", { PageSize: "101" }, 400, "InvalidParameterValue"],
    ["ListDeliveryHistoryJobs", { PageSize: "ten" }, 400, "InvalidParameterValue"],
  ] as const)("%s of %j: %i %s", async (action, parameters, status, code) => {
    const { account, call } = await newClient();
    await addTrail(account, { name: "oss-trail", slsProjectArn: null, ossBucketName: "bucket" });
    await addTrail(account, { name: "org-trail", isOrganizationTrail: true });
    expect(await refusal(call(action, parameters))).toEqual([status, code]);
  });
});

/** Longer than any name or prefix. */
const LONG = "a".repeat(256);

/** Longer than any value of a parameter. */
const TOO_LONG = "a".repeat(1_001);

describe("trails", () => {
  it.each([
    ["CreateTrail", {}, 400, "MissingName"],
    ["CreateTrail", { Name: "Upper-Case" }, 400, "InvalidTrailNameException"],
    ["CreateTrail", { Name: "a'; DROP TABLE trail" }, 400, "InvalidTrailNameException"],
    ["CreateTrail", { Name: "no-destination" }, 400, "InvalidDeliveryConfigurationException"],
    ["CreateTrail", { Name: "bad-bucket", OssBucketName: "A" }, 400, "InvalidParameterValue"],
    ["CreateTrail", { Name: "bad-prefix", OssBucketName: "bucket", OssKeyPrefix: "1" }, 400, "InvalidPrefixException"],
    ["CreateTrail", { Name: "bad-prefix", SlsProjectArn: "own", OssKeyPrefix: "1" }, 400, "InvalidPrefixException"],
    ["CreateTrail", { Name: "long-prefix", SlsProjectArn: "own", OssKeyPrefix: LONG }, 400, "InvalidPrefixException"],
    ["CreateTrail", { Name: "long-bucket", OssBucketName: LONG }, 400, "InvalidParameterValue"],
    ["CreateTrail", { Name: TOO_LONG, SlsProjectArn: "own" }, 400, "InvalidTrailNameException"],
    ["CreateTrail", { Name: "long-prefix", OssKeyPrefix: TOO_LONG }, 400, "InvalidPrefixException"],
    ["CreateTrail", { Name: "long-arn", SlsProjectArn: TOO_LONG }, 400, "SlsProjectDoesNotExistException"],
    ["CreateTrail", { Name: "long-role", SlsWriteRoleArn: TOO_LONG }, 400, "InvalidParameterValue"],
    ["UpdateTrail", { Name: TOO_LONG, EventRW: "All" }, 400, "InvalidTrailNameException"],
    ["UpdateTrail", { Name: TRAIL, OssKeyPrefix: TOO_LONG }, 400, "InvalidPrefixException"],
    ["UpdateTrail", { Name: TRAIL, SlsProjectArn: TOO_LONG }, 400, "SlsProjectDoesNotExistException"],
    ["DescribeTrails", { NameList: "a".repeat(10_001) }, 400, "InvalidTrailNameException"],
    ["CreateDeliveryHistoryJob", { TrailName: TOO_LONG }, 400, "InvalidTrailNameException"],
    ["CreateDeliveryHistoryJob", { TrailName: TRAIL, ClientToken: TOO_LONG }, 400, "InvalidClientToken.Malformed"],
    ["UpdateTrail", { Name: TRAIL, OssKeyPrefix: "1" }, 400, "InvalidPrefixException"],
    [
      "CreateTrail",
      { Name: "no-project", SlsProjectArn: "acs:log:cn-hangzhou:1:project/no" },
      400,
      "SlsProjectDoesNotExistException",
    ],
    ["CreateTrail", { Name: "ends-badly-", SlsProjectArn: "own" }, 400, "CreateLogStoreError"],
    [
      "CreateTrail",
      { Name: "bad-flag", SlsProjectArn: "own", IsOrganizationTrail: "maybe" },
      400,
      "InvalidParameterValue",
    ],
    ["CreateTrail", { Name: "bad-events", SlsProjectArn: "own", EventRW: "Some" }, 400, "InvalidParameterValue"],
    ["CreateTrail", { Name: "bad-region", SlsProjectArn: "own", RegionId: "../x" }, 400, "InvalidParameterValue"],
    ["CreateTrail", { Name: TRAIL, SlsProjectArn: "own" }, 400, "TrailAlreadyExistsException"],
    ["UpdateTrail", { Name: "unknown-trail", EventRW: "All" }, 404, "TrailNotFoundException"],
    ["UpdateTrail", { Name: TRAIL, SlsProjectArn: "" }, 400, "InvalidDeliveryConfigurationException"],
    ["StartLogging", { Name: "unknown-trail" }, 404, "TrailNotFoundException"],
    ["StopLogging", { Name: "unknown-trail" }, 404, "TrailNotFoundException"],
    ["StopLogging", { Name: "a\0b" }, 400, "InvalidTrailNameException"],
    ["GetTrailStatus", { Name: "unknown-trail" }, 404, "TrailNotFoundException"],
    ["GetTrailStatus", { Name: TRAIL, IsOrganizationTrail: "true" }, 404, "TrailNotFoundException"],
    ["UpdateGlobalEventsStorageRegion", {}, 400, "MissingStorageRegion"],
    ["UpdateGlobalEventsStorageRegion", { StorageRegion: "" }, 400, "MissingStorageRegion"],
    ["UpdateGlobalEventsStorageRegion", { StorageRegion: "Nowhere!" }, 400, "InvalidParameterValue"],
    ["DescribeRegions", { AcceptLanguage: "fr-FR" }, 400, "InvalidAcceptLanguage"],
  ] as const)("%s of %j: %i %s", async (action, parameters, status, code) => {
    const { account, call, projectArn } = await newClient();
    await addTrail(account, { name: TRAIL, logstore: true });
    const given = Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, value === "own" ? projectArn : value]),
    );
    expect(await refusal(call(action, given))).toEqual([status, code]);
  });

  it("are five in a region and one of an organization, at home where the call says", async () => {
    const { call, projectArn } = await newClient();
    const create = (name: string, more: Record<string, string> = {}) =>
      call("CreateTrail", { Name: name, SlsProjectArn: projectArn, ...more });
    for (const number of [1, 2, 3, 4]) {
      await create(`trail-${number}`);
    }
    expect((await create("org-trail", { IsOrganizationTrail: "true" })).body).toMatchObject({
      IsOrganizationTrail: true,
    });
    expect(await refusal(create("trail-6"))).toEqual([403, "MaximumNumberOfTrailsExceededException"]);
    expect((await create("trail-7", { RegionId: "cn-shanghai" })).body).toMatchObject({ HomeRegion: "cn-shanghai" });
    expect(await refusal(create("org-trail-2", { RegionId: "cn-beijing", IsOrganizationTrail: "True" }))).toEqual([
      400,
      "MaximumNumberOfOrganizationTrailExceeded",
    ]);
    const names = async (parameters: Record<string, string>) =>
      ((await call("DescribeTrails", parameters)).body.TrailList as { Name: string }[]).map(({ Name }) => Name);
    expect(await names({})).toEqual(["trail-1", "trail-2", "trail-3", "trail-4", "trail-7"]);
    expect(await names({ RegionId: "cn-shanghai" })).toEqual(["trail-7"]);
    expect(await names({ RegionId: "cn-shanghai", IncludeShadowTrails: "true" })).toHaveLength(5);
    expect(await names({ IncludeOrganizationTrail: "true" })).toContain("org-trail");
  });

  it("are found by a list of as many names as an account can have", async () => {
    const { account, call } = await newClient();
    await addTrail(account, { name: TRAIL });
    const others = Array.from({ length: 28 * 5 - 1 }, (_, index) => `t${String(index).padStart(35, "0")}`);
    const { body } = await call("DescribeTrails", { NameList: [...others, TRAIL].join(",") });
    expect(body.TrailList).toMatchObject([{ Name: TRAIL }]);
  });

  it("of an organization are listed by name as without: only where the call includes them", async () => {
    const { account, call } = await newClient();
    await addTrail(account, { name: TRAIL });
    await addTrail(account, { name: "org-trail", isOrganizationTrail: true });
    const listed = async (NameList: string, more: Record<string, string> = {}) =>
      ((await call("DescribeTrails", { NameList, ...more })).body.TrailList as { Name: string }[]).map(
        ({ Name }) => Name,
      );
    const both = `org-trail, ${TRAIL}`;
    expect(await listed("org-trail")).toEqual([]);
    expect(await listed(both)).toEqual([TRAIL]);
    expect(await listed(both, { IncludeOrganizationTrail: "false" })).toEqual([TRAIL]);
    expect(await listed("org-trail", { IncludeOrganizationTrail: "true" })).toEqual(["org-trail"]);
    expect(await listed(both, { IncludeOrganizationTrail: "true" })).toEqual([TRAIL, "org-trail"]);
    expect(await listed(TRAIL, { IncludeOrganizationTrail: "true" })).toEqual([TRAIL]);
  });

  it("have regions, and events that are global a region of their own", async () => {
    const { call } = await newClient();
    const { Regions } = (await call("DescribeRegions", { AcceptLanguage: "zh-CN" })).body as {
      Regions: { Region: unknown[] };
    };
    expect(Regions.Region).toContainEqual({
      RegionId: "cn-hangzhou",
      RegionEndpoint: address,
      LocalName: "华东1（杭州）",
    });
    expect((await call("GetGlobalEventsStorageRegion")).body).toMatchObject({ StorageRegion: "cn-hangzhou" });
    await call("UpdateGlobalEventsStorageRegion", { StorageRegion: "ap-southeast-1" });
    expect((await call("GetGlobalEventsStorageRegion")).body).toMatchObject({ StorageRegion: "ap-southeast-1" });
  });
});

describe("events", () => {
  it("are looked up page by page with a token that goes with the same parameters only", async () => {
    const { account, call } = await newClient();
    const now = Date.now();
    const texts = Array.from({ length: 7 }, (_, index) =>
      eventText({ eventTime: new Date(now - (index + 1) * HOUR_MS) }),
    );
    await recordTexts(account, texts);
    const asked = {
      MaxResults: 3,
      "LookupAttribute.1.Key": "ServiceName",
      "LookupAttribute.1.Value": "Ecs",
      "LookupAttribute.2.Key": "EventName",
      "LookupAttribute.2.Value": "DescribeInstances",
    };
    const found: unknown[] = [];
    let token: unknown = "";
    do {
      const { body } = await call("LookupEvents", { ...asked, ...(token === "" ? {} : { NextToken: String(token) }) });
      expect(body).toMatchObject({ StartTime: TIME, EndTime: TIME });
      found.push(...(body.Events as unknown[]));
      token = body.NextToken ?? "";
      if (token !== "") {
        const others: Record<string, string>[] = [
          { MaxResults: "4" },
          { Direction: "FORWARD" },
          { RegionId: "cn-hangzhou" },
        ];
        for (const other of others) {
          expect(await refusal(call("LookupEvents", { ...asked, ...other, NextToken: String(token) }))).toEqual([
            400,
            "InvalidNextToken",
          ]);
        }
      }
    } while (token !== "");
    expect(found).toEqual(texts.map((text) => JSON.parse(text)));
    expect(await refusal(call("LookupEvents", { ...asked, NextToken: "made-up" }))).toEqual([400, "InvalidNextToken"]);
  });

  it("are looked up behind one whose id and region are as long as they may be, in any script", async () => {
    const { account, call } = await newClient();
    const texts = [
      eventText({
        eventTime: new Date(Date.now() - HOUR_MS),
        eventId: "日".repeat(256),
        region: "云".repeat(256),
      }),
      eventText({ eventTime: new Date(Date.now() - 2 * HOUR_MS) }),
    ];
    await recordTexts(account, texts);
    const first = (await call("LookupEvents", { MaxResults: 1 })).body;
    const NextToken = String(first.NextToken);
    expect(NextToken.length).toBeGreaterThan(2_000);
    const second = await call("LookupEvents", { MaxResults: 1, NextToken });
    expect(second).toMatchObject({ status: 200 });
    expect([first.Events, second.body.Events]).toEqual(texts.map((text) => [JSON.parse(text)]));
    expect(second.body.NextToken).toBeUndefined();
  });

  const at = (days: number) => `${new Date(Date.now() + days * 24 * HOUR_MS).toISOString().slice(0, 19)}Z`;

  it.each([
    [{ StartTime: "yesterday", EndTime: at(0) }, "InvalidParameterStartTime"],
    [{ StartTime: at(-1), EndTime: "2026-13-01T00:00:00Z" }, "InvalidParameterEndTime"],
    [{ StartTime: at(-1) }, "LookupEventsParameterError"],
    [{ StartTime: at(-1), EndTime: at(-2) }, "InvalidParameterCombination"],
    [{ StartTime: at(-40), EndTime: at(-1) }, "InvalidParameterDateOutOfRange"],
    [{ StartTime: at(-100), EndTime: at(-95) }, "InvalidParameterStartTimeOutOfDate"],
    [{ StartTime: at(1), EndTime: at(2) }, "InvalidParameterStartTimeExceedsCurrent"],
    [{ MaxResults: "51" }, "InvalidParameterValue"],
    [{ MaxResults: "0" }, "InvalidParameterValue"],
    [{ Direction: "SIDEWAYS" }, "InvalidParameterValue"],
    [{ "LookupAttribute.1.Key": "Nothing", "LookupAttribute.1.Value": "x" }, "InvalidLookupAttributesException"],
    [{ "LookupAttribute.1.Key": "User", "LookupAttribute.1.Value": "" }, "InvalidLookupAttributesException"],
    [
      {
        "LookupAttribute.1.Key": "User",
        "LookupAttribute.1.Value": "a",
        "LookupAttribute.2.Key": "EventRW",
        "LookupAttribute.2.Value": "Read",
      },
      "InvalidLookupAttributesException",
    ],
  ])("LookupEvents of %j: %s", async (parameters, code) => {
    const { call } = await newClient();
    expect(await refusal(call("LookupEvents", parameters))).toEqual([400, code]);
  });

  it("are counted by day, and trails too", async () => {
    const { account, call } = await newClient();
    await addTrail(account, { name: TRAIL, logstore: true });
    const yesterday = new Date(Date.now() - 24 * HOUR_MS);
    await recordTexts(
      account,
      Array.from({ length: randomInt(2, 9) }, () => eventText({ eventTime: yesterday })),
    );
    const day = yesterday.toISOString().slice(0, 10);
    const logs = (await call("DescribeUserLogCount")).body.Data as { Dates: string[]; Counts: number[] };
    expect(logs.Dates).toHaveLength(30);
    expect(logs.Counts[logs.Dates.indexOf(day)]).toBe(
      await prisma().event.count({ where: { accountId: account.accountId } }),
    );
    const one = (await call("DescribeUserLogCount", { StartDate: day, EndDate: day })).body.Data;
    expect(one).toMatchObject({ Dates: [day] });
    const trails = (await call("DescribeUserTrailCount")).body.Data as { Counts: number[] };
    expect([trails.Counts.at(-2), trails.Counts.at(-1)]).toEqual([0, 1]);
    expect(await refusal(call("DescribeUserLogCount", { StartDate: "2026-2-1" }))).toEqual([
      400,
      "InvalidParameterValue",
    ]);
    expect(await refusal(call("DescribeUserLogCount", { EndDate: "9999-12-31" }))).toEqual([
      400,
      "InvalidParameterEndTime",
    ]);
    expect(await refusal(call("DescribeUserLogCount", { StartDate: "2001-01-01" }))).toEqual([
      400,
      "InvalidParameterStartTimeOutOfDate",
    ]);
    expect(await refusal(call("DescribeUserLogCount", { StartDate: day, EndDate: "2001-01-01" }))).toEqual([
      400,
      "InvalidParameterCombination",
    ]);
  });
});
