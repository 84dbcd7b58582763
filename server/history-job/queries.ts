import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { retryOf } from "@/domain/history-job/control.ts";
import { holdsSlot, type JobPhase } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDetailDto, HistoryJobDto, HistoryJobPageDto, SlotDto } from "@/domain/history-job/schema.ts";
import type { DeliveryHistoryJob } from "@/prisma/generated/client.ts";
import { pool, prisma, readDatabaseTime } from "@/server/db.ts";
import { findProjectTrouble } from "@/server/log-service/queries.ts";
import { countsOf, NO_SUMS, type SliceSums, toDeliverySliceDto, toHistoryJobDto } from "./mapping.ts";
import { readSliceRows } from "./slice-rows.ts";
import { findLatestVerification } from "./verification.ts";

/** Which page of jobs; `page` counts from 1. */
type JobPage = {
  readonly page: number;
  readonly pageSize: number;
  readonly trailName?: string;
  /** For clients of the API, for whom a deleted job is not there. */
  readonly withoutDeleted?: boolean;
  /** Only jobs that are at home in one of these. */
  readonly homeRegions?: readonly string[];
};

/** One page of the account's jobs, newest first; deleted ones too, read-only evidence that they are, unless they are left out. */
export async function listHistoryJobs(
  scope: AccountScope,
  { page, pageSize, trailName, withoutDeleted = false, homeRegions }: JobPage,
): Promise<HistoryJobPageDto> {
  const where = {
    accountId: scope.accountId,
    ...(trailName === undefined ? {} : { trailName }),
    ...(withoutDeleted ? { deletedAt: null } : {}),
    ...(homeRegions === undefined ? {} : { homeRegion: { in: [...homeRegions] } }),
  };
  const [rows, totalCount, now] = await Promise.all([
    prisma().deliveryHistoryJob.findMany({
      where,
      orderBy: { id: "desc" },
      skip: (page - 1) * pageSize,
      take: pageSize,
    }),
    prisma().deliveryHistoryJob.count({ where }),
    readDatabaseTime(),
  ]);
  return { now: now.toISOString(), jobs: await toDtos(rows), totalCount };
}

/** The regions that the account's jobs are at home in, each once. */
export async function listJobHomeRegions({ accountId }: AccountScope): Promise<string[]> {
  const rows = await prisma().deliveryHistoryJob.groupBy({ by: ["homeRegion"], where: { accountId } });
  return rows.map(({ homeRegion }) => homeRegion);
}

/** A job with its slices, by day and region. @throws DomainError DeliveryHistoryJobNotFound, also for another account's */
export async function getHistoryJob(scope: AccountScope, jobId: number): Promise<HistoryJobDetailDto> {
  const [row, now] = await Promise.all([
    prisma().deliveryHistoryJob.findFirst({ where: { id: jobId, accountId: scope.accountId } }),
    readDatabaseTime(),
  ]);
  if (row === null) {
    throw new DomainError("DeliveryHistoryJobNotFound", { jobId });
  }
  const rows = await readSliceRows(jobId);
  // Of the slices that were read, and not of another moment's: a running job's counts move between two statements.
  const job = toHistoryJobDto(row, countsOf(row, rows));
  const slices = rows.map(toDeliverySliceDto);
  const [sinkTrouble, verification] = await Promise.all([
    holdsSlot(job.phase) ? findProjectTrouble(scope, row) : null,
    findLatestVerification(jobId, slices.length),
  ]);
  const retry = retryOf({ phase: job.phase, isDeleted: job.deletedAt !== null }, slices);
  return { now: now.toISOString(), job, slices, sinkTrouble, verification, retry };
}

/**
 * The job that holds the account's one slot, or null when it is free; and what is wrong with its sink.
 * @param afterJobId the job that the caller saw in the slot last: the answer says how it ended, if it has
 */
export async function findSlotJob(scope: AccountScope, afterJobId: number | null = null): Promise<SlotDto> {
  const [row, now] = await Promise.all([
    prisma().deliveryHistoryJob.findFirst({ where: { accountId: scope.accountId, status: { in: [0, 1] } } }),
    readDatabaseTime(),
  ]);
  const ended = afterJobId === null || row?.id === afterJobId ? null : await findEnded(scope, afterJobId);
  if (row === null) {
    return { now: now.toISOString(), job: null, sinkTrouble: null, ended };
  }
  const [[job], sinkTrouble] = await Promise.all([toDtos([row]), findProjectTrouble(scope, row)]);
  return { now: now.toISOString(), job: job ?? null, sinkTrouble, ended };
}

async function findEnded(scope: AccountScope, jobId: number): Promise<SlotDto["ended"]> {
  const row = await prisma().deliveryHistoryJob.findFirst({
    where: { id: jobId, accountId: scope.accountId, status: { in: [2, 3] } },
    select: { id: true, phase: true, undeliverable: true, gap: true },
  });
  return (
    row && {
      id: row.id,
      phase: row.phase as JobPhase,
      undeliverable: Number(row.undeliverable ?? 0),
      gap: Number(row.gap ?? 0),
    }
  );
}

/** Rows as a screen may see them, with what their slices sum up to. */
export async function toDtos(rows: readonly DeliveryHistoryJob[]): Promise<HistoryJobDto[]> {
  const sums = await sumSlices(rows.map((row) => row.id));
  return rows.map((row) => toHistoryJobDto(row, sums.get(row.id) ?? NO_SUMS));
}

async function sumSlices(jobIds: readonly number[]): Promise<Map<number, SliceSums>> {
  const { rows } = await pool().query<SliceSums & { jobId: number }>(
    `SELECT job_id AS "jobId", sum(delivered)::int8 AS delivered, sum(new_at_sink)::int8 AS "newAtSink",
       sum(present_at_sink)::int8 AS "presentAtSink", sum(undeliverable)::int8 AS undeliverable, sum(gap)::int8 AS gap,
       sum(bytes)::int8 AS bytes, sum(batches)::int8 AS batches, sum(resent)::int8 AS resent,
       sum(delivery_timed)::int8 AS "deliveryTimed", count(*) FILTER (WHERE state = 'delivering') AS claims,
       max(acknowledged_at) AS "acknowledgedAt"
     FROM delivery_slice WHERE job_id = ANY ($1) GROUP BY job_id`,
    [jobIds],
  );
  return new Map(rows.map(({ jobId, ...sums }) => [jobId, sums]));
}

/** The region that a job is at home in, or null when the account has none of this id. Part of the API signature's gate. */
export async function findJobHomeRegion(accountId: string, jobId: number): Promise<string | null> {
  const row = await prisma().deliveryHistoryJob.findFirst({
    where: { id: jobId, accountId },
    select: { homeRegion: true },
  });
  return row?.homeRegion ?? null;
}
