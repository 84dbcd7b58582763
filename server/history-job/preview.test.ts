import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DomainError } from "@/domain/errors.ts";
import { createHistoryJobInputSchema, type MeasuredSpeed } from "@/domain/history-job/schema.ts";
import { prisma } from "@/server/db.ts";
import { storeLogs } from "@/server/log-service/commands.ts";
import { closeQueue } from "@/server/queue.ts";
import { decodeLogGroup, LogGroupWriter } from "@/server/sls/log-group.ts";
import {
  addTrail,
  createBuiltInAccount,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { createHistoryJob } from "./commands.ts";
import { limitHistoryJob } from "./control.ts";
import { previewHistory } from "./preview.ts";
import { getHistoryJob } from "./queries.ts";

const DAY_MS = 86_400_000;
const TRAIL = "writes-only";
const NOON_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS - 3 * DAY_MS + DAY_MS / 2;
const DEFAULT = { kind: "default" } as const;

let account: HistoryAccount;
/** Recorded in history; the first and the last are in the logstore, too. */
let texts: string[];

beforeAll(async () => {
  account = await createBuiltInAccount();
  await addTrail(account, {
    name: TRAIL,
    trailRegion: "cn-hangzhou,cn-shanghai",
    eventRW: "Write",
    logstore: true,
  });
  texts = [
    eventText({ eventTime: new Date(NOON_MS), eventRW: "Write" }),
    eventText({ eventTime: new Date(NOON_MS), eventRW: "Write" }),
    eventText({ eventTime: new Date(NOON_MS + DAY_MS), eventRW: "Write" }),
    eventText({ eventTime: new Date(NOON_MS), eventRW: "Write", region: "cn-shanghai" }),
  ];
  await recordTexts(account, [
    ...texts,
    eventText({ eventTime: new Date(NOON_MS), eventRW: "Write", region: "ap-southeast-1" }),
    eventText({ eventTime: new Date(NOON_MS), eventRW: "Read" }),
    eventText({ eventTime: new Date(NOON_MS), eventRW: null }),
  ]);
  const writer = new LogGroupWriter({ topic: "actiontrail_audit_event", source: "test", tags: [] });
  const logs = [
    texts[0] ?? "",
    texts[3] ?? "",
    // Of a day that history has nothing of, by the trail's filter; then what the filter leaves out, and what the window does.
    eventText({ eventTime: new Date(NOON_MS - DAY_MS), eventRW: "Write" }),
    eventText({ eventTime: new Date(NOON_MS), eventRW: "Read" }),
    eventText({ eventTime: new Date(NOON_MS), eventRW: "Write", region: "eu-central-1" }),
    eventText({ eventTime: new Date(NOON_MS - 100 * DAY_MS), eventRW: "Write" }),
  ];
  for (const event of logs) {
    writer.add({ time: 1_750_000_000, event: Buffer.from(event) });
  }
  await storeLogs(
    account.scope("log:PostLogStoreLogs"),
    { region: "cn-hangzhou", project: "history-test", logstore: `actiontrail_${TRAIL}` },
    decodeLogGroup(writer.finish()),
  );
});

afterAll(closeQueue);

function preview(of: HistoryAccount = account, trailName = TRAIL) {
  return previewHistory(of.scope("actiontrail:DescribeTrails"), { trailName, window: DEFAULT });
}

/** On a machine that is busy with other tests a speed may come too late, which is then none. */
function speedOf(of: HistoryAccount): Promise<MeasuredSpeed> {
  return waitUntil("a speed is measured in time", 30_000, async () => (await preview(of)).speed);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const PREVIEW = {
  expected: 4,
  inSink: 3,
  days: [
    { region: "cn-hangzhou", day: dayOf(NOON_MS - DAY_MS), expected: 0, inSink: 1 },
    { region: "cn-hangzhou", day: dayOf(NOON_MS), expected: 2, inSink: 1 },
    { region: "cn-shanghai", day: dayOf(NOON_MS), expected: 1, inSink: 1 },
    { region: "cn-hangzhou", day: dayOf(NOON_MS + DAY_MS), expected: 1, inSink: 0 },
  ],
};

const SPAN_BEGIN_MS = Date.parse("2026-11-01T00:00:00Z");

/** An ended job of slices that were open from and to these seconds, each with this many delivered events. */
async function addEndedJob(
  of: HistoryAccount,
  slices: readonly (readonly [fromS: number, toS: number, delivered: number])[],
  changes: object = {},
): Promise<number> {
  const { id } = await prisma().deliveryHistoryJob.create({
    data: {
      accountId: of.accountId,
      trailName: TRAIL,
      homeRegion: "cn-hangzhou",
      trailRegion: "All",
      eventRW: "All",
      projectRegion: "cn-hangzhou",
      projectName: "history-test",
      logstoreName: `actiontrail_${TRAIL}`,
      windowFrom: new Date(SPAN_BEGIN_MS),
      windowTo: new Date(SPAN_BEGIN_MS + DAY_MS),
      arrivalMax: 0,
      request: {},
      createdBy: "test",
      status: 2,
      phase: "complete",
      endedAt: new Date(),
      expected: 0,
      delivered: slices.reduce((sum, [, , delivered]) => sum + delivered, 0),
      undeliverable: 0,
      ...changes,
    },
    select: { id: true },
  });
  await prisma().deliverySlice.createMany({
    data: slices.map(([fromS, toS, delivered], index) => ({
      jobId: id,
      region: "cn-hangzhou",
      day: new Date(NOON_MS - index * DAY_MS),
      expected: delivered,
      delivered,
      newAtSink: delivered,
      state: "complete",
      checksum: Buffer.alloc(32),
      startedAt: new Date(SPAN_BEGIN_MS + fromS * 1_000),
      endedAt: new Date(SPAN_BEGIN_MS + toS * 1_000),
    })),
  });
  return id;
}

/** A complete job of 50 events a second that was given these ceilings on its way, one after the other; null takes one away. */
async function addLimitedJob(of: HistoryAccount, ceilings: readonly (number | null)[]): Promise<void> {
  const jobId = await addEndedJob(of, [[0, 10, 500]], { status: 1, phase: "delivering", endedAt: null });
  await prisma().deliverySlice.updateMany({ where: { jobId }, data: { state: "waiting" } });
  for (const eventsPerSecondMax of ceilings) {
    await limitHistoryJob(of.scope("backtrail:LimitDeliveryHistoryJob"), { jobId, eventsPerSecondMax });
  }
  await prisma().deliverySlice.updateMany({ where: { jobId }, data: { state: "complete" } });
  await prisma().deliveryHistoryJob.update({
    where: { id: jobId },
    data: { status: 2, phase: "complete", endedAt: new Date() },
  });
}

/** Runs the work while the table is locked against everybody. */
async function whileLocked<T>(table: string, work: () => Promise<T>): Promise<T> {
  const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
  await owner.connect();
  try {
    await owner.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return await work();
  } finally {
    await owner.end();
  }
}

describe("a preview", () => {
  it("counts by region and day what would be sent, and what of that kind the logstore has", async () => {
    expect(await preview()).toMatchObject(PREVIEW);
  });

  it("expects what the job then expects, slice by slice", async () => {
    const { days } = await preview();
    const { jobId } = await createHistoryJob(
      account.scope("actiontrail:CreateDeliveryHistoryJob"),
      createHistoryJobInputSchema.parse({ trailName: TRAIL }),
    );
    const { slices } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    expect(slices.map(({ region, day, expected }) => ({ region, day, expected }))).toEqual(
      days.filter(({ expected }) => expected > 0).map(({ region, day, expected }) => ({ region, day, expected })),
    );
  });

  it("does not pretend to know an external sink", async () => {
    const external = await createHistoryAccount("http://127.0.0.1:9");
    await addTrail(external, { name: TRAIL });
    await recordTexts(external, texts);
    const found = await preview(external);
    expect(found).toMatchObject({ expected: 4, inSink: null });
    expect(found.days.map(({ inSink }) => inSink)).toEqual([null, null, null]);
  });

  it("knows no logs where the trail delivers to no logstore", async () => {
    await addTrail(account, { name: "oss-only", slsProjectArn: null, ossBucketName: "bucket" });
    expect(await preview(account, "oss-only")).toMatchObject({ inSink: null });
  });

  it("takes the speed from the account's latest jobs: delivered by active time, overlaps once, gaps left out", async () => {
    const own = await createBuiltInAccount();
    await addTrail(own, { name: TRAIL });
    await addEndedJob(own, [
      [0, 10, 500],
      [5, 15, 400],
      [30, 35, 100],
    ]);
    expect(await speedOf(own)).toEqual({ eventsPerSecond: 50, jobs: 1, of: "account" });
    await addEndedJob(own, [[0, 10, 2_000]]);
    expect(await speedOf(own)).toEqual({ eventsPerSecond: 100, jobs: 2, of: "account" });
  });

  it("takes no speed from jobs that were held back, taken up again or delivered nothing", async () => {
    const own = await createBuiltInAccount();
    await addTrail(own, { name: TRAIL });
    await addEndedJob(own, [[0, 10, 500]], { eventsPerSecondMax: 50 });
    await addEndedJob(own, [[0, 10, 500]], { run: 2 });
    await addEndedJob(own, []);
    expect((await preview(own)).speed?.of).not.toBe("account");
  });

  it("takes no speed from jobs that did not come through", async () => {
    const own = await createBuiltInAccount();
    await addTrail(own, { name: TRAIL });
    for (const phase of ["incomplete", "failed", "cancelled"]) {
      await addEndedJob(own, [[0, 10, 500]], { status: 3, phase });
    }
    expect((await preview(own)).speed?.of).not.toBe("account");
  });

  it("takes no speed from a job that had a ceiling for a while, and one from a job that never had any", async () => {
    const own = await createBuiltInAccount();
    await addTrail(own, { name: TRAIL });
    await addLimitedJob(own, [50, null]);
    expect((await preview(own)).speed?.of).not.toBe("account");
    await addLimitedJob(own, [null]);
    expect(await speedOf(own)).toEqual({ eventsPerSecond: 50, jobs: 1, of: "account" });
  });

  it("refuses what a creation would refuse", async () => {
    await expect(preview(account, "no-such-trail")).rejects.toThrow(new DomainError("TrailNotFoundException"));
    const scope = account.scope("actiontrail:DescribeTrails");
    const window = { kind: "own", from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z" } as const;
    await expect(previewHistory(scope, { trailName: TRAIL, window })).rejects.toMatchObject({
      code: "InvalidParameterStartTimeOutOfDate",
    });
  });
});

describe("a preview whose counts come too late", () => {
  it("still says what would be sent when only the logstore cannot be counted", async () => {
    const found = await whileLocked("log_count", () => preview());
    expect(found).toMatchObject({ expected: 4, inSink: null });
    expect(found.days.map(({ region, expected, inSink }) => [region, expected, inSink])).toEqual([
      ["cn-hangzhou", 2, null],
      ["cn-shanghai", 1, null],
      ["cn-hangzhou", 1, null],
    ]);
  });

  it("comes without a speed, and not late for its sake, when none can be measured", async () => {
    // Only the speed is read from it.
    const [found, tookMs] = await whileLocked("audit_entry", async () => {
      const startedAt = performance.now();
      return [await preview(), performance.now() - startedAt] as const;
    });
    expect(found).toMatchObject({ ...PREVIEW, speed: null });
    // Less than what a count may take, and far more than the 200 ms of the speed.
    expect(tookMs).toBeLessThan(1_800);
  });

  it("gives up within seconds when history cannot be counted, and leaves no statement behind", async () => {
    const startedAt = performance.now();
    await whileLocked("event_count", async () => {
      await expect(preview()).rejects.toThrow();
      // Two seconds are its bound and the rest is the machine's; other statements may take a minute.
      expect(performance.now() - startedAt).toBeLessThan(20_000);
      const waiting = await prisma().$queryRaw<unknown[]>`
        SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      expect(waiting).toEqual([]);
    });
    expect(await preview()).toMatchObject(PREVIEW);
  });
});
