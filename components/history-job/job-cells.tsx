"use client";

import type { ReactNode } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Instant } from "@/components/ui/instant.tsx";
import { RowLink } from "@/components/ui/row-link.tsx";
import { ToldTime } from "@/components/ui/told-time.tsx";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { holdInWords, lossInWords, restsSince } from "./job-words.ts";
import { PhaseMark } from "./phase-mark.tsx";
import { type HistoryJobWords, historyJobWords } from "./words.ts";

/** "42", or "Job 42" where no column's head says what it is. */
export function JobNumber({ jobId }: { jobId: number }) {
  const words = useWords(historyJobWords);
  return (
    <RowLink
      key={jobId}
      href={`/jobs/${jobId}`}
      aria-label={words.jobNumber(jobId)}
      className="font-semibold tabular-nums underline-offset-2 hover:underline"
    >
      {/* In a table the head says it. */}
      <span className="sm:hidden">{words.job} </span>
      {jobId}
    </RowLink>
  );
}

/** A job's phase, and below it what the phase alone does not say. */
export function JobPhaseNotes({ job, now }: { job: HistoryJobDto; now: string }) {
  const words = useWords(historyJobWords);
  const hold = holdInWords(job, now, words);
  return (
    <div>
      <PhaseMark phase={job.phase} claims={job.claims} />
      {hold !== null && (
        <Note>
          <ToldTime at={restsSince(job)}>{hold}</ToldTime>
        </Note>
      )}
      {notesOn(job, words).map((note) => (
        <Note key={note}>{note}</Note>
      ))}
    </div>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <div className="text-xs break-words text-ink-3">{children}</div>;
}

function notesOn(job: HistoryJobDto, words: HistoryJobWords): string[] {
  return [
    lossInWords(job, words),
    job.phase === "cancelled" && job.cancelledBy !== null ? words.cancelledBy(job.cancelledBy) : null,
    job.deletedAt === null ? null : words.deleted,
  ].filter((note) => note !== null);
}

export function JobTrail({ trailName }: { trailName: string }) {
  return (
    <RowLink key={trailName} href={`/trails/${trailName}`} className="break-words underline-offset-2 hover:underline">
      {trailName}
    </RowLink>
  );
}

/** When a job was started, and by whom. */
export function JobStarted({ job: { createdAt, createdBy }, now }: { job: HistoryJobDto; now: string }) {
  const words = useWords(historyJobWords);
  return (
    <div>
      <Instant at={createdAt} now={now} shown="absolute" />
      <div className="text-xs break-words text-ink-3">
        <Instant at={createdAt} now={now} shown="relative" /> {words.startedBy(createdBy)}
      </div>
    </div>
  );
}
