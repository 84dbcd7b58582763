import type { JobPhase } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import type { HistoryJobWords } from "./words.ts";

type Lost = { phase: JobPhase; undeliverable: number; gap: number };

/** Why a job is incomplete, by its counts: "31 undeliverable, 4 gone from history". Null where counts are not the reason. */
export function lossInWords({ phase, undeliverable, gap }: Lost, words: HistoryJobWords): string | null {
  if (phase !== "incomplete") {
    return null;
  }
  const parts = [
    undeliverable > 0 ? words.lossUndeliverable(undeliverable) : null,
    gap > 0 ? words.lossGap(gap) : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : words.listed(parts);
}

/** "at most 500 events/s"; null without a ceiling. */
export function ceilingInWords(eventsPerSecondMax: number | null, words: HistoryJobWords): string | null {
  return eventsPerSecondMax === null ? null : words.ceiling(eventsPerSecondMax);
}

type Held = Pick<HistoryJobDto, "phase" | "claims" | "pausedAt" | "eventsPerSecondMax">;

/** Since when a paused job is at rest (ISO 8601); null while it isn't, and when that is not known. */
export function restsSince({ phase, claims, pausedAt }: Omit<Held, "eventsPerSecondMax">): string | null {
  return phase === "paused" && claims === 0 ? pausedAt : null;
}

/** What a person should know of a running job beside its phase: what it waits for, since when, its ceiling. */
export function holdInWords(job: Held, now: string, words: HistoryJobWords): string | null {
  const { phase, claims, eventsPerSecondMax } = job;
  const waiting = claims > 0 ? words.waitingFor(claims) : null;
  switch (phase) {
    case "paused": {
      const since = restsSince(job);
      return since === null ? waiting : words.since(since, now);
    }
    case "cancelling":
      return waiting;
    case "queued":
    case "delivering":
      return ceilingInWords(eventsPerSecondMax, words);
    default:
      return null;
  }
}

type Timed = Pick<HistoryJobDto, "logTime" | "delivered" | "deliveryTimed">;

/** Which time the delivered logs carry, as far as any were delivered. */
export function logTimeInWords({ logTime, delivered, deliveryTimed }: Timed, words: HistoryJobWords): string {
  if (delivered > 0 && deliveryTimed > 0 && deliveryTimed < delivered) {
    return words.bothTimes(delivered - deliveryTimed, deliveryTimed);
  }
  if (delivered > 0 && deliveryTimed === delivered) {
    return words.deliveryTime;
  }
  return logTime === "delivery" ? words.deliveryTime : words.eventTime;
}
