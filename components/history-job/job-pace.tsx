"use client";

import { holdsSlot } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { rateInWords } from "./pace.ts";
import { usePace } from "./use-pace.ts";

/** How fast a job delivers, or its last run was on average. */
export function JobPace({ job }: { job: HistoryJobDto }) {
  const [rate, timeLeft] = usePace(job);
  const average = holdsSlot(job.phase) ? null : rateInWords(job.eventsPerSecond);
  return (
    <div>
      {rate ?? average ?? "—"}
      <div className="text-xs text-ink-3">{timeLeft}</div>
    </div>
  );
}
