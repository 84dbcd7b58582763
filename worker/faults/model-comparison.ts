import { isDeepStrictEqual } from "node:util";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import { pool } from "@/server/db.ts";
import { demand, isOpen, type Model, type ModelJob, type ModelSlice, remainingOf } from "./model.ts";
import { demandSame } from "./model-claim.ts";
import { keyOf } from "./model-sink.ts";
import type { World } from "./model-world.ts";

/** The vendor's status of each phase (design 3.2). */
const STATUS: Readonly<Record<JobPhase, number>> = {
  queued: 0,
  delivering: 1,
  paused: 1,
  cancelling: 1,
  complete: 2,
  incomplete: 3,
  failed: 3,
  cancelled: 3,
};

type SliceRow = ReturnType<typeof sliceOf>;
type JobRow = ReturnType<typeof jobOf>;

/** Demands that the database says of all jobs of the account what the model does, and that the sink has what they count. */
export async function demandEqual({ account, model, sink }: World): Promise<void> {
  const { rows } = await pool().query<{ job: Omit<JobRow, "slices">; slices: readonly (SliceRow & Adopted)[] }>(
    SNAPSHOT,
    [account.accountId],
  );
  const actual = rows.map(({ job, slices }) => ({ ...job, slices: slices.map(({ entryId: _, ...slice }) => slice) }));
  const expected = model.jobs.map(jobOf);
  demandSame("jobs of the account", actual.length, expected.length);
  for (const [index, job] of actual.entries()) {
    demandAlike(`job ${job.id}`, { ...job, slices: null }, { ...expected[index], slices: null });
    for (const [at, slice] of job.slices.entries()) {
      demandAlike(`${slice.day} ${slice.region} of job ${job.id}`, slice, expected[index]?.slices[at]);
    }
  }
  for (const [index, job] of model.jobs.entries()) {
    adoptEntries(model, job, rows[index]?.slices ?? []);
    for (const event of job.slices.flatMap(({ delivered }) => [...delivered.values()])) {
      demand(sink.has(event), `${event.key} counts as delivered and is at the sink`);
    }
  }
}

function demandAlike(what: string, actual: object, expected: object | undefined): void {
  demand(
    isDeepStrictEqual(actual, expected),
    `${what}\n  in the database ${JSON.stringify(actual)}\n  in the model    ${JSON.stringify(expected)}`,
  );
}

type Adopted = { readonly entryId: string | null };

/**
 * Which entry is for which slice is the product's to choose. Not so while a claim holds: its entry stays. And a job that is
 * to go on has an entry that may be given out, or a worker's.
 */
function adoptEntries(model: Model, job: ModelJob, rows: readonly Adopted[]): void {
  for (const [index, slice] of job.slices.entries()) {
    const entryId = rows[index]?.entryId ?? null;
    if (slice.state === "waiting" || slice.state === "delivering") {
      demand(slice.claim === null || slice.entryId === entryId, "a slice keeps its entry while a claim on it holds");
      slice.entryId = entryId;
      if (entryId !== null && !model.entries.has(entryId)) {
        model.entries.set(entryId, "waiting");
      }
    }
  }
}

function jobOf(job: ModelJob) {
  const isEnded = !isOpen(job.phase);
  const total = (read: (slice: ModelSlice) => number) => job.slices.reduce((sum, slice) => sum + read(slice), 0);
  const atEnd = (read: (slice: ModelSlice) => number) => (isEnded ? total(read) : null);
  return {
    id: job.id,
    token: job.request.token === "" ? null : job.request.token,
    phase: job.phase,
    status: STATUS[job.phase],
    endsAs: job.endsAs,
    run: job.run,
    isDeleted: job.isDeleted,
    expected: total(({ expected }) => expected.length),
    delivered: atEnd(({ delivered }) => delivered.size),
    newAtSink: atEnd(({ newAtSink }) => newAtSink),
    presentAtSink: atEnd(({ presentAtSink }) => presentAtSink),
    undeliverable: atEnd(({ undeliverable }) => undeliverable.size),
    gap: atEnd(({ gap }) => gap),
    bytes: atEnd(bytesOf),
    slices: job.slices.map(sliceOf),
  };
}

function sliceOf(slice: ModelSlice) {
  const digests = [...slice.delivered.values()].reduce((sum, { digest }) => sum + digest, 0n);
  return {
    region: slice.region,
    day: slice.day,
    state: slice.state,
    expected: slice.expected.length,
    delivered: slice.delivered.size,
    newAtSink: slice.newAtSink,
    presentAtSink: slice.presentAtSink,
    deliveryTimed: slice.deliveryTimed,
    undeliverable: slice.undeliverable.size,
    gap: slice.gap,
    remaining: remainingOf(slice),
    bytes: bytesOf(slice),
    checksum: BigInt.asUintN(256, digests).toString(16).padStart(64, "0"),
    cursor: slice.cursor === null ? null : keyOf(slice.region, slice.cursor.time, slice.cursor.id),
    refused: [...slice.undeliverable].map(([key, run]) => `${key} in run ${run}`).sort(),
  };
}

function bytesOf({ delivered }: ModelSlice): number {
  return [...delivered.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The same shape, out of the database. */
const SNAPSHOT = `
  SELECT json_build_object(
    'id', j.id, 'token', j.client_token, 'phase', j.phase, 'status', j.status, 'endsAs', j.ends_as, 'run', j.run,
    'isDeleted', j.deleted_at IS NOT NULL, 'expected', j.expected, 'delivered', j.delivered, 'newAtSink', j.new_at_sink,
    'presentAtSink', j.present_at_sink, 'undeliverable', j.undeliverable, 'gap', j.gap, 'bytes', j.bytes
  ) AS job, coalesce((
    SELECT json_agg(json_build_object(
      'region', s.region, 'day', s.day, 'state', s.state, 'expected', s.expected, 'delivered', s.delivered,
      'newAtSink', s.new_at_sink, 'presentAtSink', s.present_at_sink, 'deliveryTimed', s.delivery_timed,
      'undeliverable', s.undeliverable, 'gap', s.gap, 'remaining', s.expected - s.delivered - s.undeliverable - s.gap,
      'bytes', s.bytes, 'checksum', encode(s.checksum, 'hex'),
      'cursor', s.region || ' ' || to_char(s.cursor_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' ' || s.cursor_event_id,
      'refused', coalesce((
        SELECT json_agg(u.region || ' ' || to_char(u.event_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' '
          || u.event_id || ' in run ' || u.run ORDER BY u.event_time, u.event_id)
        FROM undeliverable u WHERE u.job_id = s.job_id AND u.day = s.day AND u.region = s.region
      ), '[]'),
      'entryId', s.entry_id
    ) ORDER BY s.day, s.region) FROM delivery_slice s WHERE s.job_id = j.id
  ), '[]') AS slices
  FROM delivery_history_job j WHERE j.account_id = $1 ORDER BY j.id`;
