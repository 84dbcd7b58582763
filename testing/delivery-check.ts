import { createHash } from "node:crypto";
import { expect } from "vitest";
import { pool } from "@/server/db.ts";
import type { LogServiceStandIn, ReceivedLog } from "./log-service-stand-in.ts";
import type { WatchedJob } from "./watched-job.ts";

export type DeliveryCheck = {
  readonly phase?: "complete" | "incomplete";
  /** Batches that may have reached the sink more than once: what was on the wire at each kill, or lost its answer. */
  readonly repeatedBatchesMax: number;
  /** Texts that the sink refuses for good: they are undeliverable, and only they. */
  readonly refused?: readonly string[];
  /** Texts that left history while the job ran: they are its gap, unless they were delivered before. */
  readonly gone?: readonly string[];
};

type Row = {
  phase: string;
  status: number;
  expected: number;
  delivered: number;
  undeliverable: number;
  gap: number;
  new_at_sink: number;
  present_at_sink: number;
  bytes: number;
};
type SliceRow = Omit<Row, "phase" | "status"> & { region: string; day: string; state: string; checksum: Buffer };

/**
 * What must be true of every delivery that has ended, whatever happened on its way; the sink's own sums are the measure. Fails the
 * test otherwise. @returns how many takings of batches were repeats
 */
export async function checkDelivery(
  { jobId, expected }: WatchedJob,
  sink: LogServiceStandIn,
  { phase = "complete", repeatedBatchesMax, refused = [], gone = [] }: DeliveryCheck,
): Promise<{ readonly repeatedBatches: number }> {
  const about = `job ${jobId}`;
  const logs = sink.logs.filter((log) => log.jobId === String(jobId));
  expect(sink.faults, "the sink finds nothing wrong with any request").toEqual([]);

  // Nothing lost, nothing that was not asked for.
  const delivered = new Set(logs.map((log) => log.event));
  const due = without(expected, [...refused, ...gone]);
  expect(without(due, delivered).slice(0, 3), `${about}: expected, but not at the sink`).toEqual([]);
  expect(without(delivered, without(expected, refused)).slice(0, 3), `${about}: at the sink, but not expected`).toEqual(
    [],
  );

  // The report says what the sink says.
  const { job, slices } = await readJob(jobId);
  const total = { expected: expected.length, delivered: delivered.size, undeliverable: refused.length };
  expect(job, about).toMatchObject({ ...total, phase, status: phase === "complete" ? 2 : 3 });
  expect(job.expected, `${about}: its ledger`).toBe(job.delivered + job.undeliverable + job.gap);
  expect(job.new_at_sink + job.present_at_sink, `${about}: new and already there`).toBe(job.delivered);
  for (const key of ["expected", "delivered", "undeliverable", "gap", "bytes"] as const) {
    expect(sum(slices.map((slice) => slice[key])), `${about}: ${key} of its slices`).toBe(job[key]);
  }
  checkSlices(about, slices, delivered);
  return { repeatedBatches: checkBatches(about, logs, repeatedBatchesMax) };
}

/** The same of several jobs that ended complete. @returns the repeats of all, which are allowed together */
export async function checkDeliveries(
  jobs: readonly WatchedJob[],
  sink: LogServiceStandIn,
  repeatedBatchesMax: number,
): Promise<number> {
  let repeats = 0;
  for (const job of jobs) {
    repeats += (await checkDelivery(job, sink, { repeatedBatchesMax: repeatedBatchesMax - repeats })).repeatedBatches;
  }
  return repeats;
}

function checkSlices(about: string, slices: readonly SliceRow[], delivered: ReadonlySet<string>): void {
  const bySlice = new Map<string, SinkSums>();
  for (const text of delivered) {
    const name = sliceOf(text);
    const sums = bySlice.get(name) ?? { count: 0, bytes: 0, digestSum: 0n };
    bySlice.set(name, {
      count: sums.count + 1,
      bytes: sums.bytes + Buffer.byteLength(text),
      digestSum: BigInt.asUintN(256, sums.digestSum + BigInt(`0x${createHash("sha256").update(text).digest("hex")}`)),
    });
  }
  for (const slice of slices) {
    const name = `${slice.region} ${slice.day}`;
    const sums = bySlice.get(name) ?? { count: 0, bytes: 0, digestSum: 0n };
    expect(
      { delivered: slice.delivered, bytes: slice.bytes, checksum: slice.checksum.toString("hex") },
      `${about}, ${name}: count, bytes and checksum against the sink's own`,
    ).toEqual({ delivered: sums.count, bytes: sums.bytes, checksum: sums.digestSum.toString(16).padStart(64, "0") });
    expect(slice.expected, `${about}, ${name}: its ledger`).toBe(slice.delivered + slice.undeliverable + slice.gap);
    expect(slice.state, `${about}, ${name}`).toBe(slice.delivered === slice.expected ? "complete" : "incomplete");
  }
}

type SinkSums = { readonly count: number; readonly bytes: number; readonly digestSum: bigint };

/** A batch that comes again has the same logs in the same order; and no log comes in two batches. */
function checkBatches(about: string, logs: readonly ReceivedLog[], repeatedBatchesMax: number): number {
  const takings = new Map<number, { batchId: string | undefined; texts: string[] }>();
  for (const { requestIndex, batchId, event } of logs) {
    const taking = takings.get(requestIndex) ?? { batchId, texts: [] };
    taking.texts.push(event);
    takings.set(requestIndex, taking);
  }
  const contents = new Map<string | undefined, string>();
  const batchLogs = new Map<string | undefined, number>();
  for (const { batchId, texts } of takings.values()) {
    const content = JSON.stringify(texts);
    // Compared here and only then expected: a diff of two batches would be no help to anybody.
    expect(
      (contents.get(batchId) ?? content) === content,
      `${about}: batch ${batchId} has the same content each time`,
    ).toBe(true);
    contents.set(batchId, content);
    batchLogs.set(batchId, texts.length);
  }
  expect(
    [...batchLogs.values()].reduce((total, count) => total + count, 0),
    `${about}: each log comes in one batch only`,
  ).toBe(new Set(logs.map((log) => log.event)).size);
  const repeated = takings.size - contents.size;
  expect(repeated, `${about}: batches that came again`).toBeLessThanOrEqual(repeatedBatchesMax);
  return repeated;
}

async function readJob(jobId: number): Promise<{ job: Row; slices: SliceRow[] }> {
  const { rows: jobs } = await pool().query<Row>("SELECT * FROM delivery_history_job WHERE id = $1", [jobId]);
  const { rows: slices } = await pool().query<SliceRow>(
    "SELECT * FROM delivery_slice WHERE job_id = $1 ORDER BY day, region",
    [jobId],
  );
  const [job] = jobs;
  if (job === undefined) {
    throw new Error(`there is no job ${jobId}`);
  }
  return { job, slices };
}

/** Region and UTC day of an event, read from its text. */
function sliceOf(text: string): string {
  const { acsRegion, eventTime } = JSON.parse(text);
  return `${acsRegion} ${new Date(eventTime).toISOString().slice(0, 10)}`;
}

function without(texts: Iterable<string>, others: Iterable<string>): string[] {
  const left = new Set(others);
  return [...texts].filter((text) => !left.has(text));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
