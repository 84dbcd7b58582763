import "server-only";
import { remainingOf } from "@/domain/history-job/history-job.ts";
import {
  type DeliverySliceDto,
  deliverySliceDtoSchema,
  type HistoryJobDto,
  historyJobDtoSchema,
  storedRequestSchema,
} from "@/domain/history-job/schema.ts";
import type { DeliveryHistoryJob, DeliverySlice } from "@/prisma/generated/client.ts";

/** What a job's slices sum up to: the truth while it runs, and the same as its stored counts once it has ended. */
export type SliceSums = {
  readonly delivered: number;
  readonly newAtSink: number;
  readonly presentAtSink: number;
  readonly undeliverable: number;
  readonly gap: number;
  readonly bytes: number;
  readonly acknowledgedAt: Date | null;
};

export const NO_SUMS: SliceSums = {
  delivered: 0,
  newAtSink: 0,
  presentAtSink: 0,
  undeliverable: 0,
  gap: 0,
  bytes: 0,
  acknowledgedAt: null,
};

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
    eventsPerSecond: rateOf(counts.delivered, row.startedAt, acknowledgedAt),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
  });
}

export function toDeliverySliceDto(row: DeliverySlice): DeliverySliceDto {
  const ledger = {
    expected: Number(row.expected),
    delivered: Number(row.delivered),
    undeliverable: Number(row.undeliverable),
    gap: Number(row.gap),
  };
  return deliverySliceDtoSchema.parse({
    region: row.region,
    day: row.day.toISOString().slice(0, 10),
    state: row.state,
    failure: failureOf(row),
    ...ledger,
    newAtSink: Number(row.newAtSink),
    presentAtSink: Number(row.presentAtSink),
    remaining: remainingOf(ledger),
    bytes: Number(row.bytes),
    batches: row.batches,
    attempt: row.attempt,
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  });
}

function failureOf(row: { failureCode: string | null; failureMessage: string | null }) {
  return row.failureCode === null ? null : { code: row.failureCode, message: row.failureMessage ?? "" };
}

/** Delivered events per second between the start and the last acknowledgement. */
function rateOf(delivered: number, startedAt: Date | null, acknowledgedAt: Date | null): number | null {
  if (startedAt === null || acknowledgedAt === null) {
    return null;
  }
  // A job of one batch is over in no time at all; a tenth of a second keeps its rate from being nonsense.
  return delivered / Math.max(0.1, (acknowledgedAt.getTime() - startedAt.getTime()) / 1_000);
}
