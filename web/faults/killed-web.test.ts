import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { pool } from "@/server/db.ts";
import { limitHistoryJob } from "@/server/history-job/control.ts";
import { closeQueue } from "@/server/queue.ts";
import { addPerson, createSession } from "@/testing/console-session.ts";
import { checkDelivery } from "@/testing/delivery-check.ts";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import { addTrail, type HistoryAccount } from "@/testing/history-account.ts";
import { findFreePort, startProduct } from "@/testing/product-process.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { findEnded, startWatchedJob, waitForJobs } from "@/testing/watched-job.ts";
import { createDeliveringAccount, startSink } from "@/worker/faults/fault-sink.ts";
import { startFaultWorker } from "@/worker/faults/fault-worker.ts";
import { report } from "@/worker/faults/figures.ts";

const WEB_KILLS = inForm({ short: 2, full: 200 });
const CREATION_KILLS = inForm({ short: 4, full: 200 });
/** For each kill: a process takes seconds to start, and many on a machine that is busy with other tests. */
const KILL_MS_MAX = 60_000;

/** What testing/create-history-jobs.ts names. */
const TRAIL = "all-regions";

/** So slow that the job is at work until the last kill, however long a process takes to start; and then as fast as it can. */
const SLOW_EVENTS_PER_SECOND = 1;
const SLICES = 4;
const EVENTS_PER_SLICE = (WEB_KILLS * KILL_MS_MAX * SLOW_EVENTS_PER_SECOND) / 1_000 / SLICES;
/** All that is left then, in batches of four. */
const END_MS_MAX = 150_000 + WEB_KILLS * 3_000;

/** How far a process has come with a job when it dies: somewhere on its way to it; in its midst; with its answer to give. */
const CREATION_POINTS = ["before", "half way", "behind"] as const;
const BEFORE_MS_MAX = 1_500;

afterAll(closeQueue);

describe("web, killed while people look at a job", () => {
  it(`${WEB_KILLS} times, changes nothing of it`, { timeout: WEB_KILLS * KILL_MS_MAX + END_MS_MAX }, async () => {
    const random = randomFor("web");
    const sink = await startSink();
    const { account, trailName } = await createDeliveringAccount(sink, {
      days: SLICES,
      eventsPerSlice: Math.max(200, EVENTS_PER_SLICE),
      batchLogs: 4,
    });
    const setCeiling = (jobId: number, eventsPerSecondMax: number | null) =>
      limitHistoryJob(account.scope("backtrail:LimitDeliveryHistoryJob"), { jobId, eventsPerSecondMax });
    const cookie = (await createSession(await addPerson(account, "admin")))
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
    const port = await findFreePort();
    const worker = await startFaultWorker();
    const job = await startWatchedJob(account, trailName);
    await setCeiling(job.jobId, SLOW_EVENTS_PER_SECOND);
    for (let kill = 0; kill < WEB_KILLS; kill++) {
      const web = await startProduct("web/main.ts", { PORT: String(port), NODE_ENV: "production" });
      const look = () => fetch(`http://127.0.0.1:${port}/jobs/${job.jobId}/data`, { headers: { cookie } });
      const first = await look();
      expect(first.status).toBe(200);
      expect(await first.json()).toMatchObject({ job: { id: job.jobId } });
      // Dies with some looks under way: they only read.
      const looks = Promise.allSettled(Array.from({ length: 10 }, look));
      await delay(random.integer(0, 50));
      await web.kill();
      await looks;
    }
    expect(await findEnded([job.jobId])).toEqual(new Set());
    expect(sink.requestCount).toBeGreaterThan(0);
    await setCeiling(job.jobId, null);
    await waitForJobs([job], END_MS_MAX);
    await worker.stop();
    await checkDelivery(job, sink, { repeatedBatchesMax: 0 });
    report("killed web", { kills: WEB_KILLS, requests: sink.requestCount });
  });
});

describe("a process, killed while it creates a job", () => {
  const timeout = CREATION_KILLS * KILL_MS_MAX + 300_000;
  it(`${CREATION_KILLS} times, leaves a whole job or none, and its token gives one`, { timeout }, async () => {
    const random = randomFor("creation");
    const sink = await startSink();
    const worker = await startFaultWorker();
    for (let kill = 0; kill < CREATION_KILLS; kill++) {
      const { account } = await createDeliveringAccount(sink, { days: 3, eventsPerSlice: 5 });
      await addTrail(account, { name: TRAIL });
      const point = CREATION_POINTS[kill % CREATION_POINTS.length] ?? "before";
      const isCreated = async () => (await readJobs(account)).length > 0;
      await killCreator(account, point, random.integer(0, BEFORE_MS_MAX), isCreated);

      const left = await readJobs(account);
      const job = await startWatchedJob(account, TRAIL, "one-token");
      expect(await readJobs(account)).toEqual([job.jobId]);
      expect(left, point).toEqual(point === "behind" ? [job.jobId] : []);
      await waitForJobs([job], 150_000);
      await checkDelivery(job, sink, { repeatedBatchesMax: 0 });
    }
    await worker.stop();
    report("killed creations", { kills: CREATION_KILLS });
  });
});

async function readJobs(account: HistoryAccount): Promise<number[]> {
  const { rows } = await pool().query<{ id: number }>("SELECT id FROM delivery_history_job WHERE account_id = $1", [
    account.accountId,
  ]);
  return rows.map((row) => row.id);
}

/** Starts a process that creates a job under the token "one-token", and kills it at the point. */
async function killCreator(
  account: HistoryAccount,
  point: (typeof CREATION_POINTS)[number],
  beforeMs: number,
  isCreated: () => Promise<boolean>,
): Promise<void> {
  // With this table locked, the transaction has its job's row and cannot have its slices.
  const client = await pool().connect();
  await client.query("BEGIN");
  if (point !== "behind") {
    await client.query("LOCK TABLE delivery_slice IN EXCLUSIVE MODE");
  }
  const child = spawn(
    process.execPath,
    [
      "-C",
      "react-server",
      "--import",
      "tsx",
      "testing/create-history-jobs.ts",
      account.accountId,
      "one-token",
      "0",
      "1",
    ],
    { stdio: "ignore" },
  );
  const ended = once(child, "exit");
  switch (point) {
    case "before":
      await delay(beforeMs);
      break;
    case "half way":
      await waitUntil("the creation is half way", 60_000, async () => {
        const { rowCount } = await client.query(
          "SELECT FROM pg_locks WHERE NOT granted AND relation = 'delivery_slice'::regclass",
        );
        return rowCount;
      });
      break;
    case "behind":
      await waitUntil("the job is created", 60_000, isCreated);
  }
  child.kill("SIGKILL");
  await ended;
  await client.query("ROLLBACK");
  client.release();
}
