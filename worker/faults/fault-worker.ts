import { afterAll } from "vitest";
import { type ProductProcess, startProduct } from "@/testing/product-process.ts";
import type { WatchedJob } from "@/testing/watched-job.ts";
import type { Boundary } from "./boundary.ts";

/** A boundary, and the how-manieth time that the process comes by it with this job, from 1. */
type Occurrence = { readonly boundary: Boundary; readonly occurrence: number; readonly job: WatchedJob };

export type FaultWorkerOptions = {
  /** Where it kills itself. */
  readonly diesAt?: Occurrence;
  /** Where it stops by itself, until somebody sends it SIGCONT. */
  readonly stopsAt?: Occurrence;
  /** How far its clock is ahead of the machine's. */
  readonly clockAheadMs?: number;
  /** How long it waits for an answer, and for each part of one, where 30 s are too long for a test. */
  readonly answerTimeoutMs?: number;
  readonly settings?: Record<string, string>;
};

const started: ProductProcess[] = [];

// A test that fails leaves its workers behind; none may outlive its file.
afterAll(() => Promise.all(started.map((worker) => worker.kill())));

/** A worker process as the product's, with the faults of a test. */
export async function startFaultWorker(options: FaultWorkerOptions = {}): Promise<ProductProcess> {
  const { clockAheadMs, answerTimeoutMs } = options;
  const worker = await startProduct(
    "worker/main.ts",
    {
      ...options.settings,
      ...textOf("FAULT_TIMEOUT_MS", answerTimeoutMs),
      ...textOf("CLOCK_AHEAD_MS", clockAheadMs),
      ...signalAt(options),
    },
    [...(clockAheadMs === undefined ? [] : ["testing/shifted-clock.ts"]), "worker/faults/interpose.ts"],
  );
  started.push(worker);
  return worker;
}

function textOf(name: string, value: number | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: String(value) };
}

function signalAt({ diesAt, stopsAt }: FaultWorkerOptions): Record<string, string> {
  const at = diesAt ?? stopsAt;
  if (at === undefined) {
    return {};
  }
  return {
    FAULT_AT: `${at.boundary}:${at.occurrence}:${diesAt === undefined ? "SIGSTOP" : "SIGKILL"}`,
    FAULT_JOB: String(at.job.jobId),
    FAULT_LOGSTORE: at.job.logstoreName,
  };
}
