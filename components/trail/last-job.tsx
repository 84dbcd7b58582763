"use client";

import { phaseInWords } from "@/components/history-job/phases.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { RowLink } from "@/components/ui/row-link.tsx";
import type { TrailDto } from "@/domain/trail/schema.ts";
import { trailWords } from "./words.ts";

type LastJobProps = { lastJob: TrailDto["lastJob"]; now: string };

/** "Job 41 · complete · 3 days ago" */
export function LastJob({ lastJob, now }: LastJobProps) {
  const words = useWords(trailWords);
  const jobWords = useWords(historyJobWords);
  if (lastJob === null) {
    return <span className="text-ink-2">{words.neverRedelivered}</span>;
  }
  const { id, phase, undeliverable, createdAt, endedAt } = lastJob;
  return (
    <span className="text-ink-2">
      <RowLink href={`/jobs/${id}`} className="underline decoration-line-strong underline-offset-2 hover:text-ink">
        {words.job(id)}
      </RowLink>
      {` · ${phaseInWords(phase, jobWords).toLowerCase()}`}
      {undeliverable > 0 && words.undeliverable(undeliverable)}
      {" · "}
      <Instant at={endedAt ?? createdAt} now={now} shown="relative" />
    </span>
  );
}
