import { reasonInWords } from "@/components/history-job/engine-words.ts";
import type { HistoryJobWords } from "@/components/history-job/words.ts";
import type { DeliverySliceDto, SliceVerificationDto } from "@/domain/history-job/schema.ts";
import { isDifferent } from "./slice-findings.ts";
import type { JobPageWords } from "./words.ts";

type Looked = Pick<DeliverySliceDto, "failure" | "undeliverable" | "gap" | "remaining">;

/** Why a slice needs a look: the words of who refused, what its counts come to, and what the logstore was found to lack. */
export function whyOfSlice(
  slice: Looked,
  finding: SliceVerificationDto | undefined,
  words: JobPageWords,
  jobWords: HistoryJobWords,
): string {
  const { failure, undeliverable, gap, remaining } = slice;
  const parts = [
    failure === null ? null : reasonInWords(failure.message, jobWords),
    undeliverable > 0 ? words.whyRefused(undeliverable) : null,
    gap > 0 ? words.whyGone(gap) : null,
    remaining > 0 ? words.whyNotSent(remaining) : null,
    finding !== undefined && isDifferent(slice, finding) ? whatLogstoreLacks(finding, words) : null,
  ].filter((part) => part !== null);
  return words.whyJoined(parts);
}

function whatLogstoreLacks({ missing }: SliceVerificationDto, words: JobPageWords): string {
  return missing !== null && missing > 0 ? words.whyMissing(missing) : words.whyOtherTexts;
}
