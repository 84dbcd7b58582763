"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { holdsSlot } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { rateInWords } from "./pace.ts";
import { usePace } from "./use-pace.ts";
import { historyJobWords } from "./words.ts";

/** How fast a job delivers, or its last run was on average. */
export function JobPace({ job }: { job: HistoryJobDto }) {
  const words = useWords(historyJobWords);
  const [rate, timeLeft] = usePace(job);
  const average = holdsSlot(job.phase) ? null : rateInWords(job.eventsPerSecond, words);
  return (
    <div>
      {rate ?? average ?? "—"}
      <div className="text-xs text-ink-3">{timeLeft}</div>
    </div>
  );
}
