import { expect } from "vitest";
import { pool } from "@/server/db.ts";
import { addPerson, createSession } from "@/testing/console-session.ts";
import { checkDelivery } from "@/testing/delivery-check.ts";
import { addTrail, createBuiltInAccount } from "@/testing/history-account.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { recordHistory, startWatchedJob, type WatchedJob } from "@/testing/watched-job.ts";
import { ConsoleProbe, type Polled } from "./console-probe.ts";
import type { DatabaseProduct } from "./database-product.ts";
import { createDeliveringAccount, startSink } from "./fault-sink.ts";
import { ENDS_MS, report } from "./figures.ts";
import { batchesInFlightOf } from "./in-flight.ts";

/** Small batches and a sink that takes its time: the database has to go while they are on their way. */
const SHAPE = { days: 4, eventsPerSlice: 300, batchLogs: 10 } as const;
const SINK_DELAY_MS = 60;

/** How long an entry rests that failed (RETRY_SECONDS, queue.ts). */
export const ENTRY_REST_S = 3;

/** Web and api answer again this soon after the database does: they have nothing to wait for, but for what else the machine does. */
const ANSWERS_AGAIN_MS = 30_000;

export type Disturbance = {
  /** For the figures. */
  readonly name: string;
  /** What is done to the database while deliveries are under way. Afterwards it is well again. */
  readonly disturb: (progress: DeliveryProgress) => Promise<void>;
  /**
   * How often an entry may have lost what it had in flight. A handler that could not save gives its entry back, which rests for
   * ENTRY_REST_S before anything of it is sent again: one loss for what is over in a moment, whatever the number of workers.
   */
  readonly lossesMax: number;
  /** Whether the console cannot have answered all the while. */
  readonly isSeen?: boolean;
};

/** For disturbances that come again and again: how many events of the jobs are delivered, as long as anybody can tell. */
export type DeliveryProgress = () => Promise<{ readonly delivered: number; readonly hasEnded: boolean } | null>;

/**
 * Delivers one history to a stand-in sink and another to the built-in log service while the database is disturbed and the console
 * watched. Afterwards every process goes on by itself: the jobs end complete, nothing is lost or counted twice, and the console's
 * answers were quick and honest throughout.
 */
export async function deliverThrough(product: DatabaseProduct, disturbance: Disturbance): Promise<void> {
  const sink = await startSink({ answerTo: () => ({ delayMs: SINK_DELAY_MS }) });
  const { account, trailName } = await createDeliveringAccount(sink, SHAPE);
  const cookies = await createSession(await addPerson(account, "viewer"));
  const external = await startWatchedJob(account, trailName);
  const builtIn = await startBuiltInJob();
  const jobIds = [external.jobId, builtIn.jobId];
  const probes = product.webUrls.map((url) => new ConsoleProbe(`${url}/jobs/${external.jobId}/data`, cookies));
  const progress: DeliveryProgress = () => readProgress(jobIds);

  await waitUntil("the deliveries are under way and the console shows it", ENDS_MS, async () => {
    const { delivered = 0 } = (await progress()) ?? {};
    return delivered > external.expected.length / 10 && probes.every(({ status }) => status === 200);
  });
  const disturbedAtMs = performance.now();
  await disturbance.disturb(progress);
  const wellAtMs = performance.now();
  await waitUntil("web and api answer again", ANSWERS_AGAIN_MS, async () => {
    const ready = await Promise.all(product.apiUrls.map((url) => fetch(`${url}/readyz`).then(({ ok }) => ok)));
    const isAnswered = probes.every((probe) => probe.status === 200 && (probe.polled.at(-1)?.atMs ?? 0) > wellAtMs);
    return ready.every(Boolean) && isAnswered;
  });
  const answeringAtMs = performance.now();
  await waitUntil("the jobs have ended", ENDS_MS, async () => {
    expect(product.ended(), "no process has ended").toEqual([]);
    return (await progress())?.hasEnded;
  });
  const endedAtMs = performance.now();
  await Promise.all(probes.map((probe) => probe.stop()));

  const polled = probes.flatMap((probe) => probe.polled.filter(({ atMs }) => atMs >= disturbedAtMs));
  checkAnswers(polled, disturbance.isSeen ?? false);
  const repeatedBatchesMax = disturbance.lossesMax * (await batchesInFlightOf(external));
  const { repeatedBatches } = await checkDelivery(external, sink, { repeatedBatchesMax });
  await checkBuiltIn(builtIn);
  report(disturbance.name, {
    "seconds disturbed": (wellAtMs - disturbedAtMs) / 1_000,
    "until web and api answered": (answeringAtMs - wellAtMs) / 1_000,
    "until the jobs had ended": (endedAtMs - wellAtMs) / 1_000,
    repeats: repeatedBatches,
    allowed: repeatedBatchesMax,
    "console answers": polled.length,
    "of them 5xx": polled.filter(({ status }) => status !== null && status >= 500).length,
    "slowest ms": Math.max(...polled.map(({ tookMs }) => tookMs)),
  });
}

/** Resolves when more events are delivered than now, or all are. */
export async function waitForProgress(progress: DeliveryProgress): Promise<void> {
  const before = (await progress())?.delivered ?? 0;
  await waitUntil("the deliveries go on", ENDS_MS, async () => {
    const now = await progress();
    return now !== null && (now.hasEnded || now.delivered > before);
  });
}

async function startBuiltInJob(): Promise<WatchedJob> {
  const account = await createBuiltInAccount();
  const name = `built-in-by-${SHAPE.batchLogs}`;
  await addTrail(account, { name, logstore: true });
  await recordHistory(account, SHAPE);
  return startWatchedJob(account, name);
}

async function readProgress(jobIds: readonly number[]): ReturnType<DeliveryProgress> {
  const found = await pool()
    .query<{ delivered: number; open: number }>(
      `SELECT coalesce(sum(s.delivered), 0)::int8 AS delivered, count(*) FILTER (WHERE j.ended_at IS NULL) AS open
       FROM delivery_history_job j JOIN delivery_slice s ON s.job_id = j.id WHERE j.id = ANY ($1)`,
      [jobIds],
    )
    .catch(() => null);
  const row = found?.rows[0];
  return row === undefined ? null : { delivered: row.delivered, hasEnded: row.open === 0 };
}

/** A database that is away is told while the page still waits, and never as a session that ended or a job that is not there. */
function checkAnswers(polled: readonly Polled[], isSeen: boolean): void {
  const unexpected = polled.filter(({ status }) => status !== 200 && (status === null || status < 500));
  expect(unexpected.slice(0, 3), "answers that are neither the data nor 5xx").toEqual([]);
  if (isSeen) {
    expect(polled.some(({ status }) => status !== 200)).toBe(true);
  }
}

async function checkBuiltIn({ jobId, expected }: WatchedJob): Promise<void> {
  const { rows: jobs } = await pool().query("SELECT * FROM delivery_history_job WHERE id = $1", [jobId]);
  expect(jobs[0], `built-in job ${jobId}`).toMatchObject({
    phase: "complete",
    expected: expected.length,
    delivered: expected.length,
    // Whatever was sent again, the logstore had none of it before this job.
    new_at_sink: expected.length,
    present_at_sink: 0,
  });
  const { rows: logs } = await pool().query<{ event: string }>("SELECT event FROM log WHERE job_id = $1", [jobId]);
  const arrived = logs.map(({ event }) => event).toSorted();
  expect(arrived.length).toBe(expected.length);
  // One comparison of two long strings: a diff of a thousand texts would be no help to anybody.
  expect(arrived.join("\n") === expected.toSorted().join("\n"), "each event is in the logstore once").toBe(true);
}
