import { afterAll, describe, expect, it } from "vitest";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { checkDelivery } from "@/testing/delivery-check.ts";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import { hardCases } from "@/testing/hard-cases.ts";
import { eventText, recordTexts } from "@/testing/history-account.ts";
import type { LogServiceStandIn } from "@/testing/log-service-stand-in.ts";
import { refusal } from "@/testing/treatment.ts";
import { startWatchedJob, type WatchedJob, waitForJobs } from "@/testing/watched-job.ts";
import { createDeliveringAccount, startDelivery, startSink } from "./fault-sink.ts";
import { startFaultWorker } from "./fault-worker.ts";
import { report } from "./figures.ts";

const DAY_MS = 86_400_000;
const SHAPE = { days: 1, eventsPerSlice: inForm({ short: 400, full: 4_000 }) } as const;
const LAST = SHAPE.eventsPerSlice - 1;
const ALL_END_MS = 60_000;

/** Below the bound on a body, 1 MB (design 3.3), with room for its other fields. */
const LARGE_BODY_BYTES = 1_000_000;

afterAll(closeQueue);

/** The texts of a job in the order of its batches: by time, of which no two have the same. */
function inOrder({ expected }: WatchedJob): string[] {
  return expected.toSorted((a, b) => Date.parse(JSON.parse(a).eventTime) - Date.parse(JSON.parse(b).eventTime));
}

/** Poison, by its place in the only slice. */
const PLACES: Readonly<Record<string, readonly number[]>> = {
  first: [0],
  "in the middle": [Math.floor(LAST / 2)],
  last: [LAST],
  "ten together": Array.from({ length: 10 }, (_, index) => 100 + index),
  "ten anywhere": randomFor("poison")
    .shuffle(Array.from({ length: SHAPE.eventsPerSlice }, (_, index) => index))
    .slice(0, 10),
};

describe("a log that the sink refuses", () => {
  it("is singled out wherever it stands, and all others are delivered once", async () => {
    const poison = new Set<string>();
    const sink = await startSink({
      refuses: ({ event }) => (poison.has(event) ? refusal(400, "PostBodyInvalid", "invalid log") : undefined),
    });
    const jobs = new Map<string, { job: WatchedJob; refused: string[] }>();
    for (const [name, places] of Object.entries(PLACES)) {
      const job = await startDelivery(sink, SHAPE);
      const refused = inOrder(job).filter((_, place) => places.includes(place));
      for (const text of refused) {
        poison.add(text);
      }
      jobs.set(name, { job, refused });
    }
    const worker = await startFaultWorker();
    await waitForJobs(
      [...jobs.values()].map(({ job }) => job),
      ALL_END_MS,
    );
    await worker.stop();
    for (const [name, { job, refused }] of jobs) {
      await checkDelivery(job, sink, { phase: "incomplete", repeatedBatchesMax: 0, refused });
      await checkReasons(job, refused);
      expect(requestsOf(sink, job), name).toBeLessThanOrEqual(requestsMax(refused.length));
    }
    report("poison", Object.fromEntries([...jobs].map(([name, { job }]) => [name, requestsOf(sink, job)])));
  });
});

/** Each log alone costs the way down to it and the halves beside that way. */
function requestsMax(poison: number): number {
  return 1 + poison * 2 * Math.ceil(Math.log2(SHAPE.eventsPerSlice));
}

function requestsOf(sink: LogServiceStandIn, { logstoreName }: WatchedJob): number {
  return sink.requests.filter(({ logstore }) => logstore === logstoreName).length;
}

async function checkReasons({ jobId }: WatchedJob, refused: readonly string[]): Promise<void> {
  const { rows } = await pool().query<{ event_id: string; reason: string }>(
    "SELECT event_id, reason FROM undeliverable WHERE job_id = $1 ORDER BY event_id",
    [jobId],
  );
  expect(rows.map((row) => row.event_id)).toEqual(refused.map((text) => JSON.parse(text).eventId).sort());
  expect(new Set(rows.map((row) => row.reason))).toEqual(new Set(["PostBodyInvalid: invalid log"]));
}

describe("events that are hard to carry", () => {
  it("arrive byte for byte: NUL, lone surrogates, and bodies of 1 MB, more than fit into one request", async () => {
    const sink = await startSink();
    const worker = await startFaultWorker();
    const yesterday = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS;
    const large = Array.from({ length: 12 }, (_, index) => largeText(new Date(yesterday + index * 1_000), index));

    // The product's own batches, and one that is over 10 MB before compression: the sink's 413 has it halved.
    const own = await createDeliveringAccount(sink, { days: 1, eventsPerSlice: 20 });
    const odd = hardCases(new Date())
      .filter(({ outcome, name }) => outcome === "recorded" && !name.startsWith("at one instant"))
      .map(({ line }) => line);
    await recordTexts(own.account, [...odd, ...large]);
    const over = await createDeliveringAccount(sink, { days: 1, eventsPerSlice: 1, batchLogs: 100 });
    await recordTexts(over.account, large);

    const jobs = [
      await startWatchedJob(own.account, own.trailName),
      await startWatchedJob(over.account, over.trailName),
    ];
    await waitForJobs(jobs, ALL_END_MS);
    await worker.stop();
    for (const job of jobs) {
      await checkDelivery(job, sink, { repeatedBatchesMax: 0 });
    }
    const tooLarge = sink.requests.filter(({ status }) => status === 413);
    expect(tooLarge.map(({ logstore }) => logstore)).toEqual([jobs[1]?.logstoreName]);
  });
});

/** Close to the largest body that is recorded: one of them compresses well, the next hardly, and so on. */
function largeText(eventTime: Date, index: number): string {
  const random = randomFor(`large body ${index}`);
  const pad =
    index % 2 === 0
      ? "x".repeat(LARGE_BODY_BYTES)
      : Array.from({ length: LARGE_BODY_BYTES / 10 }, () => random.next().toFixed(8)).join("");
  return eventText({ eventTime }).replace(/}$/, `,"nul":"\\u0000","lone":"\\ud800","pad":"${pad}"}`);
}
