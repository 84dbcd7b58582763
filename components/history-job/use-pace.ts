import { useQuery } from "@tanstack/react-query";
import { useWords } from "@/components/language/language-provider.tsx";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { slotQuery } from "./history-job-queries.ts";
import { rateInWords, timeLeftInWords } from "./pace.ts";
import { recentRateOf } from "./recent-rate.ts";
import { historyJobWords } from "./words.ts";

/**
 * How fast a job delivers now and how long still, one after the other: as this tab has seen it in the slot of late, else the
 * average of the run. One source for every place on a screen, so that they agree. Empty for a job that does not deliver.
 */
export function usePace(
  job: Pick<HistoryJobDto, "id" | "phase" | "eventsPerSecond" | "eventsPerSecondMax" | "remaining">,
) {
  const words = useWords(historyJobWords);
  const { data: slot } = useQuery(slotQuery());
  if (job.phase !== "delivering") {
    return [];
  }
  const recent = slot?.job?.id === job.id ? recentRateOf(slot.samples) : null;
  const eventsPerSecond = recent ?? job.eventsPerSecond;
  return [rateInWords(eventsPerSecond, words), timeLeftInWords({ ...job, eventsPerSecond }, words)].filter(
    (part) => part !== null,
  );
}
