import type { VerificationMethod } from "@/domain/history-job/history-job.ts";
import type { JobVerificationDto } from "@/domain/history-job/schema.ts";
import type { HistoryJobWords } from "./words.ts";

/** From the strongest to the weakest. */
const METHODS = ["identity", "checksum", "acknowledged"] as const satisfies readonly VerificationMethod[];

/** How it was found out, without claiming more: each method that was used, the strongest first. */
export function methodsInWords(methods: readonly VerificationMethod[], words: HistoryJobWords): string {
  const used = METHODS.filter((method) => methods.includes(method));
  return words.methodsJoined(used.map((method) => words.methods[method]));
}

/** Whether somebody still works on it. */
export function isVerifying(verification: Pick<JobVerificationDto, "state"> | null): boolean {
  return verification?.state === "waiting" || verification?.state === "running";
}

/** When a comparison was made, or was to be (ISO 8601). */
export function comparedAt({ endedAt, requestedAt }: Pick<JobVerificationDto, "endedAt" | "requestedAt">): string {
  return endedAt ?? requestedAt;
}

/** Two lines beside the ledger of an ended job: what was proved, and when. */
export function proofInWords(
  verification: JobVerificationDto | null,
  now: string,
  words: HistoryJobWords,
): readonly [string, string] {
  if (verification === null) {
    return [words.notVerified, ""];
  }
  const at = comparedAt(verification);
  switch (verification.state) {
    case "waiting":
      return [words.verifying, words.waitingForWorker];
    case "running":
      return [words.verifying, words.looked(verification.slicesDone, verification.slicesTotal)];
    case "failed":
      return [words.notVerified, words.tryFailed(at, now)];
    case "complete":
      return [verdictInWords(verification, words), words.verified(at, now)];
  }
}

/** The one word on a whole comparison. Equal is said only where every slice could be compared and agrees. */
function verdictInWords({ missing, checksumsEqual, slicesTotal }: JobVerificationDto, words: HistoryJobWords): string {
  if (slicesTotal === 0) {
    return words.nothingToCompare;
  }
  if (missing !== null && missing > 0) {
    return words.eventsMissing(missing);
  }
  if (checksumsEqual === null) {
    return words.acknowledgedOnly;
  }
  return checksumsEqual ? words.checksumsEqual : words.checksumsDiffer;
}
