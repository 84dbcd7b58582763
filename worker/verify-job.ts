import { compareSlice } from "@/server/history-job/comparison.ts";
import {
  claimVerification,
  completeVerification,
  handBackVerification,
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
  await compareSlices(claim, entry, isHandedBack);
}

async function compareSlices(
  claim: VerificationClaim,
  entry: HeldVerificationEntry,
  isHandedBack: () => boolean,
): Promise<void> {
  for (const slice of claim.slicesLeft) {
    if (isHandedBack()) {
      await handBackVerification(entry);
      return;
    }
    const found = await compareSlice(claim.scope, slice, claim.sink);
    if (!(await saveComparison(claim, slice, found))) {
      return;
    }
  }
  await completeVerification(claim);
  log.info({ verificationId: claim.id, jobId: claim.jobId }, "job verified");
}
