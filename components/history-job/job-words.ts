import { countOf, inGroups } from "@/components/language/counts.ts";
import { momentInWords } from "@/components/language/times.ts";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";

/** Why a job is incomplete, by its counts: "31 undeliverable, 4 gone from history". Null where counts are not the reason. */
export function lossInWords({
  phase,
  undeliverable,
  gap,
}: {
  phase: JobPhase;
  undeliverable: number;
  gap: number;
}): string | null {
  if (phase !== "incomplete") {
    return null;
  }
  const parts = [
    undeliverable > 0 ? `${inGroups(undeliverable)} undeliverable` : null,
    gap > 0 ? `${inGroups(gap)} gone from history` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(", ");
}

/** "at most 500 events/s"; null without a ceiling. */
export function ceilingInWords(eventsPerSecondMax: number | null): string | null {
  return eventsPerSecondMax === null ? null : `at most ${inGroups(eventsPerSecondMax)} events/s`;
}

type Held = Pick<HistoryJobDto, "phase" | "claims" | "pausedAt" | "eventsPerSecondMax">;

/** What a person should know of a running job beside its phase: what it waits for, since when, its ceiling. */
export function holdInWords({ phase, claims, pausedAt, eventsPerSecondMax }: Held, now: string): string | null {
  switch (phase) {
    case "paused":
      if (claims > 0) {
        return `waiting for ${countOf(claims, "slice", "slices")} on the wire`;
      }
      return pausedAt === null ? null : `since ${momentInWords(pausedAt, now)}`;
    case "cancelling":
      return claims > 0 ? `waiting for ${countOf(claims, "slice", "slices")} on the wire` : null;
    case "queued":
    case "delivering":
      return ceilingInWords(eventsPerSecondMax);
    default:
      return null;
  }
}

/** Which time the delivered logs carry, as far as any were delivered. */
export function logTimeInWords({
  logTime,
  delivered,
  deliveryTimed,
}: Pick<HistoryJobDto, "logTime" | "delivered" | "deliveryTimed">): string {
  if (delivered > 0 && deliveryTimed > 0 && deliveryTimed < delivered) {
    return `Event time for ${inGroups(delivered - deliveryTimed)} logs, delivery time for ${inGroups(deliveryTimed)} that the log service found out of range`;
  }
  if (delivered > 0 && deliveryTimed === delivered) {
    return "Delivery time";
  }
  return logTime === "delivery" ? "Delivery time" : "Event time";
}
