import { afterAll, describe, expect, it } from "vitest";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { checkDeliveries } from "@/testing/delivery-check.ts";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import type { ProductProcess } from "@/testing/product-process.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { findEnded, type WatchedJob, waitForJobs } from "@/testing/watched-job.ts";
import { BOUNDARIES } from "./boundary.ts";
import { startDelivery, startSink } from "./fault-sink.ts";
import { startFaultWorker } from "./fault-worker.ts";
import { ENDS_MS, GOES_ON_MS, report } from "./figures.ts";
import { batchesInFlightSince, readClaims } from "./in-flight.ts";

/** Two slices, each with a last page that is not full: its save brings the claim on the other one along. */
const SHAPE = { days: 2, eventsPerSlice: 60, batchLogs: 25 } as const;

const BATCHES = SHAPE.days * Math.ceil(SHAPE.eventsPerSlice / SHAPE.batchLogs);

/** "settled" is not among them: the job has then ended, and the worker only tells its queue. */
const FREEZES = BOUNDARIES.filter((boundary) => boundary !== "settled");

/** Rows with the transaction that wrote each: an update that changes nothing would show, too. */
async function readRows(jobs: readonly WatchedJob[]): Promise<unknown[]> {
  const ids = jobs.map((job) => job.jobId);
  const { rows: slices } = await pool().query(
    "SELECT s.*, s.xmin FROM delivery_slice s WHERE job_id = ANY ($1) ORDER BY job_id, day, region",
    [ids],
  );
  const { rows: own } = await pool().query(
    "SELECT j.*, j.xmin FROM delivery_history_job j WHERE id = ANY ($1) ORDER BY id",
    [ids],
  );
  return [...slices, ...own];
}

afterAll(closeQueue);

describe("a worker that is stopped past its heartbeat and then continued", () => {
  const boundaries = randomFor("freezes")
    .shuffle(FREEZES)
    .slice(0, inForm({ short: 4, full: FREEZES.length }));

  it(`touches no row: ${boundaries.join(", ")}`, async () => {
    const random = randomFor("occurrences");
    const held = Promise.withResolvers<void>();
    /** Jobs whose batches the sink holds while the frozen workers are continued. */
    const heldLogstores = new Set<string>();
    /** Those of them for which it does hold one. */
    const holding = new Set<string>();
    const sink = await startSink({
      watch: async (moment, { logstore }) => {
        if (moment === "headers" && heldLogstores.has(logstore)) {
          holding.add(logstore);
          await held.promise;
        }
        return undefined;
      },
    });

    const jobs: WatchedJob[] = [];
    const frozen: ProductProcess[] = [];
    // Per freeze what the worker may have in flight, which the survivor sends again or the worker itself, once it wakes up.
    let allowed = 0;
    for (const boundary of boundaries) {
      const job = await startDelivery(sink, SHAPE);
      jobs.push(job);
      const claimsBefore = await readClaims(jobs);
      const isOfSlice = boundary === "claimed" || boundary.endsWith("finish");
      const worker = await startFaultWorker({
        stopsAt: { boundary, occurrence: random.integer(1, isOfSlice ? SHAPE.days : BATCHES), job },
      });
      frozen.push(worker);
      await waitUntil(`the worker stands still at ${boundary}`, 60_000, () => worker.isStopped());
      allowed += await batchesInFlightSince(jobs, claimsBefore);
    }
    const frozenAtMs = performance.now();
    const claims = await readClaims(jobs);
    // Every second job is in the middle of its way when its first worker wakes up; the others have ended.
    const [ended, under] = [jobs.filter((_, index) => index % 2 === 0), jobs.filter((_, index) => index % 2 === 1)];
    for (const { logstoreName } of under) {
      heldLogstores.add(logstoreName);
    }

    const survivor = await startFaultWorker();
    await Promise.all(
      jobs.map((job) =>
        waitUntil(`job ${job.jobId} goes on`, GOES_ON_MS, async () => {
          const isClaimed = ((await readClaims([job])).get(job.jobId) ?? 0) > (claims.get(job.jobId) ?? 0);
          return isClaimed || (await findEnded([job.jobId])).size > 0;
        }),
      ),
    );
    const goneOnMs = performance.now() - frozenAtMs;
    await waitForJobs(ended, ENDS_MS);
    // One whose worker froze behind its last batch has nothing more to send.
    await waitUntil("the others' batches are on the wire", ENDS_MS, async () => {
      const done = await findEnded(under.map(({ jobId }) => jobId));
      return under.every(({ jobId, logstoreName }) => holding.has(logstoreName) || done.has(jobId));
    });
    const before = await readRows(jobs);
    // What they send now, not knowing better, must not wait for the survivor's.
    heldLogstores.clear();
    for (const worker of frozen) {
      worker.signal("SIGCONT");
    }
    // Draining, each ends what it was about to do first.
    await Promise.all(frozen.map((worker) => worker.stop()));
    expect(await readRows(jobs)).toEqual(before);

    held.resolve();
    await waitForJobs(jobs, ENDS_MS);
    await survivor.stop();
    const repeats = await checkDeliveries(jobs, sink, allowed);
    report("frozen", { workers: frozen.length, repeats, allowed, "seconds until gone on": goneOnMs / 1_000 });
  });
});
