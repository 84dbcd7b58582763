import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import {
  addTrail,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { createHistoryJob } from "./commands.ts";
import { cancelHistoryJob, pauseHistoryJob, resumeHistoryJob } from "./control.ts";
import { getJobRate, recordSamples } from "./samples.ts";

let account: HistoryAccount;
let jobId: number;

beforeAll(async () => {
  account = await createHistoryAccount("http://127.0.0.1:9");
  const eventTime = new Date(Date.now() - 5 * 86_400_000);
  await recordTexts(
    account,
    Array.from({ length: 3 }, () => eventText({ eventTime })),
  );
  await addTrail(account, { name: "all-events" });
});

beforeEach(async () => {
  const input = createHistoryJobInputSchema.parse({ trailName: "all-events" });
  jobId = (await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), input)).jobId;
  return () => cancelHistoryJob(account.scope("backtrail:CancelDeliveryHistoryJob"), { jobId });
});

afterAll(closeQueue);

/** As if a worker had begun to deliver it this long ago. */
async function begin(secondsAgo: number): Promise<void> {
  await pool().query(
    `UPDATE delivery_history_job SET phase = 'delivering', status = 1, started_at = now() - $2 * interval '1 second' WHERE id = $1`,
    [jobId, secondsAgo],
  );
}

async function countSamples(): Promise<number> {
  const { rows } = await pool().query("SELECT count(*)::int AS count FROM job_sample WHERE job_id = $1", [jobId]);
  return rows[0].count;
}

const rate = () => getJobRate(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);

it("keeps one moment for each ten seconds, however many workers sweep", async () => {
  await recordSamples();
  expect(await countSamples()).toBe(0);
  await begin(60);
  await Promise.all(Array.from({ length: 8 }, () => recordSamples()));
  // Two where the sweeps lie on both sides of the boundary.
  expect(await countSamples()).toBeLessThanOrEqual(2);
  expect(await countSamples()).toBeGreaterThanOrEqual(1);
});

it("tells the start and the present of a running job before any moment was kept", async () => {
  await begin(60);
  const { samples, now } = await rate();
  expect(samples).toHaveLength(2);
  expect(Date.parse(now) - Date.parse(samples[0]?.at ?? "")).toBeGreaterThanOrEqual(60_000);
  expect(samples[1]?.at).toBe(now);
});

it("marks where the job was paused, and keeps no moments of the pause", async () => {
  await begin(60);
  await pauseHistoryJob(account.scope("backtrail:PauseDeliveryHistoryJob"), { jobId });
  await recordSamples();
  expect((await rate()).samples.map(({ isPause }) => isPause)).toEqual([false, true]);
  await pool().query(
    `UPDATE job_sample SET slot = slot - 3, at = at - interval '30 s' WHERE job_id = $1 AND is_pause`,
    [jobId],
  );
  await resumeHistoryJob(account.scope("backtrail:ResumeDeliveryHistoryJob"), { jobId });
  const { samples } = await rate();
  expect(samples.map(({ isPause }) => isPause).slice(0, 3)).toEqual([false, true, false]);
});

it("keeps both ends of a run that has ended", async () => {
  await begin(60);
  await cancelHistoryJob(account.scope("backtrail:CancelDeliveryHistoryJob"), { jobId });
  expect(await countSamples()).toBe(2);
  const { samples } = await rate();
  expect(samples).toHaveLength(2);
  expect(Date.parse(samples[1]?.at ?? "") - Date.parse(samples[0]?.at ?? "")).toBeGreaterThanOrEqual(60_000);
});

it("tells a run of days in some 500 moments, its ends and its pauses among them", async () => {
  await begin(3 * 86_400);
  await pool().query(
    `INSERT INTO job_sample (job_id, run, slot, at, delivered, is_pause)
     SELECT $1, 1, slot, to_timestamp(slot * 10), slot - min(slot) OVER (), slot % 8640 = 0
     FROM generate_series(floor(extract(epoch FROM now() - interval '3 days') / 10)::int8 + 1, floor(extract(epoch FROM now()) / 10)::int8 - 1) AS slot`,
    [jobId],
  );
  const { samples } = await rate();
  expect(samples.length).toBeGreaterThan(400);
  expect(samples.length).toBeLessThan(520);
  expect(samples.filter(({ isPause }) => isPause)).toHaveLength(3);
  expect(samples.map(({ at }) => at)).toEqual(samples.map(({ at }) => at).toSorted());
});

it("tells another account nothing", async () => {
  const other = await createHistoryAccount("http://127.0.0.1:9");
  await expect(getJobRate(other.scope("actiontrail:GetDeliveryHistoryJob"), jobId)).rejects.toMatchObject({
    code: "DeliveryHistoryJobNotFound",
  });
});
