"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { historyJobPageQuery } from "@/components/history-job/history-job-queries.ts";
import { JobTable } from "@/components/history-job/job-table.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Freshness } from "@/components/ui/freshness.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import type { HistoryJobPageDto } from "@/domain/history-job/schema.ts";
import { JOBS_PAGE_SIZE } from "./paging.ts";
import { jobsWords } from "./words.ts";

type JobListProps = { page: number; initial: HistoryJobPageDto };

/** One page of jobs, kept fresh. When it can't be renewed, the last data stays and the page says so. */
export function JobList({ page, initial }: JobListProps) {
  const words = useWords(jobsWords);
  const { data, dataUpdatedAt, error } = useQuery({ ...historyJobPageQuery(page), initialData: initial });
  return (
    <>
      <PageHead
        title={words.title}
        below={words.purpose}
        action={
          <span className="inline-block text-sm text-ink-2 first-letter:uppercase">
            <Freshness updatedAt={dataUpdatedAt} asOf={data.now} error={error} />
          </span>
        }
      />
      {data.jobs.length > 0 && <JobTable jobs={data.jobs} now={data.now} />}
      {data.jobs.length === 0 && <NoJobs isFirstPage={page === 1} />}
      <Paging page={page} shownCount={data.jobs.length} totalCount={data.totalCount} />
    </>
  );
}

function NoJobs({ isFirstPage }: { isFirstPage: boolean }) {
  const words = useWords(jobsWords);
  return isFirstPage ? (
    <StatePanel
      title={words.noJobs}
      action={
        <Button asChild>
          <Link href="/trails">{words.goToTrails}</Link>
        </Button>
      }
    >
      {words.noJobsWhy}
    </StatePanel>
  ) : (
    <StatePanel
      title={words.noJobsHere}
      action={
        <Button asChild>
          <Link href="/jobs">{words.goToNewest}</Link>
        </Button>
      }
    >
      {words.noJobsHereWhy}
    </StatePanel>
  );
}

type PagingProps = { page: number; shownCount: number; totalCount: number };

/** The page is in the address, so that a list can be shared and gone back to. */
function Paging({ page, shownCount, totalCount }: PagingProps) {
  const words = useWords(jobsWords);
  const first = (page - 1) * JOBS_PAGE_SIZE + 1;
  const last = first + shownCount - 1;
  if (shownCount === 0 || totalCount <= JOBS_PAGE_SIZE) {
    return null;
  }
  return (
    <nav aria-label={words.pages} className="mt-3 flex items-center gap-2 text-sm text-ink-2">
      <span className="mr-auto tabular-nums">{words.shown(first, last, totalCount)}</span>
      {page > 1 && (
        <Button size="small" asChild>
          <Link href={page === 2 ? "/jobs" : `/jobs?page=${page - 1}`} rel="prev">
            {words.newer}
          </Link>
        </Button>
      )}
      {last < totalCount && (
        <Button size="small" asChild>
          <Link href={`/jobs?page=${page + 1}`} rel="next">
            {words.older}
          </Link>
        </Button>
      )}
    </nav>
  );
}
