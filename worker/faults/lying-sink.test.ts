import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pool } from "@/server/db.ts";
import { retryHistoryJob } from "@/server/history-job/control.ts";
import { closeQueue } from "@/server/queue.ts";
import { checkDelivery } from "@/testing/delivery-check.ts";
import { WORKERS } from "@/testing/fault-run.ts";
import type { LogServiceStandIn, StandInOptions } from "@/testing/log-service-stand-in.ts";
import { refusal, type Treatment } from "@/testing/treatment.ts";
import { type WatchedJob, waitForJobs } from "@/testing/watched-job.ts";
import { type DeliveryShape, startDelivery, startSink } from "./fault-sink.ts";
import { startFaultWorker } from "./fault-worker.ts";
import { measureSickPeriods, TRIES_APART_MS } from "./sick-periods.ts";

// Each row of "Answers of a sink" in docs/failures.md: a sink and a job of its own, many of them at once.

const SHAPE = { days: 2, eventsPerSlice: 40, batchLogs: 10 } as const;
const ANSWER_TIMEOUT_MS = 1_500;
const ALL_END_MS = 90_000;
const HEALTHY_AGAIN_MS = 60_000;
const DAY_MS = 86_400_000;

/** Requests of each sink that get its answer: not the first, so that there is something to lose, and two more tries. */
const FIRST_LIE = 2;
const LIES = 3;

/** Answers that may pass: the batch is sent again, and in the end the job is complete. */
const PASSING: Readonly<Record<string, Treatment>> = {
  "accepted, the answer lost": { takes: true, answer: "reset" },
  "accepted, and then silence": { takes: true, answer: "silence" },
  "accepted, and said one byte a second": { takes: true, answer: "dribbled-body" },
  "500 InternalServerError": refusal(500, "InternalServerError", "internal error"),
  "502 of a proxy": { status: 502, body: "<html>Bad Gateway</html>" },
  "503 ServerBusy": refusal(503, "ServerBusy", "the server is busy"),
  "403 WriteQuotaExceed": refusal(403, "WriteQuotaExceed", "write quota is exceeded"),
  "403 ShardWriteQuotaExceed": refusal(403, "ShardWriteQuotaExceed", "shard write quota is exceeded"),
  "429 with Retry-After": refusal(429, "Throttling", "slow down", { "retry-after": "2" }),
  silence: { takes: false, answer: "silence" },
  "headers one byte a second": { takes: false, answer: "dribbled-headers" },
  "a body one byte a second": { takes: false, answer: "dribbled-body" },
  "a reset before the request is read": { reads: "nothing", answer: "reset" },
  "a reset in its middle": { reads: "half", answer: "reset" },
  "a reset at its end": { takes: false, answer: "reset" },
};

/** Answers that end the job early, with the sink's own words. */
const ENDING = [
  [401, "SignatureNotMatch", "the signature does not match"],
  [403, "SignatureNotMatch", "the signature does not match"],
  [403, "Unauthorized", "no permission to write"],
  [404, "ProjectNotExist", "the project does not exist"],
  [404, "LogStoreNotExist", "the logstore does not exist"],
] as const;

/**
 * What a page that is cut may cost where its handler makes way for others in the midst of it: the batch behind it, which the sink
 * has and the cursor has not come to, once for each slice.
 */
const CUT = { isCutAnew: true, repeatedBatchesMax: SHAPE.days } as const;

type Lie = { readonly sink: LogServiceStandIn; readonly job: WatchedJob };

const lies = new Map<string, Lie>();
/** While it is false, sinks of which that is said treat requests as they do. */
let isHealed = false;

async function begin(name: string, options: Omit<StandInOptions, "key">, shape: DeliveryShape = SHAPE): Promise<void> {
  const sink = await startSink(options);
  lies.set(name, { sink, job: await startDelivery(sink, shape) });
}

function lieAbout(name: string): Lie {
  const lie = lies.get(name);
  if (lie === undefined) {
    throw new Error(`there is no sink for "${name}"`);
  }
  return lie;
}

async function readJob({ jobId }: WatchedJob) {
  const { rows } = await pool().query(
    `SELECT j.phase, j.failure_code, j.failure_message, j.expected - j.delivered - j.undeliverable - j.gap AS remaining,
       sum(s.resent)::int AS resent, sum(s.delivery_timed)::int AS delivery_timed
     FROM delivery_history_job j JOIN delivery_slice s ON s.job_id = j.id WHERE j.id = $1 GROUP BY j.id`,
    [jobId],
  );
  return rows[0];
}

async function readReasons({ jobId }: WatchedJob): Promise<string[]> {
  const { rows } = await pool().query<{ reason: string }>(
    "SELECT DISTINCT reason FROM undeliverable WHERE job_id = $1",
    [jobId],
  );
  return rows.map((row) => row.reason);
}

/** An event of a job, by its place in it. */
function eventOf({ expected }: WatchedJob, place: number): string {
  const text = expected.toSorted((a, b) => Date.parse(JSON.parse(a).eventTime) - Date.parse(JSON.parse(b).eventTime))[
    place
  ];
  if (text === undefined) {
    throw new Error(`the job has no event ${place}`);
  }
  return text;
}

function isOlderThan(days: number, { time }: { readonly time: number }): boolean {
  return time * 1_000 < Date.now() - days * DAY_MS;
}

beforeAll(async () => {
  for (const [status, code, message] of ENDING) {
    await begin(`${status} ${code}`, {
      answerTo: (index) => (index >= FIRST_LIE && !isHealed ? refusal(status, code, message) : undefined),
    });
  }
  await begin("accepted", {});
  await begin("413 for half of it", { logGroupBytesMax: 1_500 });
  await begin("400 for one bad log", {
    refuses: ({ event }) =>
      event === eventOf(lieAbout("400 for one bad log").job, 17)
        ? refusal(400, "PostBodyInvalid", "a key is too long")
        : undefined,
  });
  await begin(
    "400 log time out of range",
    {
      refuses: (log) =>
        isOlderThan(7, log) ? refusal(400, "PostBodyInvalid", "The post data time is out of range") : undefined,
    },
    // Three of its days are older than a week.
    { ...SHAPE, days: 5, lastDaysAgo: 5 },
  );
  await begin(
    "400 for every log of a day",
    {
      refuses: (log) =>
        isOlderThan(3, log) && !isHealed ? refusal(400, "PostBodyInvalid", "not a day for logs") : undefined,
    },
    { ...SHAPE, days: 3, lastDaysAgo: 1 },
  );
  await Promise.all(Array.from({ length: WORKERS }, () => startFaultWorker({ answerTimeoutMs: ANSWER_TIMEOUT_MS })));
  await waitForAll();
  // Only now: a handler makes way for others after two seconds, also within a page that is cut, which is then cut anew.
  for (const [name, treatment] of Object.entries(PASSING)) {
    await begin(name, {
      answerTo: (index) => (index >= FIRST_LIE && index < FIRST_LIE + LIES ? treatment : undefined),
    });
  }
  await waitForAll();
}, 2 * ALL_END_MS);

function waitForAll(): Promise<void> {
  return waitForJobs(
    [...lies.values()].map(({ job }) => job),
    ALL_END_MS,
  );
}

afterAll(closeQueue);

describe("a sink that answers", () => {
  it("with acceptance gets everything once, and once is what is counted", async () => {
    const { sink, job } = lieAbout("accepted");
    await checkDelivery(job, sink, { repeatedBatchesMax: 0 });
    expect(await readJob(job)).toMatchObject({ failure_code: null, resent: 0, delivery_timed: 0 });
  });

  it.each(Object.keys(PASSING))(
    "%s: gets the batch again, at most one try a second, until the job is complete",
    async (name) => {
      const { sink, job } = lieAbout(name);
      const { repeatedBatches } = await checkDelivery(job, sink, { repeatedBatchesMax: 2 * LIES });
      // Each batch that was taken and not acknowledged, and each that was on its way behind one that was not.
      const taken = PASSING[name]?.takes === true ? LIES : 0;
      expect(repeatedBatches - taken).toBeGreaterThanOrEqual(0);
      expect(repeatedBatches - taken).toBeLessThanOrEqual(LIES);
      expect(await readJob(job)).toMatchObject({ failure_code: null, resent: LIES });
      const sick = measureSickPeriods(sink.requests, ({ status }) => status !== 200);
      expect(sick.apartMs).toBeGreaterThanOrEqual(TRIES_APART_MS + (name.includes("Retry-After") ? 1_000 : 0));
      expect(sick.atOnce).toBeLessThanOrEqual(1);
    },
  );

  it.each(ENDING)("%i %s: ends the job early, in its own words", async (status, code, message) => {
    const { sink, job } = lieAbout(`${status} ${code}`);
    expect(await readJob(job)).toMatchObject({ failure_code: code, failure_message: message });
    await checkDelivery(job, sink, { phase: "failed", repeatedBatchesMax: 0 });
    // What was on its way when the first refusal came, and nothing more.
    expect(sink.requestCount).toBeLessThanOrEqual(FIRST_LIE + SHAPE.days * 2);
  });

  it("413: gets smaller batches, and all of them", async () => {
    const { sink, job } = lieAbout("413 for half of it");
    await checkDelivery(job, sink, CUT);
    expect(sink.requests.some(({ status }) => status === 413)).toBe(true);
  });

  it("400 for one log: gets all others, and the one is listed with the reason", async () => {
    const { sink, job } = lieAbout("400 for one bad log");
    await checkDelivery(job, sink, { ...CUT, phase: "incomplete", refused: [eventOf(job, 17)] });
    expect(await readReasons(job)).toEqual([expect.stringMatching(/PostBodyInvalid.*a key is too long/)]);
  });

  it("400 log time out of range: gets old logs with the time of their delivery, and the report counts both", async () => {
    const { sink, job } = lieAbout("400 log time out of range");
    await checkDelivery(job, sink, { repeatedBatchesMax: 0 });
    const timedByDelivery = sink.logs.filter(
      ({ time, event }) => time !== Math.floor(Date.parse(JSON.parse(event).eventTime) / 1_000),
    );
    expect(timedByDelivery.length).toBe(3 * SHAPE.eventsPerSlice);
    expect(timedByDelivery.every((log) => !isOlderThan(1, log))).toBe(true);
    expect(await readJob(job)).toMatchObject({ delivery_timed: timedByDelivery.length });
  });

  it("400 for twenty logs in a row: its slice fails, the others are delivered", async () => {
    const { sink, job } = lieAbout("400 for every log of a day");
    await checkDelivery(job, sink, { ...CUT, phase: "failed", refused: await readUndeliverable(job) });
    expect(await readJob(job)).toMatchObject({ phase: "failed", failure_code: "PostBodyInvalid", remaining: 20 });
    expect(sink.logCount).toBe(2 * SHAPE.eventsPerSlice);
  });

  it(
    "as it should, once it is put right: a retry delivers what is left",
    async () => {
      isHealed = true;
      const names = [...ENDING.map(([status, code]) => `${status} ${code}`), "400 for every log of a day"];
      const failed = names.map(lieAbout);
      for (const { job } of failed) {
        await retryHistoryJob(job.account.scope("backtrail:RetryDeliveryHistoryJob"), { jobId: job.jobId });
      }
      await waitForJobs(
        failed.map(({ job }) => job),
        HEALTHY_AGAIN_MS,
      );
      for (const { sink, job } of failed) {
        await checkDelivery(job, sink, { repeatedBatchesMax: SHAPE.days * 2 });
      }
    },
    HEALTHY_AGAIN_MS,
  );
});

/** The texts that the job lists as undeliverable. */
async function readUndeliverable({ jobId, expected }: WatchedJob): Promise<string[]> {
  const { rows } = await pool().query<{ event_id: string }>("SELECT event_id FROM undeliverable WHERE job_id = $1", [
    jobId,
  ]);
  const ids = new Set(rows.map((row) => row.event_id));
  return expected.filter((text) => ids.has(JSON.parse(text).eventId));
}
