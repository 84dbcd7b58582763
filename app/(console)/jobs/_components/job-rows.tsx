"use client";

import { type ReactNode, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Freshness } from "@/components/ui/freshness.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { uiWords } from "@/components/ui/words.ts";
import type { JobOrder } from "@/domain/history-job/job-list.ts";
import type { HistoryJobListDto } from "@/domain/history-job/schema.ts";
import { JobsTable } from "./jobs-table.tsx";
import { useJobRows } from "./use-job-rows.ts";
import { jobsWords } from "./words.ts";

type JobRowsProps = {
  /** The filters and the order, as the address has them. */
  query: string;
  initial: HistoryJobListDto;
  order: JobOrder;
  /** Another list is being read. */
  isReading: boolean;
  onOrder: (order: JobOrder) => void;
  /** Stands where no job matches. */
  none: ReactNode;
};

/** How many jobs there are and how fresh their rows, above the rows themselves. When they can't be renewed, the last data stays. */
export function JobRows({ query, initial, order, isReading, onOrder, none }: JobRowsProps) {
  const words = useWords(jobsWords);
  const { readAgain } = useWords(uiWords);
  const { jobs, totalCount, hasCome, pages, watch, showNewer, setOnScreen } = useJobRows(query, initial);
  // Of the list that was on screen when it was asked for.
  const [asked, setAsked] = useState<{ query: string; newer: "reading" | "failed" } | null>(null);
  const newer = asked?.query === query ? asked.newer : "none";
  const { newerCount, now } = watch.data;
  const phase = new URLSearchParams(query).get("phase");
  // Their rows stay where they are, as all do, until the list is asked for again.
  const hasLeft = phase !== null && jobs.some((job) => job.phase !== phase);

  const show = async () => {
    setAsked({ query, newer: "reading" });
    setAsked(
      await showNewer().then(
        () => null,
        () => ({ query, newer: "failed" as const }),
      ),
    );
  };

  return (
    <div aria-busy={isReading}>
      <div className="mb-2 flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2">
        <span className="tabular-nums">{isReading ? words.reading : words.count(totalCount)}</span>
        {hasLeft && <span>{words.hasLeft}</span>}
        {hasCome && <span>{words.hasCome}</span>}
        {(newerCount > 0 || hasLeft || hasCome) && (
          <Button size="small" aria-disabled={newer === "reading"} onClick={() => newer !== "reading" && void show()}>
            {newer === "reading" ? words.reading : newerCount > 0 ? words.showNewer(newerCount) : readAgain}
          </Button>
        )}
        {newer === "failed" && <span className="text-warn">{words.readFailed}</span>}
        <span className="ml-auto inline-block min-w-[18ch] first-letter:uppercase max-sm:ml-0">
          <Freshness updatedAt={watch.dataUpdatedAt} asOf={now} error={watch.error} />
        </span>
      </div>
      {jobs.length === 0 ? (
        none
      ) : (
        <JobsTable
          jobs={jobs}
          totalCount={totalCount}
          now={now}
          order={order}
          onOrder={onOrder}
          onScreen={setOnScreen}
          hasMore={pages.hasNextPage}
          isReadingMore={pages.isFetchingNextPage}
          onMore={() => void pages.fetchNextPage()}
          failure={
            pages.isFetchNextPageError ? (
              <Notice look="warn">
                {words.readFailed}{" "}
                <Button size="small" onClick={() => void pages.fetchNextPage()}>
                  {words.tryAgain}
                </Button>
              </Notice>
            ) : null
          }
        />
      )}
    </div>
  );
}
