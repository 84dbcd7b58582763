import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { closeQueue } from "@/server/queue.ts";
import { checkDeliveries } from "@/testing/delivery-check.ts";
import { inForm, randomFor, WORKERS } from "@/testing/fault-run.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import type { LogServiceStandIn } from "@/testing/log-service-stand-in.ts";
import type { ProductProcess } from "@/testing/product-process.ts";
import type { SeededRandom } from "@/testing/seeded-random.ts";
import { findEnded, startWatchedJob, type WatchedJob, waitForJobs } from "@/testing/watched-job.ts";
import { createDeliveringAccount, startSink } from "./fault-sink.ts";
import { startFaultWorker } from "./fault-worker.ts";
import { ENDS_MS, report } from "./figures.ts";
import { BATCHES_IN_FLIGHT_PER_WORKER } from "./in-flight.ts";

const KILLS = inForm({ short: 20, full: 200 });

/** Enough work at a time that a worker finds some while the slices of those before it wait for a heartbeat to be missed. */
const ACCOUNTS = 40;
const SHAPE = { days: 4, eventsPerSlice: 30 } as const;
const BATCH_SIZES = [3, 10, 4_000] as const;

/**
 * A worker lives until the first request of its time, or for so long when all work is in the hands of the dead; then until so many
 * more have come, or none for a while; and then a little on.
 */
const FIRST_REQUEST_MS_MAX = 15_000;
const REQUESTS_MAX = 40;
const IDLE_MS_MAX = 500;
const LITTLE_MS_MAX = 50;
const SINK_DELAY_MS_MAX = 50;

/** @returns whether there was work to die at */
async function waitForTheTimeToDie(sink: LogServiceStandIn, random: SeededRandom): Promise<boolean> {
  const before = sink.requestCount;
  const last = before + 1 + random.integer(0, REQUESTS_MAX);
  let deadline = performance.now() + FIRST_REQUEST_MS_MAX;
  for (let seen = before; seen < last && performance.now() < deadline; ) {
    await delay(1);
    if (sink.requestCount > seen) {
      seen = sink.requestCount;
      deadline = performance.now() + IDLE_MS_MAX;
    }
  }
  await delay(random.integer(0, LITTLE_MS_MAX));
  return sink.requestCount > before;
}

afterAll(closeQueue);

describe("workers that are killed", () => {
  it(
    `at ${KILLS} random times lose nothing and count nothing twice`,
    async () => {
      const random = randomFor("random times");
      const delays = randomFor("sink");
      const sink = await startSink({ answerTo: () => ({ delayMs: delays.integer(0, SINK_DELAY_MS_MAX) }) });
      const jobs: WatchedJob[] = [];
      const running = new Map<number, { account: HistoryAccount; trailName: string }>();
      const start = async (delivering: { account: HistoryAccount; trailName: string }) => {
        const job = await startWatchedJob(delivering.account, delivering.trailName);
        jobs.push(job);
        running.set(job.jobId, delivering);
      };
      for (let index = 0; index < ACCOUNTS; index++) {
        await start(await createDeliveringAccount(sink, { ...SHAPE, batchLogs: random.pick(BATCH_SIZES) }));
      }

      let killsAtWork = 0;
      let killsOnTheWire = 0;
      const workers: Promise<ProductProcess>[] = Array.from({ length: WORKERS }, () => startFaultWorker());
      for (let kill = 0; kill < KILLS; kill++) {
        // The one that was started first: it is the likeliest to be ready, while the others still load.
        const victim = await workers.shift();
        killsAtWork += (await waitForTheTimeToDie(sink, random)) ? 1 : 0;
        killsOnTheWire += sink.requests.some((request) => request.endedAtMs === null) ? 1 : 0;
        await victim?.kill();
        workers.push(startFaultWorker());
        for (const ended of await findEnded([...running.keys()])) {
          const delivering = running.get(ended);
          running.delete(ended);
          if (delivering !== undefined) {
            await start(delivering);
          }
        }
      }
      const lastKillAtMs = performance.now();
      await waitForJobs(jobs, ENDS_MS);
      const goneOnMs = performance.now() - lastKillAtMs;
      await Promise.all(workers.map(async (worker) => (await worker).stop()));

      const allowed = KILLS * BATCHES_IN_FLIGHT_PER_WORKER;
      const repeats = await checkDeliveries(jobs, sink, allowed);
      report("killed at random", {
        kills: KILLS,
        "at work": killsAtWork,
        "with batches on the wire": killsOnTheWire,
        jobs: jobs.length,
        logs: sink.logCount,
        repeats,
        allowed,
        "seconds until all ended": goneOnMs / 1_000,
      });
      // Else the kills hit workers that had nothing to do, and the test proves little.
      expect(killsAtWork).toBeGreaterThan(KILLS / 2);
    },
    KILLS * 60_000 + 300_000,
  );
});
