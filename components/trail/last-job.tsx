import Link from "next/link";
import { phaseInWords } from "@/components/history-job/phase-mark.tsx";
import { inGroups } from "@/components/language/counts.ts";
import { Instant } from "@/components/ui/instant.tsx";
import type { TrailDto } from "@/domain/trail/schema.ts";

type LastJobProps = { lastJob: TrailDto["lastJob"]; now: string };

/** "Job 41 · complete · 3 days ago" */
export function LastJob({ lastJob, now }: LastJobProps) {
  if (lastJob === null) {
    return <span className="text-ink-2">Never redelivered</span>;
  }
  const { id, phase, undeliverable, createdAt, endedAt } = lastJob;
  return (
    <span className="text-ink-2">
      <Link href={`/jobs/${id}`} className="underline decoration-line-strong underline-offset-2 hover:text-ink">
        Job {id}
      </Link>
      {` · ${phaseInWords(phase).toLowerCase()}`}
      {undeliverable > 0 && `: ${inGroups(undeliverable)} undeliverable`}
      {" · "}
      <Instant at={endedAt ?? createdAt} now={now} shown="relative" />
    </span>
  );
}
