"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect, useState } from "react";
import { historyJobQuery } from "@/components/history-job/history-job-queries.ts";
import { lossInWords } from "@/components/history-job/job-words.ts";
import { LedgerEquation } from "@/components/history-job/ledger-equation.tsx";
import { PhaseMark } from "@/components/history-job/phase-mark.tsx";
import { toneOf } from "@/components/history-job/phases.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { afterPaint } from "@/components/ui/after-paint.ts";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Freshness } from "@/components/ui/freshness.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { Progress } from "@/components/ui/progress.tsx";
import { holdsSlot, progressOf } from "@/domain/history-job/history-job.ts";
import type { HistoryJobHeadDto } from "@/domain/history-job/schema.ts";
import { BesideLedger } from "./beside-ledger.tsx";
import { JobColumns } from "./job-columns.tsx";
import type { JobControl } from "./job-controls.ts";
import { JobFacts } from "./job-facts.tsx";
import { JobNotices } from "./job-notices.tsx";
import { JobToolbar } from "./job-toolbar.tsx";
import { RateCard } from "./rate-card.tsx";
import { SliceCard } from "./slice-card.tsx";
import { SliceTable } from "./slice-table.tsx";
import { UndeliverableCard } from "./undeliverable-card.tsx";
import { useFindings } from "./use-findings.ts";
import { VerificationCard } from "./verification-card.tsx";
import { jobPageWords } from "./words.ts";

type JobDetailProps = {
  accountId: string;
  initial: HistoryJobHeadDto;
  /** Of the job's slices: as many rows will their grid have. */
  regionCount: number;
  permitted: readonly JobControl[];
};

/** One job: while it runs its progress and its controls, afterwards its report. The ledger first, then its slices. */
export function JobDetail({ accountId, initial, regionCount, permitted }: JobDetailProps) {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const formats = useFormats();
  const { data, dataUpdatedAt, error } = useQuery({
    ...historyJobQuery(initial.job.id),
    initialData: { ...initial, slices: null },
  });
  const { job, slices, verification, now } = data;
  const isRunning = holdsSlot(job.phase);
  const isPageSeen = useIsPainted(slices !== null || error !== null);
  const { findings, isFailed, readAgain } = useFindings(job.id, isRunning ? null : verification);
  return (
    <>
      <PageHead
        above={
          <>
            <Link href="/jobs" className="underline-offset-2 hover:text-ink hover:underline">
              {words.jobs}
            </Link>{" "}
            / {job.id}
            <span className="hidden print:inline"> · {words.ofAccount(accountId)}</span>
          </>
        }
        title={
          <>
            {jobWords.jobNumber(job.id)}{" "}
            <PhaseMark phase={job.phase} claims={job.claims} detail={lossInWords(job, jobWords)} />
          </>
        }
        below={
          <span className="inline-block text-sm first-letter:uppercase print:hidden">
            <Freshness updatedAt={dataUpdatedAt} asOf={now} error={error} />
          </span>
        }
        action={<JobToolbar accountId={accountId} detail={data} permitted={permitted} isPageSeen={isPageSeen} />}
      />
      <div className="mb-4 grid gap-4">
        <JobNotices detail={data} updatedAt={dataUpdatedAt} />
        <div className="grid gap-3">
          <Card className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-[18px] py-4">
            <LedgerEquation isRunning={isRunning} ledger={job} />
            <BesideLedger job={job} verification={verification} now={now} />
          </Card>
          <div className="flex items-center gap-3">
            <Progress
              share={progressOf(job)}
              look={toneOf(job.phase)}
              label={jobWords.progressOf(job.id)}
              className="h-2.5 flex-1"
            />
            <span className="text-ink-2 tabular-nums">{formats.percent(progressOf(job))}</span>
          </div>
        </div>
        {isFailed && (
          <Notice look="warn">
            {words.findingsFailed}{" "}
            <Button size="small" onClick={readAgain}>
              {words.tryAgain}
            </Button>
          </Notice>
        )}
        {/* As wide as the page, so that all days of a window have room. */}
        <SliceCard
          job={job}
          slices={slices}
          isFailed={error !== null}
          regionCount={regionCount}
          findings={findings}
          now={now}
        />
      </div>
      <JobColumns side={<JobFacts job={job} now={now} />}>
        {(isRunning || job.startedAt !== null) && <RateCard job={job} isRunning={isRunning} isChartDue={isPageSeen} />}
        {!isRunning && <VerificationCard jobId={job.id} verification={verification} now={now} />}
        {slices !== null && <SliceTable slices={slices} findings={findings} />}
        {job.undeliverable > 0 && (
          <UndeliverableCard key={job.run} jobId={job.id} count={job.undeliverable} isRunning={isRunning} />
        )}
      </JobColumns>
    </>
  );
}

/** Whether something that is there has been on screen. */
function useIsPainted(isThere: boolean): boolean {
  const [isPainted, setPainted] = useState(false);
  useEffect(() => (isThere ? afterPaint(() => setPainted(true)) : undefined), [isThere]);
  return isPainted;
}
