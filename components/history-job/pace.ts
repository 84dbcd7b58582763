import type { JobPhase } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { recentRateOf, type WatchedSlot } from "./recent-rate.ts";
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

type PacedJob = Pick<HistoryJobDto, "id" | "phase" | "eventsPerSecond" | "eventsPerSecondMax" | "remaining">;

/**
 * How fast a job delivers now and how long still, one after the other; empty for one that does not deliver. The job in the slot
 * is told by the slot alone, whatever the place on the screen has read by itself: two polls a moment apart would differ by a
 * second. Its speed is that of late, else the average of the run.
 */
export function paceInWords(job: PacedJob, slot: WatchedSlot | undefined, words: HistoryJobWords): string[] {
  const held = slot?.job?.id === job.id ? slot.job : null;
  const { phase, eventsPerSecond: average, eventsPerSecondMax, remaining } = held ?? job;
  if (phase !== "delivering" || job.phase !== "delivering") {
    return [];
  }
  const eventsPerSecond = (held && recentRateOf(slot?.samples ?? [])) ?? average;
  return [
    rateInWords(eventsPerSecond, words),
    timeLeftInWords({ phase, eventsPerSecond, eventsPerSecondMax, remaining }, words),
  ].filter((part) => part !== null);
}
