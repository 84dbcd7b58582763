import type { JobPhase } from "@/domain/history-job/history-job.ts";
import type { HistoryJobWords } from "./words.ts";

type Paced = {
  phase: JobPhase;
  eventsPerSecond: number | null;
  eventsPerSecondMax: number | null;
  remaining: number;
};

/** "81,400 events/s"; null when nothing has been measured. */
export function rateInWords(eventsPerSecond: number | null, words: HistoryJobWords): string | null {
  return eventsPerSecond === null || eventsPerSecond === 0 ? null : words.eventsPerSecond(eventsPerSecond);
}

/** "6 s left" at the present rate, or the ceiling where that is lower; null when nothing is being sent. */
export function timeLeftInWords(
  { phase, eventsPerSecond, eventsPerSecondMax, remaining }: Paced,
  words: HistoryJobWords,
): string | null {
  if (phase !== "delivering" || remaining === 0 || eventsPerSecond === null || eventsPerSecond === 0) {
    return null;
  }
  const rate = Math.min(eventsPerSecond, eventsPerSecondMax ?? Number.POSITIVE_INFINITY);
  // A running job is never "0 s" from its end.
  return words.timeLeft(Math.max(1_000, (remaining / rate) * 1_000));
}
