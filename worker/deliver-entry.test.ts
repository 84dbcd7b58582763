import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { pool, readDatabaseTime } from "@/server/db.ts";
import {
  cancelHistoryJob,
  limitHistoryJob,
  pauseHistoryJob,
  resumeHistoryJob,
  retryHistoryJob,
} from "@/server/history-job/control.ts";
import { sweepJobs } from "@/server/history-job/settle.ts";
import { closeQueue, type QueueWorker, workOnQueues } from "@/server/queue.ts";
import { addTrail, createHistoryAccount, eventText, recordTexts, SINK_KEY } from "@/testing/history-account.ts";
import { LogServiceStandIn, type StandInOptions } from "@/testing/log-service-stand-in.ts";
import { refusal } from "@/testing/treatment.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { recordHistory, startWatchedJob, type WatchedJob, waitForJob } from "@/testing/watched-job.ts";
import { deliverEntry } from "./deliver-entry.ts";
import { repeat } from "./repeat.ts";

// Entries as a worker works on them: the real queue, real requests, a sink that is told how to behave.

let worker: QueueWorker;
const ending = new AbortController();
let upkeep: Promise<void>;

beforeAll(async () => {
  worker = await workOnQueues({ deliver: (entry) => deliverEntry(entry, "test", () => ending.signal.aborted) });
  upkeep = repeat("sweep", 1_000, ending.signal, sweepJobs);
});

afterAll(async () => {
  ending.abort();
  await worker?.stop(20_000);
  await upkeep;
  await closeQueue();
});

async function startSink(options: Omit<StandInOptions, "key">): Promise<LogServiceStandIn> {
  const key = { region: "cn-hangzhou", accessKeyId: SINK_KEY.id, accessKeySecret: SINK_KEY.secret };
  const sink = await LogServiceStandIn.start({ key, ...options });
  onTestFinished(() => sink.stop());
  return sink;
}

/** Puts another ciphertext in the place of the account's key, and answers with the one that was there. */
async function giveKey({ accountId }: { readonly accountId: string }, ciphertext: string): Promise<string> {
  const { rows } = await pool().query<{ before: string }>(
    `WITH before AS (SELECT id, external_secret_ciphertext AS text FROM log_project WHERE account_id = $1)
     UPDATE log_project p SET external_secret_ciphertext = $2 FROM before WHERE p.id = before.id RETURNING before.text AS before`,
    [accountId, ciphertext],
  );
  return rows[0]?.before ?? expect.fail("no log project");
}

function waitUntilHandedBack(jobId: number): Promise<boolean> {
  return waitUntil("every slice is handed back", 60_000, async () => {
    const { rows } = await pool().query("SELECT FROM delivery_slice WHERE job_id = $1 AND state = 'delivering'", [
      jobId,
    ]);
    return rows.length === 0;
  });
}

async function startJob(sink: LogServiceStandIn, shape: { days: number; eventsPerSlice: number }): Promise<WatchedJob> {
  const account = await createHistoryAccount(sink.endpoint);
  await addTrail(account, { name: "all-events" });
  await recordHistory(account, shape);
  return startWatchedJob(account, "all-events");
}

async function rowOf(jobId: number) {
  const { rows } = await pool().query<{
    phase: string;
    delivered: number;
    undeliverable: number;
    failure_code: string | null;
    failure_message: string | null;
  }>(
    `SELECT j.phase, j.failure_code, j.failure_message, sum(s.delivered)::float8 AS delivered, sum(s.undeliverable)::float8 AS undeliverable
     FROM delivery_history_job j JOIN delivery_slice s ON s.job_id = j.id WHERE j.id = $1 GROUP BY j.id`,
    [jobId],
  );
  return rows[0];
}

describe("a sink in trouble", () => {
  it("is tried once a second at most by all its jobs together, delays no other sink's, and is used in full afterwards", async () => {
    let isSick = true;
    const sick = await startSink({ answerTo: () => (isSick ? refusal(503, "ServerBusy", "busy") : undefined) });
    const healthy = await startSink({});
    const jobs = await Promise.all([1, 2, 3].map(() => startJob(sick, { days: 6, eventsPerSlice: 20 })));
    // What was under way when the trouble began tells nothing about what follows.
    await waitUntil("the trouble is noticed", 60_000, async () => sick.requests.length >= 3);
    await waitUntil("two more tries", 60_000, async () => sick.requests.length >= 5);
    const noticed = sick.requests.length;

    const other = await startJob(healthy, { days: 6, eventsPerSlice: 20 });
    // The first sink stays sick until then: a job that waited for it would not end.
    expect(await waitForJob(other.jobId, 60_000)).toBe("complete");

    await waitUntil("some more tries", 60_000, async () => sick.requests.length >= noticed + 3);
    const starts = sick.requests.slice(noticed - 1).map(({ beganAtMs }) => beganAtMs);
    const apart = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    // A try that this process noticed late takes something off the second; tries that nothing keeps apart come at once.
    expect(Math.min(...apart)).toBeGreaterThan(600);

    isSick = false;
    for (const { jobId, expected } of jobs) {
      expect(await waitForJob(jobId, 90_000)).toBe("complete");
      const texts = sick.logs.filter((log) => log.jobId === String(jobId)).map((log) => log.event);
      expect(texts.toSorted()).toEqual(expected.toSorted());
    }
  }, 240_000);

  it("does not keep a cancelled job for more than ten seconds, even while it holds a request without a word", async () => {
    const sink = await startSink({ answerTo: () => ({ answer: "silence" }) });
    const { account, jobId } = await startJob(sink, { days: 2, eventsPerSlice: 5 });
    await waitUntil("a request is held", 60_000, async () => sink.requests.length > 0);
    const askedAt = await readDatabaseTime();
    await cancelHistoryJob(account.scope("backtrail:CancelDeliveryHistoryJob"), { jobId });
    expect(await waitForJob(jobId, 60_000)).toBe("cancelled");
    // By the database's clock, which leaves out how late this process looks; an answer is waited for three times as long.
    const { rows } = await pool().query<{ ended_at: Date }>("SELECT ended_at FROM delivery_history_job WHERE id = $1", [
      jobId,
    ]);
    expect(Number(rows[0]?.ended_at) - askedAt.getTime()).toBeLessThan(10_000);
  });

  it("fails a job that has had no acknowledgement for six hours, with the sink's last words", async () => {
    const sink = await startSink({ answerTo: () => refusal(500, "InternalServerError", "out of order") });
    const { jobId } = await startJob(sink, { days: 1, eventsPerSlice: 5 });
    await waitUntil("the trouble is noticed", 60_000, async () => sink.requests.length > 0);
    await pool().query(
      "UPDATE delivery_history_job SET started_at = started_at - interval '6 hours 1 minute' WHERE id = $1",
      [jobId],
    );
    await pool().query("UPDATE sink_circuit SET silent_ms = 6 * 3600000 WHERE endpoint = $1", [sink.endpoint]);
    expect(await waitForJob(jobId, 60_000)).toBe("failed");
    expect(await rowOf(jobId)).toMatchObject({
      failure_code: "NoAcknowledgement",
      failure_message: expect.stringMatching(/^no acknowledgement for 6 hours.*out of order/),
    });
  }, 240_000);
});

describe("a job", () => {
  it("fails when its log project's key cannot be read, and goes on with a retry once it can", async () => {
    const sink = await startSink({});
    const account = await createHistoryAccount(sink.endpoint);
    await addTrail(account, { name: "all-events" });
    await recordHistory(account, { days: 2, eventsPerSlice: 5 });
    const key = await giveKey(account, "v1.nothing.that.opens");
    const { jobId, expected } = await startWatchedJob(account, "all-events");
    expect(await waitForJob(jobId, 60_000)).toBe("failed");
    expect(await rowOf(jobId)).toMatchObject({
      failure_code: "KeyUnreadable",
      failure_message: expect.stringMatching(/^The log project .* has a stored key that cannot be read/),
      delivered: 0,
    });
    expect(sink.requests).toEqual([]);

    await giveKey(account, key);
    await retryHistoryJob(account.scope("backtrail:RetryDeliveryHistoryJob"), { jobId });
    expect(await waitForJob(jobId, 60_000)).toBe("complete");
    expect(sink.logs.map(({ event }) => event).toSorted()).toEqual(expected.toSorted());
  }, 150_000);

  it("delivers what the sink refused before once it is retried and the sink takes it", async () => {
    let isStrict = true;
    const sink = await startSink({
      refuses: (log) =>
        isStrict && log.event.includes("POISON") ? refusal(400, "InvalidKey", "not that one") : undefined,
    });
    const account = await createHistoryAccount(sink.endpoint);
    await addTrail(account, { name: "all-events" });
    const at = (minutes: number) => new Date(Date.now() - 48 * 3_600_000 + minutes * 60_000);
    await recordTexts(
      account,
      [1, 2, 3, 4, 5, 6].map((n) => eventText({ eventTime: at(n), eventId: n % 3 === 0 ? `POISON${n}` : `E${n}` })),
    );
    const { jobId, expected } = await startWatchedJob(account, "all-events");
    expect(await waitForJob(jobId, 60_000)).toBe("incomplete");
    const events = expected.length;
    expect(await rowOf(jobId)).toMatchObject({ delivered: events - 2, undeliverable: 2 });
    const { rows } = await pool().query("SELECT DISTINCT reason FROM undeliverable WHERE job_id = $1", [jobId]);
    expect(rows).toEqual([{ reason: "InvalidKey: not that one" }]);

    isStrict = false;
    await retryHistoryJob(account.scope("backtrail:RetryDeliveryHistoryJob"), { jobId });
    expect(await waitForJob(jobId, 60_000)).toBe("complete");
    expect(await rowOf(jobId)).toMatchObject({ delivered: events, undeliverable: 0 });
    expect(sink.logs.map((log) => log.event).toSorted()).toEqual(expected.toSorted());
  }, 240_000);

  it("keeps a ceiling over all its slices, stops at a pause, and goes at full speed once the ceiling is lifted", async () => {
    // Without a ceiling the job is over in a moment: nothing is taken before it is paused.
    const isPaused = Promise.withResolvers<undefined>();
    const sink = await startSink({ answerTo: () => isPaused.promise });
    const { account, jobId, expected } = await startJob(sink, { days: 4, eventsPerSlice: 1_000 });
    const pause = () => pauseHistoryJob(account.scope("backtrail:PauseDeliveryHistoryJob"), { jobId });
    const resume = () => resumeHistoryJob(account.scope("backtrail:ResumeDeliveryHistoryJob"), { jobId });
    await pause();
    isPaused.resolve(undefined);
    await waitUntilHandedBack(jobId);
    const scope = account.scope("backtrail:LimitDeliveryHistoryJob");
    await limitHistoryJob(scope, { jobId, eventsPerSecondMax: 20 });
    await resume();
    // What was sent before the ceiling was set is not measured.
    await waitUntil("the ceiling acts", 60_000, async () => {
      const { rows } = await pool().query(
        "SELECT FROM delivery_history_job WHERE id = $1 AND paced_until IS NOT NULL",
        [jobId],
      );
      return rows.length > 0;
    });
    const began = performance.now();
    const before = sink.logs.length;
    expect(before).toBeLessThan(expected.length);
    await waitUntil("some more logs", 60_000, async () => sink.logs.length >= before + 80);
    // Four seconds' worth of logs, of which what is on its way when the measuring begins may be one.
    expect(performance.now() - began).toBeGreaterThan(2_900);

    await pause();
    await waitUntilHandedBack(jobId);
    expect(sink.logs.length).toBeLessThan(expected.length);

    await limitHistoryJob(scope, { jobId, eventsPerSecondMax: null });
    await resume();
    expect(await waitForJob(jobId, 60_000)).toBe("complete");
    expect(sink.logs.map((log) => log.event).toSorted()).toEqual(expected.toSorted());
  }, 240_000);
});
