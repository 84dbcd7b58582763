"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { historyJobQuery } from "@/components/history-job/history-job-queries.ts";
import { JobFailure } from "@/components/history-job/job-failure.tsx";
import { LedgerEquation } from "@/components/history-job/ledger-equation.tsx";
import { rateInWords, timeLeftInWords } from "@/components/history-job/pace.ts";
import { PhaseMark, toneOf } from "@/components/history-job/phase-mark.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Freshness } from "@/components/ui/freshness.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { ProgressBar } from "@/components/ui/progress-bar.tsx";
import { durationInWords } from "@/components/ui/time.ts";
import { holdsSlot, progressOf } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDetailDto, HistoryJobDto } from "@/domain/history-job/schema.ts";
import { JobColumns } from "./job-columns.tsx";
import { JobFacts } from "./job-facts.tsx";
import { SliceCard } from "./slice-card.tsx";
import { SliceTable } from "./slice-table.tsx";

/** One job, kept fresh while it runs: the ledger first, then its slices. */
export function JobDetail({ initial }: { initial: HistoryJobDetailDto }) {
  const { data, dataUpdatedAt, error } = useQuery({ ...historyJobQuery(initial.job.id), initialData: initial });
  const { job, slices, now } = data;
  const isRunning = holdsSlot(job.phase);
  return (
    <>
      <PageHead
        above={
          <>
            <Link href="/jobs" className="underline-offset-2 hover:text-ink hover:underline">
              Jobs
            </Link>{" "}
            / {job.id}
          </>
        }
        title={
          <>
            Job {job.id} <PhaseMark phase={job.phase} />
          </>
        }
        action={
          (isRunning || error !== null) && (
            <span className="inline-block text-sm text-ink-2 first-letter:uppercase">
              <Freshness updatedAt={dataUpdatedAt} error={error} />
            </span>
          )
        }
      />
      <JobColumns side={<JobFacts job={job} slices={slices} now={now} />}>
        {job.failure !== null && <JobFailure phase={job.phase} failure={job.failure} />}
        <div className="grid gap-3">
          <Card className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-[18px] py-4">
            <LedgerEquation isRunning={isRunning} ledger={job} />
            <Pace job={job} />
          </Card>
          <ProgressBar
            share={progressOf(job)}
            look={toneOf(job.phase)}
            label={`Progress of job ${job.id}`}
            className="h-2.5"
          />
        </div>
        <SliceCard job={job} slices={slices} now={now} />
        <SliceTable slices={slices} />
      </JobColumns>
    </>
  );
}

/** How fast and how long still; or how fast and how long it was. */
function Pace({ job }: { job: HistoryJobDto }) {
  const took =
    job.startedAt !== null && job.endedAt !== null
      ? `took ${durationInWords(Date.parse(job.endedAt) - Date.parse(job.startedAt))}`
      : null;
  return (
    <div className="text-right text-ink-2 tabular-nums max-sm:text-left">
      <div>{rateInWords(job.eventsPerSecond)}</div>
      <div>{timeLeftInWords(job) ?? took}</div>
    </div>
  );
}
