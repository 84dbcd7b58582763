import { holdsSlot } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import type { JobPageWords } from "./words.ts";

/** A question before something that hurts: what will happen in a sentence, and both ways out. */
export type Confirmation = {
  readonly title: string;
  readonly sentence: string;
  readonly confirm: string;
  readonly confirming: string;
  readonly dismiss: string;
};

type Confirmed = Pick<HistoryJobDto, "id" | "phase" | "remaining">;

export function confirmCancel({ id, remaining }: Confirmed, { confirmCancel: words }: JobPageWords): Confirmation {
  const { title, sentence, confirm, confirming, dismiss } = words;
  return { title: title(id), sentence: sentence(remaining), confirm: confirm(id), confirming, dismiss };
}

export function confirmDelete(
  { id, phase, remaining }: Confirmed,
  { confirmDelete: words }: JobPageWords,
): Confirmation {
  const { title, sentence, sentenceRunning, confirm, confirming, dismiss } = words;
  return {
    title: title(id),
    sentence: holdsSlot(phase) ? sentenceRunning(remaining) : sentence,
    confirm: confirm(id),
    confirming,
    dismiss,
  };
}
