import { PAUSED_HOURS_MAX } from "@/domain/history-job/control.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import type { JobPageWords } from "./words.ts";

type JobNotice = {
  readonly look: "plain" | "warn";
  readonly sentence: string;
  /** The time in the sentence, ISO 8601; null when there is none. */
  readonly at: string | null;
};

type Noticed = Pick<HistoryJobDto, "phase" | "claims" | "pausedAt" | "cancelledBy" | "deletedAt" | "endedAt">;

/** What holds of a job beside its phase, in whole sentences. `now` is the server's time. */
export function noticesOf(job: Noticed, now: string, words: JobPageWords): readonly JobNotice[] {
  const deleted: JobNotice | null =
    job.deletedAt === null ? null : { look: "plain", sentence: words.deletedAt(job.deletedAt), at: job.deletedAt };
  return [phaseNotice(job, now, words), deleted].filter((notice) => notice !== null);
}

function phaseNotice(
  { phase, claims, pausedAt, cancelledBy, endedAt }: Noticed,
  now: string,
  words: JobPageWords,
): JobNotice | null {
  const byWhom = (nobody: string) => (cancelledBy === null ? nobody : words.cancelledBy(cancelledBy));
  switch (phase) {
    case "paused": {
      const held =
        pausedAt === null ? words.paused(PAUSED_HOURS_MAX) : words.pausedSince(pausedAt, now, PAUSED_HOURS_MAX);
      return claims > 0
        ? { look: "warn", sentence: words.pausing(claims), at: null }
        : { look: "warn", sentence: held, at: pausedAt };
    }
    case "cancelling": {
      const who = byWhom(words.endingEarly);
      return {
        look: "warn",
        sentence: claims > 0 ? words.endingWaits(who, claims) : words.endsInAMoment(who),
        at: null,
      };
    }
    case "cancelled": {
      const who = byWhom(words.cancelledByNobody);
      const sentence = endedAt === null ? words.cancelled(who) : words.cancelledAt(who, endedAt);
      return { look: "plain", sentence, at: endedAt };
    }
    default:
      return null;
  }
}
