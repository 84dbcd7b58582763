import "server-only";
import type { JobVerificationDto } from "@/domain/history-job/schema.ts";
import { prisma } from "@/server/db.ts";
import { toJobVerificationDto } from "./mapping.ts";

/** The newest verification of a job; null when there was none. */
export async function findLatestVerification(jobId: number, slicesTotal: number): Promise<JobVerificationDto | null> {
  const row = await prisma().jobVerification.findFirst({
    where: { jobId },
    orderBy: { id: "desc" },
    include: { slices: true },
  });
  return row && toJobVerificationDto(row, slicesTotal);
}
