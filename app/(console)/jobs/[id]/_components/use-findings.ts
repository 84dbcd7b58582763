import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { verificationDetailQuery } from "@/components/history-job/history-job-queries.ts";
import type { JobVerificationDto } from "@/domain/history-job/schema.ts";
import { findingsBySlice, type SliceFindings } from "./slice-findings.ts";

/** What the job's finished verification found of each slice; empty without one, and until it is read. */
export function useFindings(jobId: number, verification: JobVerificationDto | null): SliceFindings {
  const { data } = useQuery(
    verificationDetailQuery(jobId, verification?.state === "complete" ? verification.id : null),
  );
  return useMemo(() => findingsBySlice(data?.slices ?? []), [data]);
}
