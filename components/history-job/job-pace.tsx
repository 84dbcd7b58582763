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
  // Only the job in the slot follows it: a long list of ended ones has nothing to follow.
  return holdsSlot(job.phase) ? <PresentPace job={job} /> : <div>{rateInWords(job.eventsPerSecond, words) ?? "—"}</div>;
}

function PresentPace({ job }: { job: HistoryJobDto }) {
  const [rate, timeLeft] = usePace(job);
  return (
    <div>
      {rate ?? "—"}
      {/* Keeps its line while nothing is known, so that no row moves. */}
      <div className="min-h-[1lh] text-xs text-ink-3">{timeLeft}</div>
    </div>
  );
}
