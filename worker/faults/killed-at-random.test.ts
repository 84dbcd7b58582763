import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { closeQueue } from "@/server/queue.ts";
import { checkDeliveries } from "@/testing/delivery-check.ts";
import { inForm, randomFor, WORKERS } from "@/testing/fault-run.ts";
import type { ProductProcess } from "@/testing/product-process.ts";
import { startWatchedJob, type WatchedJob, waitForJob } from "@/testing/watched-job.ts";
import { createDeliveringAccount, startSink } from "./fault-sink.ts";
import { startFaultWorker } from "./fault-worker.ts";
import { BATCHES_IN_FLIGHT_PER_WORKER, GOES_ON_MS, report } from "./figures.ts";

const KILLS = inForm({ short: 20, full: 200 });

/** Enough work at a time that no worker is ever idle while the slices of those before it wait for a heartbeat to be missed. */
const ACCOUNTS = 12;
const SHAPE = { days: 4, eventsPerSlice: 60 } as const;
const BATCH_SIZES = [5, 25, 4_000] as const;

/** Longer than a worker needs from one boundary to the next, shorter than a slice takes. */
const LIFE_MS_MAX = 600;
const SINK_DELAY_MS_MAX = 30;

afterAll(closeQueue);

describe("workers that are killed", () => {
  it(`at ${KILLS} random times lose nothing and count nothing twice`, async () => {
    const random = randomFor("random times");
    const delays = randomFor("sink");
    const sink = await startSink({ answerTo: () => ({ delayMs: delays.integer(0, SINK_DELAY_MS_MAX) }) });

    let isKilling = true;
    const jobs: WatchedJob[] = [];
    const deliverAgainAndAgain = async () => {
      const { account, trailName } = await createDeliveringAccount(sink, {
        ...SHAPE,
        batchLogs: random.pick(BATCH_SIZES),
      });
      while (isKilling) {
        const job = await startWatchedJob(account, trailName);
        jobs.push(job);
        // Twice over: its slices may have just been taken up by a worker when that is killed, too.
        await waitForJob(job.jobId, KILLS * 2_000 + 2 * GOES_ON_MS);
      }
    };
    const deliveries = Promise.all(Array.from({ length: ACCOUNTS }, deliverAgainAndAgain));

    const workers: Promise<ProductProcess>[] = Array.from({ length: WORKERS }, () => startFaultWorker());
    for (let kill = 0; kill < KILLS; kill++) {
      // The one that was started first: it is the likeliest to be ready, while the others still load.
      const victim = await workers.shift();
      await delay(random.integer(0, LIFE_MS_MAX));
      await victim?.kill();
      workers.push(startFaultWorker());
    }
    const lastKillAtMs = performance.now();
    isKilling = false;
    await deliveries;
    const goneOnMs = performance.now() - lastKillAtMs;
    await Promise.all(workers.map(async (worker) => (await worker).stop()));

    const allowed = KILLS * BATCHES_IN_FLIGHT_PER_WORKER;
    const repeats = await checkDeliveries(jobs, sink, allowed);
    expect(sink.requests.some(({ isTaken, endedAtMs }) => isTaken && endedAtMs !== null)).toBe(true);
    report("killed at random", {
      kills: KILLS,
      jobs: jobs.length,
      logs: sink.logCount,
      repeats,
      allowed,
      "seconds until all ended": goneOnMs / 1_000,
    });
  });
});
