"use client";

import { type ReactNode, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { usePlaceInAddress } from "@/components/table/use-place-in-address.ts";
import { Button } from "@/components/ui/button.tsx";
import { Freshness } from "@/components/ui/freshness.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import type { JobOrder } from "@/domain/history-job/job-list.ts";
import type { HistoryJobListDto } from "@/domain/history-job/schema.ts";
import { JobsTable } from "./jobs-table.tsx";
import { useJobRows } from "./use-job-rows.ts";
import { jobsWords } from "./words.ts";

type JobRowsProps = {
  /** The filters and the order, as the address has them. */
  query: string;
  initial: HistoryJobListDto;
  /** The place that it begins behind; null for the list's beginning. */
  after: string | null;
  order: JobOrder;
  /** Another list is being read. */
  isReading: boolean;
  onOrder: (order: JobOrder) => void;
  /** Told the place that the rows on screen are behind, once the screen stands still. */
  onPlace: (place: string | null) => void;
  /** Stands where no job matches. */
  none: ReactNode;
};

/** How many jobs there are and how fresh their rows, above the rows themselves. When they can't be renewed, the last data stays. */
export function JobRows({ query, initial, after, order, isReading, onOrder, onPlace, none }: JobRowsProps) {
  const words = useWords(jobsWords);
  const { jobs, extent, pages, watch, place, readFromStart, setOnScreen } = useJobRows(query, initial, after);
  usePlaceInAddress(place, onPlace);
  // Of the list that was on screen when it was asked for.
  const [asked, setAsked] = useState<{ query: string; start: "reading" | "failed" } | null>(null);
  const start = asked?.query === query ? asked.start : "none";
  const { newerCount, now } = watch.data;

  const showStart = async () => {
    setAsked({ query, start: "reading" });
    setAsked(
      await readFromStart().then(
        () => null,
        () => ({ query, start: "failed" as const }),
      ),
    );
  };

  return (
    <div aria-busy={isReading}>
      <div className="mb-2 flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2">
        <span className="tabular-nums">{isReading ? words.reading : words.count(extent.totalCount)}</span>
        {(newerCount > 0 || extent.beforeCount > 0) && (
          <Button
            size="small"
            aria-disabled={start === "reading"}
            onClick={() => start !== "reading" && void showStart()}
          >
            {start === "reading"
              ? words.reading
              : extent.beforeCount > 0
                ? words.showStart(extent.beforeCount)
                : words.showNewer(newerCount)}
          </Button>
        )}
        {start === "failed" && <span className="text-warn">{words.readFailed}</span>}
        <span className="ml-auto inline-block min-w-[18ch] first-letter:uppercase max-sm:ml-0">
          <Freshness updatedAt={watch.dataUpdatedAt} asOf={now} error={watch.error} />
        </span>
      </div>
      {jobs.length === 0 ? (
        none
      ) : (
        <JobsTable
          jobs={jobs}
          extent={extent}
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
