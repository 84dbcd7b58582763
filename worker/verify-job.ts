import { compareSlice } from "@/server/history-job/comparison.ts";
import {
  claimVerification,
  completeVerification,
  handBackVerification,
  saveAcknowledged,
  saveComparison,
  type VerificationClaim,
} from "@/server/history-job/verification-work.ts";
import { log } from "@/server/log.ts";
import type { HeldVerificationEntry } from "@/server/queue.ts";

/**
 * A handler works on one verification for this long at most and lines up again with the rest: that of a job of millions must not
 * keep the others waiting, nor make its entry so old that pg-boss expires it.
 */
const TURN_MAX_MS = 120_000;

/**
 * Compares an ended job with its logstore, slice by slice; each result is kept as it is found, so whoever goes on after a killed
 * worker does the slices that are left. Rejects on a fault; the queue then gives the entry out again.
 */
export async function verifyJob(
  entry: HeldVerificationEntry,
  workerName: string,
  isShuttingDown: () => boolean,
): Promise<void> {
  const startedAt = performance.now();
  const claim = await claimVerification(entry, workerName);
  if (claim === null) {
    return;
  }
  const isHandedBack = () => isShuttingDown() || entry.signal.aborted || performance.now() - startedAt > TURN_MAX_MS;
  const end = await compareSlices(claim, isHandedBack);
  if (end === "handed-back") {
    await handBackVerification(entry);
  } else if (end === "compared") {
    await completeVerification(claim);
    log.info({ verificationId: claim.id, jobId: claim.jobId }, "job verified");
  }
}

async function compareSlices(
  claim: VerificationClaim,
  isHandedBack: () => boolean,
): Promise<"compared" | "handed-back" | "not-wanted"> {
  const { sink } = claim;
  if (sink.kind === "unreadable") {
    return (await saveAcknowledged(claim)) ? "compared" : "not-wanted";
  }
  for (const slice of claim.slicesLeft) {
    if (isHandedBack()) {
      return "handed-back";
    }
    const found = await compareSlice(claim.scope, slice, sink.logstoreId);
    if (!(await saveComparison(claim, slice, found))) {
      return "not-wanted";
    }
  }
  return "compared";
}
