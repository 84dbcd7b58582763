import { countOf } from "@/components/language/counts.ts";
import { holdsSlot } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";

/** A question before something that hurts: what will happen in a sentence, and both ways out. */
export type Confirmation = {
  readonly title: string;
  readonly sentence: string;
  readonly confirm: string;
  readonly confirming: string;
  readonly dismiss: string;
};

type Confirmed = Pick<HistoryJobDto, "id" | "phase" | "remaining">;

export function confirmCancel({ id, remaining }: Confirmed): Confirmation {
  return {
    title: `Cancel job ${id}?`,
    sentence: `${lossOf(remaining)} A cancelled job is not taken up again.`,
    confirm: `Cancel job ${id}`,
    confirming: "Cancelling…",
    dismiss: "Let it go on",
  };
}

export function confirmDelete({ id, phase, remaining }: Confirmed): Confirmation {
  const first = holdsSlot(phase) ? `It is cancelled. ${lossOf(remaining)} ` : "";
  return {
    title: `Delete job ${id}?`,
    sentence: `${first}The API shows it no more, and it cannot be taken up again. Its report and client token stay here, read-only.`,
    confirm: `Delete job ${id}`,
    confirming: "Deleting…",
    dismiss: "Keep it",
  };
}

function lossOf(remaining: number): string {
  return remaining === 0
    ? "Everything was tried already; what was delivered stays."
    : `${countOf(remaining, "event is", "events are")} not sent; what was delivered stays.`;
}
