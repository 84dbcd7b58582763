import { PAUSED_HOURS_MAX } from "@/domain/history-job/control.ts";
import { holdsSlot } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDetailDto } from "@/domain/history-job/schema.ts";
import type { JobControlWords } from "./control-words.ts";

/** A question before a control is carried out: what will happen in a sentence, and both ways out. */
export type Confirmation = {
  readonly look: "primary" | "danger";
  readonly title: string;
  readonly sentence: string;
  readonly confirm: string;
  readonly confirming: string;
  readonly dismiss: string;
};

/** The controls that ask no more than whether to go on. */
export const CONFIRMED_CONTROLS = ["pause", "resume", "retry", "cancel", "delete"] as const;

export type ConfirmedControl = (typeof CONFIRMED_CONTROLS)[number];

type Confirmed = Pick<HistoryJobDetailDto, "retry"> & {
  readonly job: Pick<HistoryJobDetailDto["job"], "id" | "phase" | "remaining">;
};

export function confirmationOf(
  control: ConfirmedControl,
  { job, retry }: Confirmed,
  words: JobControlWords,
): Confirmation {
  const { id, phase, remaining } = job;
  switch (control) {
    case "pause":
      return { look: "primary", ...questionOf(id, words.confirmPause, words.confirmPause.sentence(PAUSED_HOURS_MAX)) };
    case "resume":
      return { look: "primary", ...questionOf(id, words.confirmResume, words.confirmResume.sentence(remaining)) };
    case "retry": {
      const { slices = 0, remaining: unsent = 0, undeliverable = 0 } = retry ?? {};
      const sentence = words.confirmRetry.sentence(slices, unsent, undeliverable);
      return { look: "primary", ...questionOf(id, words.confirmRetry, sentence) };
    }
    case "cancel":
      return { look: "danger", ...questionOf(id, words.confirmCancel, words.confirmCancel.sentence(remaining)) };
    case "delete": {
      const { cancels, sentence, sentenceRunning } = words.confirmDelete;
      const runningSentence = `${phase === "cancelling" ? "" : cancels}${sentenceRunning(remaining)}`;
      return {
        look: "danger",
        ...questionOf(id, words.confirmDelete, holdsSlot(phase) ? runningSentence : sentence),
      };
    }
  }
}

type Question = Pick<JobControlWords["confirmCancel"], "title" | "confirm" | "confirming" | "dismiss">;

function questionOf(id: number, { title, confirm, confirming, dismiss }: Question, sentence: string) {
  return { title: title(id), sentence, confirm: confirm(id), confirming, dismiss };
}
