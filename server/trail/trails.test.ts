import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { RamAction } from "@/domain/access/action.ts";
import { DomainError } from "@/domain/errors.ts";
import { parseEvent } from "@/domain/event/event.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { createTrailInputSchema, trailDtoSchema, updateTrailInputSchema } from "@/domain/trail/schema.ts";
import { slsProjectArn } from "@/domain/trail/trail.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { prisma } from "@/server/db.ts";
import { recordEvents } from "@/server/event/commands.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { createBuiltInLogProject } from "@/server/log-service/commands.ts";
import { closeQueue } from "@/server/queue.ts";
import { eventText } from "@/testing/history-account.ts";
import { createTrail, deleteTrail, startLogging, stopLogging, updateTrail } from "./commands.ts";
import { findTrail, getTrail, listTrails } from "./queries.ts";

let accountCount = 0;
let accountId: string;

function scope(action: RamAction = "actiontrail:DescribeTrails", account = accountId) {
  return commandLineScope(account, "test", action);
}

/** An account of its own for each test, with one built-in log project. */
async function freshAccount(): Promise<string> {
  const id = String(4_000_000_000_000_000 + ++accountCount);
  await prisma().account.create({ data: { id, name: "Test" } });
  await createBuiltInLogProject(scope("backtrail:CreateLogProject", id), {
    region: "cn-hangzhou",
    name: "backtrail-audit",
  });
  return id;
}

afterAll(closeQueue);

beforeEach(async () => {
  accountId = await freshAccount();
});

function inputOf(name: string, changes: object = {}) {
  return createTrailInputSchema.parse({
    name,
    homeRegion: "cn-hangzhou",
    slsProjectArn: slsProjectArn("cn-hangzhou", accountId, "backtrail-audit"),
    ...changes,
  });
}

async function create(name: string, changes: object = {}): Promise<void> {
  await createTrail(scope("actiontrail:CreateTrail"), inputOf(name, changes));
}

async function addJob(trailName: string, changes: object = {}): Promise<number> {
  const job = {
    accountId,
    trailName,
    homeRegion: "cn-hangzhou",
    trailRegion: "All",
    eventRW: "All",
    projectRegion: "cn-hangzhou",
    projectName: "backtrail-audit",
    logstoreName: `actiontrail_${trailName}`,
    windowFrom: new Date("2026-10-01T00:00:00Z"),
    windowTo: new Date("2026-11-01T00:00:00Z"),
    arrivalMax: 0,
    request: {},
    createdBy: "test",
    status: 2,
    phase: "complete",
    endedAt: new Date(),
    undeliverable: 0,
    expected: 10,
  };
  const { id } = await prisma().deliveryHistoryJob.create({ data: { ...job, ...changes }, select: { id: true } });
  return id;
}

const RUNNING = { phase: "delivering", status: 1, endedAt: null, undeliverable: null };

describe("a trail", () => {
  test("shows all that DescribeTrails returns and passes the schema of the screens", async () => {
    await create("audit-all", { trailRegion: "cn-hangzhou,cn-shanghai", eventRW: "Write", ossBucketName: "archive" });
    const trail = await getTrail(scope(), "audit-all");
    expect(trailDtoSchema.parse(trail)).toEqual(trail);
    const role = `acs:ram::${accountId}:role/aliyunserviceroleforactiontrail`;
    expect(trail).toMatchObject({
      trailArn: `acs:actiontrail:cn-hangzhou:${accountId}:trail/audit-all`,
      status: "Fresh",
      trailRegion: "cn-hangzhou,cn-shanghai",
      eventRW: "Write",
      slsWriteRoleArn: role,
      ossWriteRoleArn: role,
      startLoggingTime: null,
      logstore: { projectRegion: "cn-hangzhou", projectName: "backtrail-audit", logstoreName: "actiontrail_audit-all" },
      lastJob: null,
    });
    expect(await listTrails(scope())).toEqual([trail]);
  });

  test("is not there for another account", async () => {
    await create("audit-all");
    const other = scope("actiontrail:DescribeTrails", await freshAccount());
    expect(await listTrails(other)).toEqual([]);
    expect(await findTrail(other, "audit-all")).toBeNull();
    await expect(getTrail(other, "audit-all")).rejects.toThrow(new DomainError("TrailNotFoundException"));
  });

  test("stands in the order of home region and name", async () => {
    await create("trail-b");
    await create("trail-c", { homeRegion: "cn-beijing" });
    await create("trail-a");
    expect((await listTrails(scope())).map(({ name }) => name)).toEqual(["trail-c", "trail-a", "trail-b"]);
  });

  test("shows its newest job that is not deleted, and no other trail's or account's", async () => {
    await create("trail-a");
    await create("trail-b");
    await addJob("trail-a");
    const newest = await addJob("trail-a", { phase: "incomplete", status: 3, undeliverable: 4 });
    await addJob("trail-a", { deletedAt: new Date() });
    const [a, b] = await listTrails(scope());
    expect(a?.lastJob).toMatchObject({ id: newest, phase: "incomplete", undeliverable: 4 });
    expect(b?.lastJob).toBeNull();
    expect((await getTrail(scope(), "trail-a")).lastJob?.id).toBe(newest);
  });

  test("counts what a running job could not deliver so far", async () => {
    await create("trail-a");
    const id = await addJob("trail-a", { phase: "delivering", status: 1, endedAt: null, undeliverable: null });
    const slice = { jobId: id, region: "cn-hangzhou", expected: 5, undeliverable: 2, checksum: Buffer.alloc(32) };
    await prisma().deliverySlice.createMany({
      data: ["2026-10-01", "2026-10-02"].map((day) => ({ ...slice, day: new Date(day) })),
    });
    const trail = await getTrail(scope(), "trail-a");
    expect(trail.lastJob).toMatchObject({ id, phase: "delivering", undeliverable: 4, endedAt: null });
    expect(trailDtoSchema.parse(trail)).toEqual(trail);
  });
});

describe("creating a trail", () => {
  test("makes its logstore and notes it in the audit", async () => {
    await create("audit-all");
    const logstores = await prisma().logstore.findMany({ where: { logProject: { accountId } } });
    expect(logstores.map(({ name }) => name)).toEqual(["actiontrail_audit-all"]);
    const entries = await prisma().auditEntry.findMany({ where: { accountId, action: "actiontrail:CreateTrail" } });
    expect(entries).toMatchObject([
      { outcome: "allowed", resource: `acs:actiontrail:cn-hangzhou:${accountId}:trail/audit-all` },
    ]);
  });

  test.each<[string, object]>([
    ["TrailAlreadyExistsException", { name: "taken-name" }],
    ["InvalidTrailNameException", { name: "Trail" }],
    ["InvalidDeliveryConfigurationException", { slsProjectArn: null }],
    ["SlsProjectDoesNotExistException", { slsProjectArn: slsProjectArn("cn-hangzhou", "1", "unknown-project") }],
  ])("is refused with %s, in the audit too, and leaves nothing", async (code, changes) => {
    await create("taken-name");
    const before = await prisma().trail.count({ where: { accountId } });
    await expect(create("other-name", changes)).rejects.toMatchObject({ name: "DomainError", code });
    expect(await prisma().trail.count({ where: { accountId } })).toBe(before);
    const refusals = await prisma().auditEntry.findMany({ where: { accountId, outcome: "refused" } });
    expect(refusals).toMatchObject([{ action: "actiontrail:CreateTrail", errorCode: code }]);
  });

  test("by many at once makes one", async () => {
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => create("audit-all")));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await listTrails(scope())).toHaveLength(1);
  });
});

describe("starting a trail", () => {
  test("makes it take effect once; a repeat changes nothing", async () => {
    await create("audit-all");
    const at = new Date("2026-10-20T00:00:00Z");
    await startLogging(scope("actiontrail:StartLogging"), "audit-all", at);
    await startLogging(scope("actiontrail:StartLogging"), "audit-all");
    expect(await getTrail(scope(), "audit-all")).toMatchObject({
      status: "Enable",
      startLoggingTime: at.toISOString(),
    });
  });

  test("of another account is refused", async () => {
    await create("audit-all");
    const other = await freshAccount();
    await expect(startLogging(scope("actiontrail:StartLogging", other), "audit-all")).rejects.toThrow(
      new DomainError("TrailNotFoundException"),
    );
    expect(await getTrail(scope(), "audit-all")).toMatchObject({ status: "Fresh" });
  });
});

describe("the limit of five trails per home region", () => {
  test("refuses the sixth there and takes it in another region", async () => {
    for (const name of ["trail-1", "trail-2", "trail-3", "trail-4", "trail-5"]) {
      await create(name);
    }
    await expect(create("trail-6")).rejects.toMatchObject({ code: "MaximumNumberOfTrailsExceededException" });
    await expect(create("trail-5")).rejects.toMatchObject({ code: "TrailAlreadyExistsException" });
    await create("trail-6", { homeRegion: "cn-shanghai" });
    expect(await listTrails(scope())).toHaveLength(6);
    // The refused one left no logstore behind.
    const logstores = await prisma().logstore.count({ where: { logProject: { accountId } } });
    expect(logstores).toBe(6);
  });

  test("holds against many at once", async () => {
    const results = await Promise.allSettled(Array.from({ length: 9 }, (_, index) => create(`trail-${index}`)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    expect(await listTrails(scope())).toHaveLength(5);
  });

  test("one organization trail is all there can be", async () => {
    await create("org-wide", { isOrganizationTrail: true });
    await expect(create("org-more", { isOrganizationTrail: true })).rejects.toMatchObject({
      code: "MaximumNumberOfOrganizationTrailExceeded",
    });
  });
});

async function update(name: string, changes: object): Promise<void> {
  await updateTrail(scope("actiontrail:UpdateTrail"), updateTrailInputSchema.parse({ name, ...changes }));
}

describe("changing a trail", () => {
  test("changes what is named, keeps the rest, and notes it in the audit", async () => {
    await create("audit-all", { trailRegion: "cn-hangzhou", ossBucketName: "archive", ossKeyPrefix: "audit/2026" });
    await update("audit-all", { eventRW: "Read", slsProjectArn: null });
    expect(await getTrail(scope(), "audit-all")).toMatchObject({
      trailRegion: "cn-hangzhou",
      eventRW: "Read",
      slsProjectArn: null,
      slsWriteRoleArn: null,
      ossBucketName: "archive",
      ossKeyPrefix: "audit/2026",
      logstore: null,
    });
    const entries = await prisma().auditEntry.findMany({ where: { accountId, action: "actiontrail:UpdateTrail" } });
    expect(entries).toMatchObject([
      { outcome: "allowed", resource: `acs:actiontrail:cn-hangzhou:${accountId}:trail/audit-all` },
    ]);
  });

  test("makes the logstore of a new project and keeps the old one", async () => {
    await createBuiltInLogProject(scope("backtrail:CreateLogProject"), {
      region: "cn-shanghai",
      name: "other-project",
    });
    await create("audit-all");
    await update("audit-all", { slsProjectArn: slsProjectArn("cn-shanghai", accountId, "other-project") });
    const logstores = await prisma().logstore.findMany({
      where: { logProject: { accountId } },
      select: { name: true, logProject: { select: { name: true } } },
    });
    expect(logstores.map(({ name, logProject }) => `${logProject.name}/${name}`).sort()).toEqual([
      "backtrail-audit/actiontrail_audit-all",
      "other-project/actiontrail_audit-all",
    ]);
  });

  test.each<[string, object]>([
    ["InvalidDeliveryConfigurationException", { slsProjectArn: null }],
    ["SlsProjectDoesNotExistException", { slsProjectArn: "acs:log:cn-hangzhou:1:project/backtrail-audit" }],
    ["InvalidPrefixException", { ossBucketName: "archive", ossKeyPrefix: "1" }],
    ["InvalidPrefixException", { ossKeyPrefix: "1" }],
    ["InvalidParameterValue", { trailRegion: "Hangzhou" }],
  ])("is refused with %s, in the audit too, and changes nothing", async (code, changes) => {
    await create("audit-all");
    const before = await getTrail(scope(), "audit-all");
    await expect(update("audit-all", changes)).rejects.toMatchObject({ name: "DomainError", code });
    expect(await getTrail(scope(), "audit-all")).toEqual(before);
    const refusals = await prisma().auditEntry.findMany({ where: { accountId, outcome: "refused" } });
    expect(refusals).toMatchObject([{ action: "actiontrail:UpdateTrail", errorCode: code }]);
  });

  test("never leaves it without a destination, whoever takes which away at once", async () => {
    await create("audit-all", { ossBucketName: "archive" });
    const results = await Promise.allSettled([
      update("audit-all", { slsProjectArn: null }),
      update("audit-all", { ossBucketName: null }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { slsProjectArn, ossBucketName } = await getTrail(scope(), "audit-all");
    expect(slsProjectArn ?? ossBucketName).not.toBeNull();
  });

  test("of another account is refused", async () => {
    await create("audit-all");
    const other = scope("actiontrail:UpdateTrail", await freshAccount());
    await expect(updateTrail(other, { name: "audit-all", eventRW: "Read" })).rejects.toThrow(
      new DomainError("TrailNotFoundException"),
    );
  });
});

describe("stopping a trail", () => {
  const stop = (name: string) => stopLogging(scope("actiontrail:StopLogging"), { name });

  test("keeps when it took effect, and a repeat changes nothing", async () => {
    await create("audit-all");
    const at = new Date("2026-10-20T00:00:00Z");
    await startLogging(scope("actiontrail:StartLogging"), "audit-all", at);
    await stop("audit-all");
    const stopped = await getTrail(scope(), "audit-all");
    expect(stopped).toMatchObject({ status: "Disable", startLoggingTime: at.toISOString() });
    expect(stopped.stopLoggingTime).not.toBeNull();
    await stop("audit-all");
    expect(await getTrail(scope(), "audit-all")).toEqual(stopped);
  });

  test("leaves one that was never enabled as it is", async () => {
    await create("audit-all");
    await stop("audit-all");
    expect(await getTrail(scope(), "audit-all")).toMatchObject({ status: "Fresh", stopLoggingTime: null });
  });

  test("that does not exist is refused, in the audit too", async () => {
    await expect(stop("no-such-trail")).rejects.toThrow(new DomainError("TrailNotFoundException"));
    const refusals = await prisma().auditEntry.findMany({ where: { accountId, outcome: "refused" } });
    expect(refusals).toMatchObject([{ action: "actiontrail:StopLogging", errorCode: "TrailNotFoundException" }]);
  });
});

describe("deleting a trail", () => {
  const remove = (name: string) => deleteTrail(scope("actiontrail:DeleteTrail"), { name });

  test("leaves its jobs and its logstore, and notes it in the audit", async () => {
    await create("audit-all");
    const jobId = await addJob("audit-all");
    await remove("audit-all");
    expect(await listTrails(scope())).toEqual([]);
    expect(await prisma().deliveryHistoryJob.count({ where: { id: jobId } })).toBe(1);
    expect(await prisma().logstore.count({ where: { logProject: { accountId } } })).toBe(1);
    const entries = await prisma().auditEntry.findMany({ where: { accountId, action: "actiontrail:DeleteTrail" } });
    expect(entries).toMatchObject([{ outcome: "allowed" }]);
    await expect(remove("audit-all")).rejects.toThrow(new DomainError("TrailNotFoundException"));
  });

  test.each([
    ["a running job", {}],
    ["a deleted job that still ends", { deletedAt: new Date() }],
  ])("is refused while %s holds the slot", async (_, changes) => {
    await create("audit-all");
    const jobId = await addJob("audit-all", { ...RUNNING, ...changes });
    await expect(remove("audit-all")).rejects.toMatchObject({ code: "ForbiddenDeleteTrail", details: { jobId } });
    expect(await listTrails(scope())).toHaveLength(1);
  });

  test("is not held up by another trail's job", async () => {
    await create("trail-a");
    await create("trail-b");
    await addJob("trail-b", RUNNING);
    await remove("trail-a");
    expect((await listTrails(scope())).map(({ name }) => name)).toEqual(["trail-b"]);
  });

  test("and starting a job at once: the job runs and the trail stays, or there is neither", async () => {
    await create("audit-all");
    const eventTime = new Date(Date.now() - 3_600_000);
    const parsed = parseEvent(eventText({ eventTime }), new Date());
    await recordEvents(scope("backtrail:PutEvents"), parsed.kind === "event" ? [parsed.event] : []);
    const results = await Promise.allSettled([
      createHistoryJob(
        scope("actiontrail:CreateDeliveryHistoryJob"),
        createHistoryJobInputSchema.parse({ trailName: "audit-all" }),
      ),
      remove("audit-all"),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const jobs = await prisma().deliveryHistoryJob.count({ where: { accountId } });
    expect(await listTrails(scope())).toHaveLength(jobs);
  });
});
