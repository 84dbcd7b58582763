import { join } from "node:path";
import { Checksum } from "@/domain/event/checksum.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { pool } from "@/server/db.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import { withBenchDatabase } from "./bench-database.ts";
import { type CopyMeasure, measureCopy } from "./copy-peer.ts";
import type { Figure } from "./figure.ts";
import { openAccount, type Redelivery, redeliver } from "./redelivery.ts";
import { recordSample } from "./sample.ts";
import { measureSdk, type SdkMeasure } from "./sdk.ts";
import { startSink } from "./sink.ts";
import { readSpool, type SpoolSummary } from "./spool.ts";

const EVENTS = 1_000_000;

/** So many the script on the vendor's client sends with each size of its pages: all of them would take it minutes each. */
const SDK_EVENTS = 100_000;

/**
 * Redelivers generated history through one real worker process to a sink on loopback that spools what it gets, and compares its speed with
 * PostgreSQL's own COPY of the same bodies and with a script on the vendor's client. Figures are only given when the digests of all
 * bodies are equal in history, in what COPY gave and in the spool, which other code than the product's has read.
 */
export function benchRedeliver(events = EVENTS): Promise<readonly Figure[]> {
  return withBenchDatabase((folder) => measure(events, folder));
}

async function measure(events: number, folder: string): Promise<readonly Figure[]> {
  const spoolFile = join(folder, "spool");
  const sink = await startSink({ spoolFile });
  let redelivery: Redelivery;
  let account: HistoryAccount;
  try {
    account = await openAccount(sink.endpoint);
    await recordSample(account, events);
    redelivery = await redeliver(account);
  } finally {
    await sink.stop();
  }
  const { job } = redelivery;
  const copy = await measureCopy(account, job);
  const spool = await readSpool(spoolFile);
  refuseDifference(job, await checksumOfHistory(account, job), copy, spool);
  const sdk = await measureSdk(account, job, folder, Math.min(SDK_EVENTS, job.expected));
  return [...figuresOfJob(redelivery, spool), ...figuresOfCopy(redelivery, copy), ...figuresOfSdk(redelivery, sdk)];
}

/** The digest sum of the events that the job covers, recomputed from history's bodies. */
async function checksumOfHistory(account: HistoryAccount, job: HistoryJobDto): Promise<string> {
  const checksum = new Checksum();
  const days = await pool().query<{ day: string }>("SELECT day FROM delivery_slice WHERE job_id = $1 GROUP BY day", [
    job.id,
  ]);
  for (const { day } of days.rows) {
    const { rows } = await pool().query<{ digest: Buffer }>(
      `SELECT sha256(convert_to(body, 'UTF8')) AS digest FROM event
       WHERE account_id = $1 AND event_time >= greatest($2::date::timestamp AT TIME ZONE 'UTC', $3::timestamptz)
         AND event_time < least(($2::date + 1)::timestamp AT TIME ZONE 'UTC', $4::timestamptz)
         AND arrival <= (SELECT arrival_max FROM delivery_history_job WHERE id = $5)`,
      [account.accountId, day, job.windowFrom, job.windowTo, job.id],
    );
    for (const { digest } of rows) {
      checksum.add(digest);
    }
  }
  return Buffer.from(checksum.toBytes()).toString("hex");
}

function refuseDifference(job: HistoryJobDto, history: string, copy: CopyMeasure, spool: SpoolSummary): void {
  const isWhole = copy.events === job.expected && spool.logs === job.expected;
  if (!isWhole || copy.checksum !== history || spool.checksum !== history) {
    throw new Error(
      `of ${job.expected} events with digest ${history}, COPY gave ${copy.events} with ${copy.checksum}, and the spool has ${spool.logs} with ${spool.checksum}`,
    );
  }
}

function figuresOfJob({ job, eventsPerSecond, workerRssMb }: Redelivery, spool: SpoolSummary): readonly Figure[] {
  return [
    { name: "events", value: job.expected, unit: "events" },
    { name: "body_bytes", value: Math.round(job.bytes / job.expected), unit: "bytes/event" },
    { name: "requests", value: spool.requests, unit: "requests" },
    { name: "events_per_second", value: Math.round(eventsPerSecond), unit: "events/s" },
    { name: "worker_rss_mb", value: Math.round(workerRssMb), unit: "MB", most: 350, aim: 200 },
    {
      name: "compression_ratio",
      value: Number((spool.rawBytes / spool.compressedBytes).toFixed(2)),
      unit: "raw/compressed",
      least: 3,
    },
  ];
}

function figuresOfCopy({ seconds }: Redelivery, copy: CopyMeasure): readonly Figure[] {
  return [
    { name: "copy_events_per_second", value: Math.round(copy.events / copy.seconds), unit: "events/s" },
    {
      name: "copy_ratio",
      value: Number((copy.seconds / seconds).toFixed(2)),
      unit: "of the speed of COPY",
      least: 0.5,
      aim: 0.85,
    },
  ];
}

function figuresOfSdk({ eventsPerSecond }: Redelivery, sdk: readonly SdkMeasure[]): readonly Figure[] {
  const [best] = sdk;
  return [
    ...sdk.map(({ pageLogs, eventsPerSecond: value }) => ({
      name: `sdk_events_per_second_${pageLogs}`,
      value: Math.round(value),
      unit: "events/s",
    })),
    {
      name: "sdk_ratio",
      value: Number((eventsPerSecond / (best?.eventsPerSecond ?? Number.NaN)).toFixed(1)),
      unit: "times the script on the vendor's client",
      least: 8,
      aim: 15,
    },
  ];
}
