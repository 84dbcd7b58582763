import "server-only";
import { hasEnded, remainingOf } from "@/domain/history-job/history-job.ts";
import {
  type DeliverySliceDto,
  type HistoryJobDto,
  historyJobDtoSchema,
  type JobVerificationDto,
  jobVerificationDtoSchema,
  type SliceVerificationDto,
  sliceVerificationDtoSchema,
  storedRequestSchema,
} from "@/domain/history-job/schema.ts";
import type { DeliveryHistoryJob, JobVerification, SliceVerification } from "@/prisma/generated/client.ts";
import type { SliceRow } from "./slice-rows.ts";

/** What a job's slices sum up to: the truth while it runs, and the same as its stored counts once it has ended. */
export type SliceSums = {
  readonly delivered: number;
  readonly newAtSink: number;
  readonly presentAtSink: number;
  readonly undeliverable: number;
  readonly gap: number;
  readonly bytes: number;
  readonly batches: number;
  readonly resent: number;
  readonly deliveryTimed: number;
  /** Slices that a worker holds. */
  readonly claims: number;
  readonly acknowledgedAt: Date | null;
};

export const NO_SUMS: SliceSums = {
  delivered: 0,
  newAtSink: 0,
  presentAtSink: 0,
  undeliverable: 0,
  gap: 0,
  bytes: 0,
  batches: 0,
  resent: 0,
  deliveryTimed: 0,
  claims: 0,
  acknowledgedAt: null,
};

/**
 * The counts of a job whose slices were just read. Of one that has ended they are those that were stored at its end, so that a report
 * can hold them against its slices; not so while a slice is open, because a retry may have begun since the job's row was read.
 */
export function countsOf(row: DeliveryHistoryJob, slices: readonly SliceRow[]): SliceSums {
  const isOver = slices.every(({ state }) => hasEnded(state));
  const sum = (read: (slice: SliceRow) => number) => slices.reduce((total, slice) => total + read(slice), 0);
  const count = (name: "delivered" | "newAtSink" | "presentAtSink" | "undeliverable" | "gap" | "bytes") => {
    const stored = isOver ? row[name] : null;
    return stored === null ? sum((slice) => slice[name]) : Number(stored);
  };
  const acknowledged = slices.flatMap(({ acknowledgedAt }) => acknowledgedAt ?? []);
  return {
    delivered: count("delivered"),
    newAtSink: count("newAtSink"),
    presentAtSink: count("presentAtSink"),
    undeliverable: count("undeliverable"),
    gap: count("gap"),
    bytes: count("bytes"),
    batches: sum(({ batches }) => batches),
    resent: sum(({ resent }) => resent),
    deliveryTimed: sum(({ deliveryTimed }) => deliveryTimed),
    claims: slices.filter(({ state }) => state === "delivering").length,
    acknowledgedAt: acknowledged.length === 0 ? null : new Date(Math.max(...acknowledged)),
  };
}

export function toHistoryJobDto(row: DeliveryHistoryJob, sums: SliceSums): HistoryJobDto {
  const { acknowledgedAt, ...counts } = sums;
  const ledger = { expected: Number(row.expected), ...counts };
  return historyJobDtoSchema.parse({
    id: row.id,
    trailName: row.trailName,
    homeRegion: row.homeRegion,
    trailRegion: row.trailRegion,
    eventRW: row.eventRW,
    projectRegion: row.projectRegion,
    projectName: row.projectName,
    logstoreName: row.logstoreName,
    windowFrom: row.windowFrom.toISOString(),
    windowTo: row.windowTo.toISOString(),
    window: storedRequestSchema.parse(row.request).window,
    clientToken: row.clientToken,
    reason: row.reason,
    createdBy: row.createdBy,
    createdFrom: row.createdFrom,
    status: row.status,
    phase: row.phase,
    failure: failureOf(row),
    ...ledger,
    remaining: remainingOf(ledger),
    eventsPerSecond: rateOf(counts.delivered - Number(row.deliveredBefore), row.startedAt, acknowledgedAt),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
    pausedAt: row.pausedAt?.toISOString() ?? null,
    cancelledBy: row.cancelledBy,
    deletedAt: row.deletedAt?.toISOString() ?? null,
    run: row.run,
    eventsPerSecondMax: row.eventsPerSecondMax,
    logTime: row.logTime,
    missingOf: row.missingOf,
  });
}

/** Not held to its schema here: there are thousands, each second for an open page, whose route looks through all of them at once. */
export function toDeliverySliceDto(row: SliceRow): DeliverySliceDto {
  return {
    region: row.region,
    day: row.day,
    state: row.state,
    failure: failureOf(row),
    expected: row.expected,
    delivered: row.delivered,
    newAtSink: row.newAtSink,
    presentAtSink: row.presentAtSink,
    undeliverable: row.undeliverable,
    gap: row.gap,
    remaining: remainingOf(row),
    bytes: row.bytes,
    batches: row.batches,
    resent: row.resent,
    deliveryTimed: row.deliveryTimed,
    attempt: row.attempt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
  };
}

export function toJobVerificationDto(
  row: JobVerification & { readonly slices: readonly SliceVerification[] },
  slicesTotal: number,
): JobVerificationDto {
  const { slices } = row;
  const sumOf = (count: (slice: SliceVerification) => bigint | null) =>
    slices.reduce<number | null>((sum, slice) => {
      const found = count(slice);
      return sum === null || found === null ? null : sum + Number(found);
    }, 0);
  return jobVerificationDtoSchema.parse({
    id: row.id,
    state: row.state,
    requestedAt: row.requestedAt.toISOString(),
    requestedBy: row.requestedBy,
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    failure: row.failure,
    slicesDone: slices.length,
    slicesTotal,
    methods: [...new Set(slices.map((slice) => slice.method))],
    inSink: slices.reduce((sum, slice) => sum + Number(slice.inSink), 0),
    missing: sumOf((slice) => slice.missing),
    conflicts: sumOf((slice) => slice.conflicts),
    slicesMissing: slices.filter((slice) => slice.method === "identity" && Number(slice.missing) > 0).length,
    checksumsEqual:
      slices.length > 0 && slices.every((slice) => slice.checksumThere !== null)
        ? slices.every((slice) => slice.checksumThere !== null && areEqual(slice.checksumHere, slice.checksumThere))
        : null,
    arrivedLater: row.arrivedLater === null ? null : Number(row.arrivedLater),
  });
}

export function toSliceVerificationDto(row: SliceVerification): SliceVerificationDto {
  return sliceVerificationDtoSchema.parse({
    region: row.region,
    day: row.day.toISOString().slice(0, 10),
    method: row.method,
    inHistory: row.inHistory === null ? null : Number(row.inHistory),
    inSink: Number(row.inSink),
    missing: row.missing === null ? null : Number(row.missing),
    conflicts: row.conflicts === null ? null : Number(row.conflicts),
    checksumHere: Buffer.from(row.checksumHere).toString("hex"),
    checksumThere: row.checksumThere === null ? null : Buffer.from(row.checksumThere).toString("hex"),
  });
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function failureOf(row: { failureCode: string | null; failureMessage: string | null }) {
  return row.failureCode === null ? null : { code: row.failureCode, message: row.failureMessage ?? "" };
}

/** Delivered events per second between the start of the present run and its last acknowledgement; null before that. */
function rateOf(delivered: number, startedAt: Date | null, acknowledgedAt: Date | null): number | null {
  if (startedAt === null || acknowledgedAt === null || acknowledgedAt < startedAt) {
    return null;
  }
  // A job of one batch is over in no time at all; a tenth of a second keeps its rate from being nonsense.
  return delivered / Math.max(0.1, (acknowledgedAt.getTime() - startedAt.getTime()) / 1_000);
}
