"use client";

import Link from "next/link";
import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { ReadAgain } from "@/components/ui/read-again.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import type { HistoryJobListDto } from "@/domain/history-job/schema.ts";
import { JobFilters } from "./job-filters.tsx";
import { jobFilterParameters, jobParameters } from "./job-parameters.ts";
import { JobRows } from "./job-rows.tsx";
import { jobsWords } from "./words.ts";

type JobListProps = {
  /** The filters and the order that `initial` was read by, which those on screen may be ahead of. */
  query: string;
  initial: HistoryJobListDto;
  /** Of all jobs, whatever the filters. */
  trailNames: readonly string[];
};

/** All jobs of the account, filtered and in an order that the address names, and kept fresh. */
export function JobList({ query, initial, trailNames }: JobListProps) {
  const words = useWords(jobsWords);
  const [isReading, startReading] = useTransition();
  const [parameters, setParameters] = useQueryStates(jobParameters, { shallow: false, startTransition: startReading });
  const isFiltered = Object.keys(jobFilterParameters).some(
    (name) => parameters[name as keyof typeof parameters] !== null,
  );
  const isEmpty = trailNames.length === 0;
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      {isEmpty ? (
        <>
          <NoJobs />
          <ReadAgain now={initial.now} />
        </>
      ) : (
        <>
          <JobFilters
            parameters={parameters}
            trailNames={trailNames}
            isFiltered={isFiltered}
            onChange={(changed, options) => void setParameters(changed, options)}
          />
          <JobRows
            query={query}
            initial={initial}
            order={parameters.order}
            isReading={isReading}
            onOrder={(order) => void setParameters({ order })}
            none={
              <StatePanel
                title={words.noMatch}
                action={<Button onClick={() => void setParameters(null)}>{words.clear}</Button>}
              >
                {words.noMatchWhy}
              </StatePanel>
            }
          />
        </>
      )}
    </>
  );
}

function NoJobs() {
  const words = useWords(jobsWords);
  return (
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
  );
}
