import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { verificationDetailQuery } from "@/components/history-job/history-job-queries.ts";
import type { JobVerificationDto } from "@/domain/history-job/schema.ts";
import { findingsBySlice, type SliceFindings } from "./slice-findings.ts";

export type FindingsOfJob = {
  /** Empty without a finished verification, and until its findings are read. */
  readonly findings: SliceFindings;
  /** They could not be read: what a slice shows without them is not all that is known of it. */
  readonly isFailed: boolean;
  readonly readAgain: () => void;
};

/** What the job's finished verification found of each slice. */
export function useFindings(jobId: number, verification: JobVerificationDto | null): FindingsOfJob {
  const { data, isError, refetch } = useQuery(
    verificationDetailQuery(jobId, verification?.state === "complete" ? verification.id : null),
  );
  const findings = useMemo(() => findingsBySlice(data?.slices ?? []), [data]);
  return { findings, isFailed: isError && data === undefined, readAgain: () => void refetch() };
}
