import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { historyJobReportDtoSchema } from "@/domain/history-job/schema.ts";
import { prisma } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { createJob, endJob } from "@/testing/ended-job.ts";
import {
  addTrail,
  createBuiltInAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { getHistoryJobReport, getVerificationDetail } from "./report.ts";

const DAY_MS = 86_400_000;
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const TRAIL = "all-events";
const DIGESTS = { here: "aa".repeat(32), there: "bb".repeat(32) };

let account: HistoryAccount;

afterAll(closeQueue);

beforeEach(async () => {
  account = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL, logstore: true });
  const texts = [2, 3].flatMap((daysAgo) =>
    Array.from({ length: 4 }, (_, index) =>
      eventText({ eventTime: new Date(TODAY - daysAgo * DAY_MS + index * 1_000) }),
    ),
  );
  await recordTexts(account, texts);
});

function scope(of: HistoryAccount = account) {
  return of.scope("actiontrail:GetDeliveryHistoryJob");
}

/** Ends the job's open verification with this to say of the day. */
async function finish(jobId: number, daysAgo: number, missing: number): Promise<void> {
  const { id } = await prisma().jobVerification.findFirstOrThrow({ where: { jobId, state: "waiting" } });
  await prisma().sliceVerification.create({
    data: {
      verificationId: id,
      region: "cn-hangzhou",
      day: new Date(TODAY - daysAgo * DAY_MS),
      method: "identity",
      inHistory: 4,
      inSink: 4 - missing,
      missing,
      conflicts: 0,
      checksumHere: Buffer.from(DIGESTS.here, "hex"),
      checksumThere: Buffer.from(missing > 0 ? DIGESTS.there : DIGESTS.here, "hex"),
    },
  });
  await prisma().jobVerification.update({ where: { id }, data: { state: "complete", endedAt: new Date() } });
}

describe.each(["complete", "incomplete", "failed", "cancelled"] as const)(
  "the report of a job that ended %s",
  (phase) => {
    it("holds the equation, per slice and for the job", async () => {
      const jobId = await createJob(account, TRAIL);
      await endJob(account, jobId, phase, ({ event_time }) => {
        const second = (event_time.getTime() % DAY_MS) / 1_000;
        return phase !== "complete" && second === 1
          ? "refuse"
          : phase !== "complete" && second === 3
            ? "leave"
            : "deliver";
      });
      const report = historyJobReportDtoSchema.parse(await getHistoryJobReport(scope(), jobId));
      const terms =
        phase === "complete" ? { delivered: 8, remaining: 0 } : { delivered: 4, undeliverable: 2, remaining: 2 };
      expect(report.equation).toMatchObject({ expected: 8, gap: 0, ...terms, holds: true });
      expect(report.slices).toHaveLength(2);
      for (const { slice } of report.slices) {
        expect(slice.delivered + slice.undeliverable + slice.gap + slice.remaining).toBe(slice.expected);
      }
      expect(report.undeliverableReasons.map(({ count }) => count)).toEqual(phase === "complete" ? [] : [2]);
      expect(report.statements[0]).toMatch(/^Expected 8 = delivered [48] /);
    });
  },
);

describe("the report of a job", () => {
  it("goes by the newest finished comparison while a newer one is under way", async () => {
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    await finish(jobId, 3, 1);
    await prisma().jobVerification.create({ data: { jobId, requestedBy: "test" } });
    const report = await getHistoryJobReport(scope(), jobId);
    expect(report.verification).toMatchObject({ state: "complete", missing: 1, checksumsEqual: false });
    expect(report.slices.map(({ verification }) => verification?.missing)).toEqual([1, undefined]);
    expect(report.statements.join(" ")).toContain("Checksums differ in 1 slice");
    expect(await getVerificationDetail(scope(), jobId)).toMatchObject({
      verification: { state: "waiting" },
      slices: [],
    });
  });

  it("adds up at any moment of a job that runs", async () => {
    const jobId = await createJob(account, TRAIL);
    let isOver = false;
    const delivery = (async () => {
      while (!isOver) {
        await prisma().$executeRaw`
          UPDATE delivery_slice SET delivered = 1 - delivered, new_at_sink = 1 - new_at_sink WHERE job_id = ${jobId}`;
      }
    })();
    try {
      for (let read = 0; read < 40; read++) {
        expect((await getHistoryJobReport(scope(), jobId)).equation).toMatchObject({ expected: 8, holds: true });
      }
    } finally {
      isOver = true;
      await delivery;
    }
  });

  it("says so when the counts that were stored at the job's end are not those of its slices", async () => {
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    await prisma().deliveryHistoryJob.update({ where: { id: jobId }, data: { delivered: 7, newAtSink: 7 } });
    const report = await getHistoryJobReport(scope(), jobId);
    expect(report).toMatchObject({ job: { delivered: 7 }, equation: { delivered: 8, holds: false } });
    expect(report.statements[0]).toContain("do not rely on this report");
  });

  it("stays when the job is deleted", async () => {
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    await prisma().deliveryHistoryJob.update({ where: { id: jobId }, data: { deletedAt: new Date() } });
    expect(await getHistoryJobReport(scope(), jobId)).toMatchObject({ equation: { delivered: 8, holds: true } });
  });

  it("is no other account's to read", async () => {
    const jobId = await createJob(account, TRAIL);
    const other = await createBuiltInAccount();
    for (const read of [getHistoryJobReport, getVerificationDetail]) {
      await expect(read(scope(other), jobId)).rejects.toMatchObject({ code: "DeliveryHistoryJobNotFound" });
    }
  });
});
