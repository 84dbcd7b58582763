import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropExpiredPartitions } from "@/server/event/partitions.ts";
import { pauseHistoryJob, resumeHistoryJob } from "@/server/history-job/control.ts";
import { previewHistory } from "@/server/history-job/preview.ts";
import { getHistoryJob } from "@/server/history-job/queries.ts";
import { closeQueue } from "@/server/queue.ts";
import { checkDelivery } from "@/testing/delivery-check.ts";
import {
  addTrail,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
  SINK_KEY,
} from "@/testing/history-account.ts";
import { LogServiceStandIn } from "@/testing/log-service-stand-in.ts";
import { completeEntry, takeEntries } from "@/testing/queue-entries.ts";
import { startWatchedJob } from "@/testing/watched-job.ts";
import { deliverEntry } from "./deliver-entry.ts";

const DAY_MS = 86_400_000;
const TODAY_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const TRAIL = "whole-history";
/** More than a slice's batches in flight, at 4,000 logs each. */
const OLD_EVENTS = 13_000;
const OLD_DAY_MS = TODAY_MS - 81 * DAY_MS;
/** When the old day's end is 91 days old. */
const EXPIRED_AT = new Date(TODAY_MS + 11 * DAY_MS);

const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
let sink: LogServiceStandIn;
let account: HistoryAccount;
let onRequest: (requestIndex: number) => Promise<void> = async () => undefined;

beforeAll(async () => {
  await owner.connect();
  sink = await LogServiceStandIn.start({
    key: { region: "cn-hangzhou", accessKeyId: SINK_KEY.id, accessKeySecret: SINK_KEY.secret },
    answerTo: async (requestIndex) => {
      await onRequest(requestIndex);
      return undefined;
    },
  });
  account = await createHistoryAccount(sink.endpoint);
  await addTrail(account, { name: TRAIL });
});

afterAll(async () => {
  await sink.stop();
  await owner.end();
  await closeQueue();
});

async function workUntilIdle(jobId: number): Promise<void> {
  for (let entries = await takeEntries(jobId); entries.length > 0; entries = await takeEntries(jobId)) {
    for (const entry of entries) {
      await deliverEntry(entry, "test", () => false);
      await completeEntry(entry);
    }
  }
}

describe("a day that history gives up while a job is paused", () => {
  it("becomes a gap of what was not sent yet, and nothing else changes", async () => {
    const scope = account.scope("actiontrail:GetDeliveryHistoryJob");
    const old = Array.from({ length: OLD_EVENTS }, (_, index) =>
      eventText({ eventTime: new Date(OLD_DAY_MS + index * 1_000) }),
    );
    const recent = Array.from({ length: 30 }, (_, index) =>
      eventText({ eventTime: new Date(TODAY_MS - DAY_MS + index * 1_000) }),
    );
    await recordTexts(account, old);
    await recordTexts(account, recent);
    const job = await startWatchedJob(account, TRAIL);
    onRequest = async (requestIndex) => {
      // The second: whichever day is begun with, it is a batch of the old one.
      if (requestIndex === 1) {
        await pauseHistoryJob(account.scope("backtrail:PauseDeliveryHistoryJob"), job);
      }
    };
    await workUntilIdle(job.jobId);
    const { job: paused, slices: pausedSlices } = await getHistoryJob(scope, job.jobId);
    expect(paused).toMatchObject({ phase: "paused", gap: 0 });
    const oldDelivered = pausedSlices[0]?.delivered ?? 0;
    expect(oldDelivered).toBeGreaterThan(0);
    expect(oldDelivered).toBeLessThan(OLD_EVENTS);

    await dropExpiredPartitions(owner, EXPIRED_AT);
    // The rollup has lost the day with its events: what a new job would send is what is left.
    const preview = await previewHistory(account.scope("actiontrail:DescribeTrails"), {
      trailName: TRAIL,
      window: { kind: "default" },
    });
    expect(preview).toMatchObject({ expected: 30, days: [{ expected: 30 }] });

    await resumeHistoryJob(account.scope("backtrail:ResumeDeliveryHistoryJob"), job);
    await workUntilIdle(job.jobId);
    const { job: ended, slices } = await getHistoryJob(scope, job.jobId);
    expect(ended).toMatchObject({
      phase: "incomplete",
      status: 3,
      expected: OLD_EVENTS + 30,
      delivered: oldDelivered + 30,
      gap: OLD_EVENTS - oldDelivered,
      remaining: 0,
      failure: null,
    });
    expect(slices.map(({ state, gap }) => [state, gap])).toEqual([
      ["incomplete", OLD_EVENTS - oldDelivered],
      ["complete", 0],
    ]);
    const sent = new Set(sink.logs.map(({ event }) => event));
    await checkDelivery(job, sink, {
      phase: "incomplete",
      repeatedBatchesMax: 0,
      gone: old.filter((text) => !sent.has(text)),
    });
  });
});
