import { useQuery } from "@tanstack/react-query";
import { useWords } from "@/components/language/language-provider.tsx";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { slotQuery } from "./history-job-queries.ts";
import { paceInWords } from "./pace.ts";
import { historyJobWords } from "./words.ts";

/** paceInWords of a job by what this tab knows of the slot: one source for every place on a screen, so that they agree. */
export function usePace(job: HistoryJobDto): string[] {
  const words = useWords(historyJobWords);
  const { data: slot } = useQuery(slotQuery());
  return paceInWords(job, slot, words);
}
