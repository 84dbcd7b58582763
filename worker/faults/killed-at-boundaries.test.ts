import { afterAll, describe, expect, it } from "vitest";
import { closeQueue } from "@/server/queue.ts";
import { checkDeliveries } from "@/testing/delivery-check.ts";
import { inForm, randomFor, WORKERS } from "@/testing/fault-run.ts";
import type { Moment } from "@/testing/log-service-stand-in.ts";
import type { ProductProcess } from "@/testing/product-process.ts";
import { refusal } from "@/testing/treatment.ts";
import { type WatchedJob, waitForJobs } from "@/testing/watched-job.ts";
import { BOUNDARIES, type Boundary } from "./boundary.ts";
import { startDelivery, startSink } from "./fault-sink.ts";
import { startFaultWorker } from "./fault-worker.ts";
import { ENDS_MS, GOES_ON_MS, report } from "./figures.ts";
import { batchesInFlightSince, readClaims } from "./in-flight.ts";

/** Many small batches, a few, and all logs of a slice in one. */
const BATCH_SIZES = [5, 25, 4_000] as const;
const SHAPE = { days: 2, eventsPerSlice: 60 } as const;
const POISON = 2;

/** What only the sink can tell: half of a request is there; it is taken, and not yet answered. */
const MOMENT_OF = { "half-sent": "half", unanswered: "taken" } as const satisfies Record<string, Moment>;
const ON_THE_WAY = ["half-sent", "unanswered"] as const;

type Death = { readonly boundary: Boundary | (typeof ON_THE_WAY)[number]; readonly batchLogs: number };

/** Every boundary with every batch size; in the short form every boundary once, and the seed says with which size. */
function plannedDeaths(): Death[] {
  const random = randomFor("batch sizes");
  return [...BOUNDARIES, ...ON_THE_WAY].flatMap((boundary) =>
    random
      .shuffle(BATCH_SIZES)
      .slice(0, inForm({ short: 1, full: BATCH_SIZES.length }))
      .map((batchLogs): Death => ({ boundary, batchLogs })),
  );
}

/** How often one worker that delivers a whole job comes by, at least. */
function occurrencesMax({ boundary, batchLogs }: Death): number {
  switch (boundary) {
    case "claimed":
    case "before-finish":
    case "after-finish":
      return SHAPE.days;
    case "settled":
      return 1;
    default:
      return SHAPE.days * Math.ceil(SHAPE.eventsPerSlice / batchLogs);
  }
}

afterAll(closeQueue);

describe("a worker that is killed", () => {
  const deaths = plannedDeaths();

  it(`at each of ${deaths.length} boundaries loses nothing and counts nothing twice`, async () => {
    const random = randomFor("boundaries");
    /** On the way of which of a job's requests its worker dies. */
    let onTheWay: { logstoreName: string; moment: Moment; left: number; worker: Promise<ProductProcess> } | null = null;
    const poison = new Set<string>();
    const sink = await startSink({
      refuses: ({ event }) => (poison.has(event) ? refusal(400, "PostBodyInvalid", "invalid log") : undefined),
      watch: async (moment, { logstore }) => {
        if (onTheWay?.logstoreName !== logstore || onTheWay.moment !== moment || --onTheWay.left !== 0) {
          return undefined;
        }
        await (await onTheWay.worker).kill();
        return "cut";
      },
    });

    const jobs: WatchedJob[] = [];
    // Per death what the jobs that its worker had claimed may have in flight: its own, and what those before it left behind. A page that
    // is cut anew may come again in more parts than were on their way; the deaths with nothing on the way leave room for them.
    let allowed = 0;
    for (const { boundary, batchLogs } of deaths) {
      const job = await startDelivery(sink, { ...SHAPE, batchLogs });
      jobs.push(job);
      // Every second job has logs that are refused, so that workers die within pages that are cut, too.
      for (const text of jobs.length % 2 === 0 ? random.shuffle(job.expected).slice(0, POISON) : []) {
        poison.add(text);
      }
      const occurrence = random.integer(1, occurrencesMax({ boundary, batchLogs }));
      const claimsBefore = await readClaims(jobs);
      let worker: Promise<ProductProcess>;
      if (boundary === "half-sent" || boundary === "unanswered") {
        worker = startFaultWorker();
        onTheWay = { logstoreName: job.logstoreName, moment: MOMENT_OF[boundary], left: occurrence, worker };
      } else {
        worker = startFaultWorker({ diesAt: { boundary, occurrence, job } });
      }
      expect(await (await worker).ended, `at ${boundary} ${occurrence} with batches of ${batchLogs}`).toBe("SIGKILL");
      allowed += await batchesInFlightSince(jobs, claimsBefore);
    }

    const lastDeathAtMs = performance.now();
    const survivors = await Promise.all(Array.from({ length: WORKERS }, () => startFaultWorker()));
    // In `npm test` the machine has much else to do.
    await waitForJobs(jobs, inForm({ short: ENDS_MS, full: GOES_ON_MS }));
    const goneOnMs = performance.now() - lastDeathAtMs;
    await Promise.all(survivors.map((worker) => worker.stop()));

    const repeats = await checkDeliveries(jobs, sink, allowed, ({ expected }) => {
      const refused = expected.filter((text) => poison.has(text));
      return refused.length === 0 ? {} : { phase: "incomplete", refused, isCutAnew: true };
    });
    report("killed at boundaries", {
      kills: deaths.length,
      repeats,
      allowed,
      "seconds until all ended": goneOnMs / 1_000,
    });
  });
});
