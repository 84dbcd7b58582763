import { createHash } from "node:crypto";
import { expect } from "vitest";
import { pool } from "@/server/db.ts";
import type { LogServiceStandIn, ReceivedLog } from "./log-service-stand-in.ts";
import type { WatchedJob } from "./watched-job.ts";

export type DeliveryCheck = {
  readonly phase?: "complete" | "incomplete" | "failed" | "cancelled";
  /** Batches that may have reached the sink more than once: what was on the wire at each kill, or lost its answer. */
  readonly repeatedBatchesMax: number;
  /**
   * The sink had pages cut while claims ended against their will: whoever goes on then cuts anew from the cursor, so what was on
   * the wire may come again in another batch (docs/decisions, pieces are halves).
   */
  readonly isCutAnew?: boolean;
  /** Texts that the sink refuses for good: they are undeliverable, and only they. */
  readonly refused?: readonly string[];
  /** Texts that left history while the job ran and were not sent before: they are its gap. */
  readonly gone?: readonly string[];
};

type Counts = {
  expected: number;
  delivered: number;
  undeliverable: number;
  gap: number;
  bytes: number;
  new_at_sink: number;
  present_at_sink: number;
};
type JobRow = Counts & { phase: string; status: number };
type SliceRow = Counts & {
  region: string;
  day: string;
  state: string;
  checksum: Buffer;
  cursor_time: Date | null;
  cursor_event_id: string | null;
};

const COUNTS = ["expected", "delivered", "undeliverable", "gap", "bytes", "new_at_sink", "present_at_sink"] as const;

/**
 * What must be true of every delivery that has ended, whatever happened on its way; the sink's own sums are the measure. Fails the
 * test otherwise. @returns how many takings of batches were repeats
 */
export async function checkDelivery(
  { jobId, expected }: WatchedJob,
  sink: LogServiceStandIn,
  { phase = "complete", repeatedBatchesMax, isCutAnew = false, refused = [], gone = [] }: DeliveryCheck,
): Promise<{ readonly repeatedBatches: number }> {
  const about = `job ${jobId}`;
  expect(sink.faults, "the sink finds nothing wrong with any request").toEqual([]);
  const logs = sink.logs.filter((log) => log.jobId === String(jobId));
  const atSink = new Set(logs.map((log) => log.event));
  const deliverable = without(expected, [...refused, ...gone]);
  expect(without(atSink, deliverable).slice(0, 3), `${about}: at the sink, but not to be delivered`).toEqual([]);

  const { job, slices } = await readJob(jobId);
  expect(job, about).toMatchObject({ phase, status: phase === "complete" ? 2 : 3, expected: expected.length });
  for (const count of COUNTS) {
    expect(sum(slices.map((slice) => slice[count])), `${about}: ${count} of its slices`).toBe(job[count]);
  }
  expect(await readUndeliverable(jobId), `${about}: its list of undeliverable events`).toBe(job.undeliverable);
  if (phase === "complete" || phase === "incomplete") {
    expect(without(deliverable, atSink).slice(0, 3), `${about}: to be delivered, but not at the sink`).toEqual([]);
    expect(job, about).toMatchObject({ delivered: atSink.size, undeliverable: refused.length, gap: gone.length });
    expect(job.delivered + job.undeliverable + job.gap, `${about}: nothing remains`).toBe(job.expected);
  }
  checkSlices(about, slices, deliverable, atSink);
  return { repeatedBatches: checkBatches(about, logs, repeatedBatchesMax, isCutAnew) };
}

/** The same of several jobs. @returns the repeats of all, which are allowed together */
export async function checkDeliveries(
  jobs: readonly WatchedJob[],
  sink: LogServiceStandIn,
  repeatedBatchesMax: number,
  checkOf: (job: WatchedJob) => Omit<DeliveryCheck, "repeatedBatchesMax"> = () => ({}),
): Promise<number> {
  let repeats = 0;
  for (const job of jobs) {
    const check = { ...checkOf(job), repeatedBatchesMax: repeatedBatchesMax - repeats };
    repeats += (await checkDelivery(job, sink, check)).repeatedBatches;
  }
  return repeats;
}

/** What a slice says of itself is what the sink has of it up to the slice's cursor: all of it, and not a byte more or less. */
function checkSlices(
  about: string,
  slices: readonly SliceRow[],
  deliverable: readonly string[],
  atSink: ReadonlySet<string>,
): void {
  const bySlice = Map.groupBy(deliverable.map(parse), ({ slice }) => slice);
  for (const slice of slices) {
    const name = `${slice.region} ${slice.day}`;
    const passed = (bySlice.get(name) ?? []).filter((event) => isPassed(event, slice));
    const lost = passed.filter(({ text }) => !atSink.has(text));
    expect(lost.slice(0, 3), `${about}, ${name}: behind the cursor and not at the sink`).toEqual([]);
    expect(
      { delivered: slice.delivered, bytes: slice.bytes, checksum: slice.checksum.toString("hex") },
      `${about}, ${name}: count, bytes and checksum against the sink's own`,
    ).toEqual(sumsOf(passed.map(({ text }) => text)));
    expect(slice.new_at_sink + slice.present_at_sink, `${about}, ${name}: new and already there`).toBe(slice.delivered);
    const remaining = slice.expected - slice.delivered - slice.undeliverable - slice.gap;
    expect(remaining, `${about}, ${name}: its ledger`).toBeGreaterThanOrEqual(0);
    if (slice.state === "complete" || slice.state === "incomplete") {
      expect(remaining, `${about}, ${name}: read to its end`).toBe(0);
      expect(slice.state, `${about}, ${name}`).toBe(slice.delivered === slice.expected ? "complete" : "incomplete");
    }
  }
}

function sumsOf(texts: readonly string[]): { delivered: number; bytes: number; checksum: string } {
  const digestSum = texts.reduce(
    (total, text) => BigInt.asUintN(256, total + BigInt(`0x${createHash("sha256").update(text).digest("hex")}`)),
    0n,
  );
  return {
    delivered: texts.length,
    bytes: sum(texts.map((text) => Buffer.byteLength(text))),
    checksum: digestSum.toString(16).padStart(64, "0"),
  };
}

/**
 * A batch that comes again has the same logs in the same order; and no log comes in two batches, unless a page was cut anew: then
 * what comes again is counted by its requests.
 */
function checkBatches(
  about: string,
  logs: readonly ReceivedLog[],
  repeatedBatchesMax: number,
  isCutAnew: boolean,
): number {
  const takings = [...Map.groupBy(logs, ({ requestIndex }) => requestIndex).values()];
  const contents = new Map<string | undefined, readonly string[]>();
  const known = new Set<string>();
  let repeated = 0;
  for (const taking of takings) {
    const texts = taking.map(({ event }) => event);
    const batchId = taking[0]?.batchId;
    const before = contents.get(batchId);
    // Compared here and only then expected: a diff of two batches would be no help to anybody.
    const isSame = before?.length === texts.length && before.every((text, index) => text === texts[index]);
    const isKnown = texts.some((text) => known.has(text));
    expect(before === undefined || isSame, `${about}: batch ${batchId} has the same content each time`).toBe(true);
    expect(!isKnown || isSame || isCutAnew, `${about}: each log comes in one batch only`).toBe(true);
    repeated += isKnown ? 1 : 0;
    contents.set(batchId, texts);
    for (const text of texts) {
      known.add(text);
    }
  }
  expect(repeated, `${about}: batches that came again`).toBeLessThanOrEqual(repeatedBatchesMax);
  return repeated;
}

type ParsedEvent = {
  readonly text: string;
  readonly slice: string;
  readonly timeMs: number;
  readonly eventId: string;
};

/** Slice and place in it, read from the event's text. */
function parse(text: string): ParsedEvent {
  const { acsRegion, eventTime, eventId } = JSON.parse(text);
  const time = new Date(eventTime);
  return { text, slice: `${acsRegion} ${time.toISOString().slice(0, 10)}`, timeMs: time.getTime(), eventId };
}

function isPassed({ timeMs, eventId }: ParsedEvent, { cursor_time, cursor_event_id }: SliceRow): boolean {
  if (cursor_time === null || cursor_event_id === null) {
    return false;
  }
  const byTime = timeMs - cursor_time.getTime();
  return byTime < 0 || (byTime === 0 && Buffer.compare(Buffer.from(eventId), Buffer.from(cursor_event_id)) <= 0);
}

async function readJob(jobId: number): Promise<{ job: JobRow; slices: SliceRow[] }> {
  const { rows: jobs } = await pool().query<JobRow>("SELECT * FROM delivery_history_job WHERE id = $1", [jobId]);
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

async function readUndeliverable(jobId: number): Promise<number> {
  const { rows } = await pool().query<{ count: number }>(
    "SELECT count(*)::int AS count FROM undeliverable WHERE job_id = $1",
    [jobId],
  );
  return rows[0]?.count ?? 0;
}

function without(texts: Iterable<string>, others: Iterable<string>): string[] {
  const left = new Set(others);
  return [...texts].filter((text) => !left.has(text));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
