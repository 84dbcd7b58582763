import { afterAll, describe, expect, it } from "vitest";
import { closeQueue } from "@/server/queue.ts";
import { checkDeliveries } from "@/testing/delivery-check.ts";
import { type WatchedJob, waitForJobs } from "@/testing/watched-job.ts";
import { startDelivery, startSink } from "./fault-sink.ts";
import { startFaultWorker } from "./fault-worker.ts";
import { ENDS_MS, report } from "./figures.ts";
import { batchesInFlightSince, readClaims } from "./in-flight.ts";

const TWO_HOURS_MS = 7_200_000;
const SHAPE = { days: 4, eventsPerSlice: 40, batchLogs: 10 } as const;

afterAll(closeQueue);

describe("workers whose clocks are two hours ahead and two hours behind", () => {
  it("sign what the sink accepts, send what others would, and take over from each other in time", async () => {
    const sink = await startSink();
    const jobs: WatchedJob[] = [];
    let allowed = 0;
    for (const clockAheadMs of [TWO_HOURS_MS, -TWO_HOURS_MS]) {
      const job = await startDelivery(sink, SHAPE);
      jobs.push(job);
      const claimsBefore = await readClaims(jobs);
      const worker = await startFaultWorker({ clockAheadMs, diesAt: { boundary: "answered", occurrence: 5, job } });
      expect(await worker.ended).toBe("SIGKILL");
      allowed += await batchesInFlightSince(jobs, claimsBefore);
    }
    const lastDeathAtMs = performance.now();
    const survivors = [
      await startFaultWorker({ clockAheadMs: -TWO_HOURS_MS }),
      await startFaultWorker({ clockAheadMs: TWO_HOURS_MS }),
    ];
    await waitForJobs(jobs, ENDS_MS);
    const goneOnMs = performance.now() - lastDeathAtMs;
    await Promise.all(survivors.map((worker) => worker.stop()));

    // The stand-in refuses what is not signed within 15 minutes of the true time, and lists it as a fault.
    const repeats = await checkDeliveries(jobs, sink, allowed);
    const times = sink.logs.map(
      ({ time, event }) => time - Math.floor(Date.parse(JSON.parse(event).eventTime) / 1_000),
    );
    expect(new Set(times)).toEqual(new Set([0]));
    report("wrong clocks", { kills: 2, repeats, allowed, "seconds until all ended": goneOnMs / 1_000 });
  });
});
