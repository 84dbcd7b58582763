import { readFileSync } from "node:fs";
import { createHistoryJobInputSchema, type HistoryJobDto } from "@/domain/history-job/schema.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { getHistoryJob } from "@/server/history-job/queries.ts";
import { addTrail, createHistoryAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { waitForJob } from "@/testing/watched-job.ts";

const TRAIL = "bench-trail";

/** An intention to redeliver all history of an account of this file. */
export const INPUT = createHistoryJobInputSchema.parse({ trailName: TRAIL });

/** Ten million events at a few thousand a second; a run that hangs ends at some time. */
const JOB_TIMEOUT_MS = 3_600_000;

/** An account whose one trail delivers to a sink on loopback. */
export async function openAccount(endpoint: string): Promise<HistoryAccount> {
  const account = await createHistoryAccount(endpoint);
  await addTrail(account, { name: TRAIL });
  return account;
}

type RedeliveryOptions = {
  readonly workers?: number;
  /** Modules that each worker loads before its own. */
  readonly preloads?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  /** What goes on beside the job, until it has ended and the signal says so. */
  readonly beside?: (jobId: number, signal: AbortSignal) => Promise<void>;
};

/** A job that is complete. */
export type Redelivery = {
  readonly job: HistoryJobDto;
  /** From its creation to its end. */
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** The most memory that one of the workers has held. */
  readonly workerRssMb: number;
};

/** Redelivers all of an account's history through real worker processes, started for it. @throws when the job does not end complete */
export async function redeliver(
  account: HistoryAccount,
  { workers = 1, preloads = [], settings = {}, beside }: RedeliveryOptions = {},
): Promise<Redelivery> {
  const started: ProductProcess[] = [];
  try {
    for (let index = 0; index < workers; index++) {
      const workerSettings = { PRIVATE_ENDPOINTS: "127.0.0.0/8", ...settings };
      started.push(await startProduct("worker/main.ts", workerSettings, preloads));
    }
    const job = await deliver(account, beside);
    const seconds = (Date.parse(job.endedAt ?? "") - Date.parse(job.createdAt)) / 1_000;
    return {
      job,
      seconds,
      eventsPerSecond: job.delivered / seconds,
      workerRssMb: Math.max(...started.map(({ pid }) => peakRssMb(pid))),
    };
  } finally {
    await Promise.all(started.map((worker) => worker.stop()));
  }
}

async function deliver(account: HistoryAccount, beside: RedeliveryOptions["beside"]): Promise<HistoryJobDto> {
  const { jobId } = await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), INPUT);
  const ending = new AbortController();
  // What fails beside the job is told once the job has ended.
  const neighbour = beside?.(jobId, ending.signal).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  try {
    await waitForJob(jobId, JOB_TIMEOUT_MS);
  } finally {
    ending.abort();
  }
  const fault = await neighbour;
  if (fault) {
    throw fault.error;
  }
  const { job } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
  if (job.phase !== "complete" || job.delivered !== job.expected) {
    throw new Error(`job ${jobId} is ${job.phase}: ${job.delivered} of ${job.expected} events`);
  }
  return job;
}

/** The most memory that a process has held, from the kernel's own books. */
function peakRssMb(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1_024;
}
