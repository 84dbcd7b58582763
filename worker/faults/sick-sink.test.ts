import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { checkDeliveries } from "@/testing/delivery-check.ts";
import { findFreePort, type ProductProcess } from "@/testing/product-process.ts";
import { refusal } from "@/testing/treatment.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { findEnded, type WatchedJob, waitForJobs } from "@/testing/watched-job.ts";
import { startDelivery, startSink } from "./fault-sink.ts";
import { startFaultWorker } from "./fault-worker.ts";
import { report } from "./figures.ts";
import { measureSickPeriods, TRIES_APART_MS } from "./sick-periods.ts";

const SHAPE = { days: 4, eventsPerSlice: 20, batchLogs: 10 } as const;

/** Jobs at the sick sink: each alone has slices enough for all places of a worker. */
const SICK_JOBS = 3;
/** How many tries the sick sink is watched for. */
const TRIES = 5;

/** A handler that looks in vain for its turn is gone sooner, on a busy machine, too; one that keeps its place for longer waits. */
const PASSING_BY_SECONDS = 6;

/** A sink that is well again may have been left alone for a minute, the longest pause between two tries; then its jobs are delivered. */
const RECOVERY_MS_MAX = 150_000;

let worker: ProductProcess;

beforeAll(async () => {
  worker = await startFaultWorker({ answerTimeoutMs: 1_500 });
});

afterAll(async () => {
  await worker?.stop();
  await closeQueue();
});

/** Entries of these jobs that have kept a place of a worker. */
async function countPlaces(jobs: readonly WatchedJob[]): Promise<number> {
  const { rows } = await pool().query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pgboss.job
     WHERE name = 'deliver-slices' AND state = 'active' AND started_on < now() - $2 * interval '1 second'
       AND (data->>'jobId')::int = ANY ($1)`,
    [jobs.map(({ jobId }) => jobId), PASSING_BY_SECONDS],
  );
  return rows[0]?.count ?? 0;
}

async function readTrouble(endpoint: string): Promise<{ code: string; message: string } | undefined> {
  const { rows } = await pool().query<{ code: string; message: string }>(
    "SELECT code, message FROM sink_circuit WHERE endpoint = $1",
    [endpoint],
  );
  return rows[0];
}

describe("a sick sink", () => {
  it("gets one try a second and one place of a worker, and other sinks' jobs do not wait", async () => {
    let isSick = true;
    const sick = await startSink({ answerTo: () => (isSick ? refusal(503, "ServerBusy", "busy") : undefined) });
    const healthy = await startSink();
    const sickJobs: WatchedJob[] = [];
    for (let index = 0; index < SICK_JOBS; index++) {
      sickJobs.push(await startDelivery(sick, SHAPE));
    }
    await waitUntil(
      "the sink is known to be sick",
      60_000,
      async () => (await readTrouble(sick.endpoint)) !== undefined,
    );
    const before = sick.requestCount;

    const healthyJob = await startDelivery(healthy, SHAPE);
    const startedAtMs = performance.now();
    let placesMax = 0;
    let healthyMs: number | null = null;
    // The sink stays sick until then: a job that waited for it would never end.
    await waitUntil(`the healthy job and ${TRIES} tries`, 120_000, async () => {
      placesMax = Math.max(placesMax, await countPlaces(sickJobs));
      if (healthyMs === null && (await findEnded([healthyJob.jobId])).size > 0) {
        healthyMs = performance.now() - startedAtMs;
      }
      return healthyMs !== null && sick.requestCount >= before + TRIES;
    });
    expect(placesMax).toBeLessThanOrEqual(1);

    isSick = false;
    await waitForJobs(sickJobs, RECOVERY_MS_MAX);
    const measured = measureSickPeriods(sick.requests, ({ status }) => status !== 200);
    expect(measured.apartMs).toBeGreaterThanOrEqual(TRIES_APART_MS);
    expect(measured.atOnce).toBe(1);
    await checkDeliveries(sickJobs, sick, 0);
    await checkDeliveries([healthyJob], healthy, 0);
    report("sick sink", { ...measured, "healthy seconds beside it": (healthyMs ?? 0) / 1_000 });
  });

  it.each([
    ["whose name is not found", "http://no-such-host.invalid", /name/],
    ["that refuses connections", null, /nothing listens/],
  ])("%s is in trouble, in words, until it is there", async (_, endpoint, words) => {
    const away = endpoint ?? `http://127.0.0.1:${await findFreePort()}`;
    const job = await startDelivery({ endpoint: away }, SHAPE);
    const trouble = await waitUntil("the trouble is known", 60_000, () => readTrouble(away));
    expect(trouble).toMatchObject({ code: "NoAnswer", message: expect.stringMatching(words) });
    expect(await findEnded([job.jobId])).toEqual(new Set());

    const sink = await startSink();
    await pool().query("UPDATE log_project SET endpoint = $2 WHERE account_id = $1", [
      job.account.accountId,
      sink.endpoint,
    ]);
    await waitForJobs([job], RECOVERY_MS_MAX);
    await checkDeliveries([job], sink, 0);
  });
});
