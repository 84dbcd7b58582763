import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { DomainError } from "@/domain/errors.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { pool, prisma } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { getHistoryJob } from "@/server/history-job/queries.ts";
import { closeQueue } from "@/server/queue.ts";
import { createJob, endJob, listExpected } from "@/testing/ended-job.ts";
import {
  addTrail,
  createBuiltInAccount,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { verifyJob } from "./verify-job.ts";

const DAY_MS = 86_400_000;
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const TRAIL = "some-events";

let account: HistoryAccount;

afterAll(closeQueue);

beforeEach(async () => {
  account = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL, trailRegion: "cn-hangzhou,cn-shanghai", eventRW: "Write", logstore: true });
  await addTrail(account, { name: "other-trail", logstore: true });
  await recordSlices(4);
});

/** Events of 2 regions and 3 days that the trail selects, and as many that it does not. */
async function recordSlices(each: number): Promise<void> {
  await recordTexts(
    account,
    [2, 3, 4].flatMap((daysAgo) =>
      ["cn-hangzhou", "cn-shanghai"].flatMap((region) =>
        Array.from({ length: each }, (_, index) => {
          const eventTime = new Date(TODAY - daysAgo * DAY_MS + index * 60_000);
          return [
            eventText({ region, eventTime, eventRW: "Write" }),
            eventText({ region, eventTime, eventRW: "Read" }),
          ];
        }).flat(),
      ),
    ),
  );
}

async function verify(jobId: number): Promise<void> {
  const row = await prisma().jobVerification.findFirstOrThrow({ where: { jobId, state: "waiting" } });
  const entry = { id: row.entryId ?? "", verificationId: row.id, signal: new AbortController().signal };
  await verifyJob(entry, "test", () => false);
}

async function removeLogs(
  jobId: number,
  isGone: (index: number, daysAgo: number, region: string) => boolean,
): Promise<void> {
  for (const { region, event_time, event_id } of await listExpected(jobId)) {
    const sinceToday = TODAY - event_time.getTime();
    const daysAgo = Math.ceil(sinceToday / DAY_MS);
    if (isGone((daysAgo * DAY_MS - sinceToday) / 60_000, daysAgo, region)) {
      await pool().query(`DELETE FROM log WHERE region = $1 AND event_time = $2 AND event_id = $3`, [
        region,
        event_time,
        event_id,
      ]);
    }
  }
}

/** A job that ended complete, whose logstore has lost 3 events of 2 slices since. */
async function jobWithHole(): Promise<number> {
  const jobId = await createJob(account, TRAIL);
  await endJob(account, jobId, "complete");
  await removeLogs(
    jobId,
    (index, daysAgo, region) =>
      (region === "cn-hangzhou" && daysAgo === 3 && index < 2) ||
      (region === "cn-shanghai" && daysAgo === 4 && index === 3),
  );
  await verify(jobId);
  return jobId;
}

function createMissingOf(jobId: number, fields: Record<string, unknown> = {}) {
  return createHistoryJob(
    account.scope("actiontrail:CreateDeliveryHistoryJob"),
    createHistoryJobInputSchema.parse({ trailName: TRAIL, window: { kind: "missing-of", jobId }, ...fields }),
  );
}

async function refusalOf(promise: Promise<unknown>): Promise<DomainError> {
  return promise.then(
    () => Promise.reject(new Error("it was not refused")),
    (error: DomainError) => error,
  );
}

describe("a job for what another's logstore misses", () => {
  it("covers exactly the slices with a hole, and heals it", async () => {
    const older = await jobWithHole();
    const { jobId } = await createMissingOf(older);
    const dayOf = (daysAgo: number) => new Date(TODAY - daysAgo * DAY_MS).toISOString().slice(0, 10);
    const { job, slices } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    expect(slices.map(({ day, region, expected }) => [day, region, expected])).toEqual([
      [dayOf(4), "cn-shanghai", 4],
      [dayOf(3), "cn-hangzhou", 4],
    ]);
    expect(job).toMatchObject({ missingOf: older, expected: 8, window: { kind: "missing-of", jobId: older } });

    await endJob(account, jobId, "complete");
    await verify(jobId);
    const ended = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    expect(ended.job).toMatchObject({ delivered: 8, newAtSink: 3, presentAtSink: 5 });
    expect(ended.verification).toMatchObject({ inSink: 8, missing: 0, checksumsEqual: true, arrivedLater: 0 });
  });

  it("has the older job's filter and destination, though the trail has others now, and an arrival number of its own", async () => {
    const older = await jobWithHole();
    await prisma().trail.update({
      where: { accountId_name: { accountId: account.accountId, name: TRAIL } },
      data: { trailRegion: "eu-central-1", eventRW: "All" },
    });
    await recordTexts(account, [
      eventText({ eventTime: new Date(TODAY - 3 * DAY_MS), eventRW: "Write" }),
      eventText({ eventTime: new Date(TODAY - 2 * DAY_MS), eventRW: "Write" }),
    ]);
    await prisma().logProject.updateMany({ where: { accountId: account.accountId }, data: { logTime: "delivery" } });
    const { jobId } = await createMissingOf(older);
    const [before, after] = await prisma().deliveryHistoryJob.findMany({
      where: { id: { in: [older, jobId] } },
      orderBy: { id: "asc" },
    });
    expect(after).toMatchObject({
      trailRegion: before?.trailRegion,
      eventRW: before?.eventRW,
      projectName: before?.projectName,
      logstoreName: before?.logstoreName,
      windowTo: before?.windowTo,
      expected: 9n,
      logTime: "delivery",
    });
    expect(after?.arrivalMax).toBeGreaterThan(before?.arrivalMax ?? 0n);
  });

  it("is given back for a repeated token, whatever has become of the hole, and refused for another request", async () => {
    const older = await jobWithHole();
    const first = await createMissingOf(older, { clientToken: "again" });
    expect(await createMissingOf(older, { clientToken: "again" })).toEqual({ jobId: first.jobId, repeated: true });
    await endJob(account, first.jobId, "complete");
    await prisma().jobVerification.deleteMany({ where: { jobId: older } });
    expect(await createMissingOf(older, { clientToken: "again" })).toEqual({ jobId: first.jobId, repeated: true });
    for (const window of [{ kind: "default" }, { kind: "missing-of", jobId: first.jobId }]) {
      expect(await refusalOf(createMissingOf(older, { clientToken: "again", window }))).toMatchObject({
        code: "IdempotentParameterMismatch",
        details: { jobId: first.jobId },
      });
    }
  });
});

describe("a request for what another's logstore misses is refused", () => {
  it("for a job that is not the account's, and for one of another trail", async () => {
    const older = await jobWithHole();
    expect(await refusalOf(createMissingOf(older, { trailName: "other-trail" }))).toMatchObject({
      code: "InvalidParameterCombination",
    });
    account = await createBuiltInAccount();
    await addTrail(account, { name: TRAIL, logstore: true });
    expect(await refusalOf(createMissingOf(older))).toMatchObject({
      code: "DeliveryHistoryJobNotFound",
      details: { jobId: older },
    });
  });

  it("until the job has ended and was compared since", async () => {
    const jobId = await createJob(account, TRAIL);
    expect(await refusalOf(createMissingOf(jobId))).toMatchObject({ details: { why: "job-running" } });
    await endJob(account, jobId, "cancelled", () => "leave");
    expect(await refusalOf(createMissingOf(jobId))).toMatchObject({ details: { why: "not-verified" } });
    await verify(jobId);
    await prisma().deliveryHistoryJob.update({ where: { id: jobId }, data: { endedAt: new Date(Date.now() + 1_000) } });
    expect(await refusalOf(createMissingOf(jobId))).toMatchObject({ details: { why: "not-verified" } });
  });

  it("when nothing is missing", async () => {
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    await verify(jobId);
    expect(await refusalOf(createMissingOf(jobId))).toMatchObject({ details: { why: "nothing-missing" } });
  });

  it("when the sink cannot be read", async () => {
    account = await createHistoryAccount("http://127.0.0.1:9");
    await addTrail(account, { name: TRAIL });
    await recordSlices(1);
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "cancelled", () => "leave");
    await verify(jobId);
    expect(await refusalOf(createMissingOf(jobId))).toMatchObject({ details: { why: "not-verified" } });
  });

  it("while another job holds the slot", async () => {
    const older = await jobWithHole();
    const running = await createJob(account, "other-trail");
    expect(await refusalOf(createMissingOf(older))).toMatchObject({
      code: "MaximumNumberOfDeliveryHistoryJobsExceededException",
      details: { jobId: running },
    });
  });
});
