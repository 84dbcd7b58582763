import { Client } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { dropExpiredPartitions } from "@/server/event/partitions.ts";
import { closeQueue } from "@/server/queue.ts";
import { checkDeliveries, checkDelivery } from "@/testing/delivery-check.ts";
import { eventText, recordTexts } from "@/testing/history-account.ts";
import { startWatchedJob, waitForJob } from "@/testing/watched-job.ts";
import { createDeliveringAccount, startSink } from "./fault-sink.ts";
import { startFaultWorker } from "./fault-worker.ts";
import { ENDS_MS } from "./figures.ts";

const DAY_MS = 86_400_000;

/** The days that "event" keeps behind the one it is (partitions.ts). */
const DAYS_KEPT = 91;

afterAll(closeQueue);

/** The start of a UTC day that lies so many days back. */
function startOf(daysAgo: number): number {
  return (Math.floor(Date.now() / DAY_MS) - daysAgo) * DAY_MS;
}

describe("history that does not stand still while a job runs", () => {
  it("adds nothing to the job, wherever in its window an event arrives, and everything to the next", async () => {
    const eventsAdded = 40;
    let added: Promise<void> | null = null;
    const late: string[] = [];
    const sink = await startSink({
      // Recorded while the job's second batch waits for its answer: behind its cursor, at it, before it, and in a day of its own.
      watch: async (moment, { index }) => {
        if (moment === "taken" && index === 1) {
          added = recordTexts(account, late);
          await added;
        }
        return undefined;
      },
    });
    const { account, trailName } = await createDeliveringAccount(sink, { days: 2, eventsPerSlice: 60, batchLogs: 10 });
    for (let index = 0; index < eventsAdded; index++) {
      const daysAgo = 1 + (index % 3);
      late.push(eventText({ eventTime: new Date(startOf(daysAgo) + index * 1_500) }));
    }
    const job = await startWatchedJob(account, trailName);
    const worker = await startFaultWorker();
    await waitForJob(job.jobId, ENDS_MS);
    expect(added).not.toBeNull();

    const next = await startWatchedJob(account, trailName);
    await waitForJob(next.jobId, ENDS_MS);
    await worker.stop();
    await checkDeliveries([job, next], sink, 0);
    expect(job.expected.length).toBe(120);
    expect(next.expected).toEqual(expect.arrayContaining(late));
  });

  it("makes a gap of what is dropped before it was sent, and of nothing else", async () => {
    const client = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
    await client.connect();
    let isDropped = false;
    const sink = await startSink({
      // Dropped while the first batches of the oldest days are on the wire and others have not been read.
      watch: async (moment, { index }) => {
        if (moment === "taken" && index === 1) {
          await dropExpiredPartitions(client, new Date(startOf(80 - DAYS_KEPT)));
          isDropped = true;
        }
        return undefined;
      },
    });
    const { account, trailName } = await createDeliveringAccount(sink, { days: 1, eventsPerSlice: 30, batchLogs: 10 });
    const dropped = [81, 82, 83].flatMap((daysAgo) =>
      Array.from({ length: 60 }, (_, index) => eventText({ eventTime: new Date(startOf(daysAgo) + index * 1_000) })),
    );
    const kept = Array.from({ length: 30 }, (_, index) =>
      eventText({ eventTime: new Date(startOf(80) + index * 1_000) }),
    );
    await recordTexts(account, [...dropped, ...kept]);
    const job = await startWatchedJob(account, trailName);
    const worker = await startFaultWorker();
    expect(await waitForJob(job.jobId, ENDS_MS)).toBe("incomplete");
    await worker.stop();
    await client.end();
    expect(isDropped).toBe(true);
    const sent = new Set(sink.logs.map(({ event }) => event));
    await checkDelivery(job, sink, {
      phase: "incomplete",
      repeatedBatchesMax: 0,
      gone: dropped.filter((text) => !sent.has(text)),
    });
    // Some of the dropped days went out before, some never will: neither all nor nothing.
    expect(dropped.filter((text) => sent.has(text)).length).toBeGreaterThan(0);
    expect(dropped.filter((text) => sent.has(text)).length).toBeLessThan(dropped.length);
  });
});
