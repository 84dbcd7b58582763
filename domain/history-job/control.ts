import { type JobPhase, type Ledger, remainingOf } from "./history-job.ts";

/** What a retry would take up again; null when there is nothing that it could. */
export type Retry = { readonly slices: number; readonly remaining: number; readonly undeliverable: number };

/**
 * What is left to try of a job (design 3.2, retry): what remains behind each cursor and what was refused. A gap is not: those
 * events are gone.
 */
export function retryOf(
  job: { readonly phase: JobPhase; readonly isDeleted: boolean },
  slices: readonly Ledger[],
): Retry | null {
  if ((job.phase !== "incomplete" && job.phase !== "failed") || job.isDeleted) {
    return null;
  }
  const left = slices.filter((slice) => remainingOf(slice) > 0 || slice.undeliverable > 0);
  if (left.length === 0) {
    return null;
  }
  return {
    slices: left.length,
    remaining: left.reduce((sum, slice) => sum + remainingOf(slice), 0),
    undeliverable: left.reduce((sum, slice) => sum + slice.undeliverable, 0),
  };
}
