import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Checksum } from "@/domain/event/checksum.ts";
import { createHistoryJobInputSchema, type HistoryJobDto } from "@/domain/history-job/schema.ts";
import { pool } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { getHistoryJob } from "@/server/history-job/queries.ts";
import { addTrail, createHistoryAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { startProduct } from "@/testing/product-process.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { withBenchDatabase } from "./bench-database.ts";
import type { Figure } from "./figure.ts";
import { readSpool } from "./spool.ts";

const EVENTS = 500_000;
const TRAIL = "bench-trail";
const JOB_TIMEOUT_MS = 600_000;

/**
 * Redelivers generated history through one real worker process to a sink on loopback that spools what it gets. Afterwards the
 * spool is read by other code and its digest compared with history's; figures are only given when they are equal.
 */
export function benchRedeliver(events = EVENTS): Promise<readonly Figure[]> {
  return withBenchDatabase((folder) => measure(events, join(folder, "spool")));
}

async function measure(events: number, spoolFile: string): Promise<readonly Figure[]> {
  const sink = fork("bench/spooling-sink.ts", [spoolFile]);
  const [{ port }] = await once(sink, "message");
  const account = await createHistoryAccount(`http://127.0.0.1:${port}`);
  await addTrail(account, { name: TRAIL });
  await generate(account, events);
  const worker = await startProduct("worker/main.ts", { PRIVATE_ENDPOINTS: "127.0.0.0/8" });
  let job: HistoryJobDto;
  let workerRssMb: number;
  try {
    job = await redeliver(account);
    workerRssMb = peakRssMb(worker.pid);
  } finally {
    await worker.stop();
    sink.kill("SIGTERM");
    await once(sink, "exit");
  }
  const spool = await readSpool(spoolFile);
  const history = await checksumOfHistory(account, job);
  if (job.phase !== "complete" || spool.logs !== job.expected || spool.checksum !== history) {
    throw new Error(
      `job ${job.id} is ${job.phase}: ${spool.logs} of ${job.expected} logs, digest ${spool.checksum} of ${history}`,
    );
  }
  const seconds = (Date.parse(job.endedAt ?? "") - Date.parse(job.createdAt)) / 1_000;
  return [
    { name: "events", value: job.expected, unit: "events" },
    { name: "events_per_second", value: Math.round(job.expected / seconds), unit: "events/s" },
    { name: "worker_rss_mb", value: Math.round(workerRssMb), unit: "MB" },
    {
      name: "compression_ratio",
      value: Number((spool.rawBytes / spool.compressedBytes).toFixed(2)),
      unit: "raw/compressed",
    },
    { name: "requests", value: spool.requests, unit: "requests" },
    { name: "body_bytes", value: Math.round(job.bytes / job.expected), unit: "bytes/event" },
  ];
}

async function generate(account: HistoryAccount, events: number): Promise<void> {
  const args = ["-C", "react-server", "--import", "tsx", "scripts/sample.ts", "--events", String(events)];
  const child = spawn(process.execPath, [...args, "--account", account.accountId, "--days", "89"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (code !== 0) {
    throw new Error(`the sample generator ended with ${code}`);
  }
  await pool().query("ANALYZE event");
}

async function redeliver(account: HistoryAccount): Promise<HistoryJobDto> {
  const input = createHistoryJobInputSchema.parse({ trailName: TRAIL });
  const { jobId } = await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), input);
  return waitUntil(`job ${jobId} has ended`, JOB_TIMEOUT_MS, async () => {
    const { job } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    return job.endedAt === null ? null : job;
  });
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

/** The most memory that a process has held, from the kernel's own books. */
function peakRssMb(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1_024;
}
