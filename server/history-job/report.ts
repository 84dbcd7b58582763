import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { equationOf, statementsOf } from "@/domain/history-job/report.ts";
import type { HistoryJobReportDto, VerificationDetailDto } from "@/domain/history-job/schema.ts";
import { prisma } from "@/server/db.ts";
import { toJobVerificationDto, toSliceVerificationDto } from "./mapping.ts";
import { getHistoryJob } from "./queries.ts";
import { countReasons } from "./undeliverable.ts";

/**
 * The report of a job, deleted ones too, at this moment: its counts, what the newest finished verification found, and what that
 * proves. Of a job without a finished one, the newest.
 *
 * @throws DomainError DeliveryHistoryJobNotFound, also for another account's
 */
export async function getHistoryJobReport(scope: AccountScope, jobId: number): Promise<HistoryJobReportDto> {
  const { now, job, slices } = await getHistoryJob(scope, jobId);
  const [finished, undeliverableReasons] = await Promise.all([
    findVerification(jobId, slices.length, "complete"),
    countReasons(jobId, { region: null, day: null }),
  ]);
  const { verification, slices: found } = finished ?? (await findVerification(jobId, slices.length)) ?? NONE;
  const foundBySlice = new Map(found.map((slice) => [`${slice.day} ${slice.region}`, slice]));
  const facts = {
    generatedAt: now,
    accountId: scope.accountId,
    job,
    equation: equationOf(job, slices),
    slices: slices.map((slice) => ({ slice, verification: foundBySlice.get(`${slice.day} ${slice.region}`) ?? null })),
    verification,
    undeliverableReasons,
  };
  return { ...facts, statements: statementsOf(facts) };
}

/**
 * The newest verification of a job with what it has found of each slice so far.
 * @throws DomainError DeliveryHistoryJobNotFound, also for another account's
 */
export async function getVerificationDetail(scope: AccountScope, jobId: number): Promise<VerificationDetailDto> {
  const { slices } = await getHistoryJob(scope, jobId);
  return (await findVerification(jobId, slices.length)) ?? NONE;
}

const NONE: VerificationDetailDto = { verification: null, slices: [] };

async function findVerification(
  jobId: number,
  slicesTotal: number,
  state?: "complete",
): Promise<VerificationDetailDto | null> {
  const row = await prisma().jobVerification.findFirst({
    where: { jobId, ...(state === undefined ? {} : { state }) },
    orderBy: { id: "desc" },
    include: { slices: { orderBy: [{ day: "asc" }, { region: "asc" }] } },
  });
  return (
    row && {
      verification: toJobVerificationDto(row, slicesTotal),
      slices: row.slices.map(toSliceVerificationDto),
    }
  );
}
