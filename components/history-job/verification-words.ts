import { countOf } from "@/components/language/counts.ts";
import { momentInWords } from "@/components/language/times.ts";
import type { VerificationMethod } from "@/domain/history-job/history-job.ts";
import type { JobVerificationDto } from "@/domain/history-job/schema.ts";

const METHOD_WORDS: Readonly<Record<VerificationMethod, string>> = {
  identity: "event by event against history",
  checksum: "by count and checksum",
  acknowledged: "acknowledged by the log service, at least once",
};

/** How it was found out, without claiming more: each method that was used, the strongest first. */
export function methodsInWords(methods: readonly VerificationMethod[]): string {
  const used = (Object.keys(METHOD_WORDS) as VerificationMethod[]).filter((method) => methods.includes(method));
  return used.map((method) => METHOD_WORDS[method]).join("; other slices ");
}

/** Whether somebody still works on it. */
export function isVerifying(verification: Pick<JobVerificationDto, "state"> | null): boolean {
  return verification?.state === "waiting" || verification?.state === "running";
}

/** Two lines beside the ledger of an ended job: what was proved, and when. */
export function proofInWords(verification: JobVerificationDto | null, now: string): readonly [string, string] {
  if (verification === null) {
    return ["Not verified", ""];
  }
  switch (verification.state) {
    case "waiting":
      return ["Verifying", "waiting for a worker"];
    case "running":
      return ["Verifying", slicesLookedAtInWords(verification)];
    case "failed":
      return [
        "Not verified",
        `the try at ${momentInWords(verification.endedAt ?? verification.requestedAt, now)} failed`,
      ];
    case "complete":
      return [
        verdictInWords(verification),
        `Verified ${momentInWords(verification.endedAt ?? verification.requestedAt, now)}`,
      ];
  }
}

export function slicesLookedAtInWords({ slicesDone, slicesTotal }: JobVerificationDto): string {
  return `${slicesDone} of ${countOf(slicesTotal, "slice", "slices")} looked at`;
}

/** The one word on a whole comparison. Equal is said only where every slice could be compared and agrees. */
function verdictInWords({ missing, checksumsEqual, slicesTotal }: JobVerificationDto): string {
  if (slicesTotal === 0) {
    return "Nothing to compare";
  }
  if (missing !== null && missing > 0) {
    return `${countOf(missing, "event", "events")} missing`;
  }
  if (checksumsEqual === null) {
    return "Acknowledged, at least once";
  }
  return checksumsEqual ? "Checksums equal" : "Checksums differ";
}
