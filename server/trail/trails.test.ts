import { beforeEach, describe, expect, test } from "vitest";
import type { RamAction } from "@/domain/access/action.ts";
import { DomainError } from "@/domain/errors.ts";
import { createTrailInputSchema, trailDtoSchema } from "@/domain/trail/schema.ts";
import { slsProjectArn } from "@/domain/trail/trail.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { prisma } from "@/server/db.ts";
import { createBuiltInLogProject } from "@/server/log-service/commands.ts";
import { createTrail, startLogging } from "./commands.ts";
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
