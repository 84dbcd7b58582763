"use client";

import { useTable } from "@tanstack/react-table";
import { memo, type ReactNode, useDeferredValue, useEffect, useMemo, useState } from "react";
import { jobFeatures, useJobColumns } from "@/components/history-job/job-columns.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { type ColumnSort, ListHead } from "@/components/table/list-head.tsx";
import { ListCells } from "@/components/table/list-row.tsx";
import { RowSpace, useVirtualRows } from "@/components/table/virtual-rows.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Table, TableBody, TableRow } from "@/components/ui/table.tsx";
import type { JobOrder } from "@/domain/history-job/job-list.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { WATCHED_STEP } from "./use-job-rows.ts";
import { jobsWords } from "./words.ts";

/** A row of two lines. */
const ROW_HEIGHT = 60;
const OVERSCAN = 4;

/** The orders that a column's head goes through, the falling one first. */
const ORDERS_OF_COLUMN: Readonly<Record<string, readonly [JobOrder, JobOrder]>> = {
  progress: ["largest", "smallest"],
  started: ["newest", "oldest"],
};

type JobsTableProps = {
  jobs: readonly HistoryJobDto[];
  /** Of the whole list, read or not. */
  totalCount: number;
  now: string;
  order: JobOrder;
  onOrder: (order: JobOrder) => void;
  /** Told the ids of the rows that are drawn, with some around them. */
  onScreen: (ids: readonly number[]) => void;
  hasMore: boolean;
  isReadingMore: boolean;
  onMore: () => void;
  /** Why no more rows came; null when nothing is wrong. */
  failure: ReactNode;
};

/** Any number of jobs, of which only those on screen and around are drawn, and known to the table. */
export function JobsTable(props: JobsTableProps) {
  const { jobs, totalCount, now, order, onOrder, onScreen, hasMore, isReadingMore, onMore, failure } = props;
  const words = useWords(jobsWords);
  const { body, first, end, before, after } = useVirtualRows({
    rows: jobs,
    idOf: idOfJob,
    rowHeight: ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const slots = useSlots(end - first);
  const drawn = useMemo(() => jobs.slice(first, end), [jobs, first, end]);
  const table = useTable({
    features: jobFeatures,
    columns: useJobColumns(),
    data: drawn,
    getRowId: idOfJob,
    meta: { now },
  });

  const watchedFrom = first - (first % WATCHED_STEP);
  const watchedEnd = Math.ceil(end / WATCHED_STEP) * WATCHED_STEP;
  const watchedIds = useMemo(
    () => jobs.slice(watchedFrom, watchedEnd).map(({ id }) => id),
    [jobs, watchedFrom, watchedEnd],
  );
  useEffect(() => onScreen(watchedIds), [watchedIds, onScreen]);
  const isNearEnd = end > jobs.length - OVERSCAN;
  const mayRead = isNearEnd && hasMore && !isReadingMore && failure === null;
  useEffect(() => {
    if (mayRead) {
      onMore();
    }
  }, [mayRead, onMore]);

  return (
    <Card className="overflow-x-auto">
      {/* Fixed, because widths that follow the rows on screen would change as one scrolls. */}
      <Table className="table-fixed lg:min-w-[900px]" aria-rowcount={totalCount + 1}>
        <ListHead table={table} sortOf={(id) => sortOf(id, order, onOrder, words.orders)} />
        <TableBody ref={body}>
          <RowSpace height={before} />
          {table.getRowModel().rows.map((row) => (
            <JobsRow
              // As one scrolls on, a row that came into view takes over what one that left it was drawn with; one that stays keeps its own.
              key={(first + row.index) % slots}
              row={row}
              index={first + row.index}
              now={now}
            />
          ))}
          <RowSpace height={after} />
        </TableBody>
      </Table>
      {hasMore && (
        <div className="flex min-h-11 items-center border-t border-line px-3.5 py-2 text-sm text-ink-2">
          {failure ?? (
            <Button size="small" aria-disabled={isReadingMore} onClick={() => !isReadingMore && onMore()}>
              {isReadingMore ? words.reading : words.more(jobs.length, totalCount)}
            </Button>
          )}
        </div>
      )}
    </Card>
  );
}

/**
 * Among how many elements the rows are dealt out in turn: as many as were ever drawn at a time, and some more. Where their number is the
 * present one, which changes with each row that is half in view, each of them would be another row's with every change.
 */
function useSlots(drawnCount: number): number {
  const [slots, setSlots] = useState(drawnCount + OVERSCAN + 1);
  if (drawnCount > slots) {
    setSlots(drawnCount + OVERSCAN + 1);
  }
  return slots;
}

function idOfJob({ id }: HistoryJobDto): string {
  return String(id);
}

function sortOf(
  columnId: string,
  order: JobOrder,
  onOrder: (order: JobOrder) => void,
  hints: Readonly<Record<JobOrder, string>>,
): ColumnSort | undefined {
  const orders = ORDERS_OF_COLUMN[columnId];
  if (orders === undefined) {
    return undefined;
  }
  const [down, up] = orders;
  const next = order === down ? up : down;
  const sorted = order === down ? "desc" : order === up ? "asc" : false;
  return { sorted, onSort: () => onOrder(next), hint: hints[next] };
}

type DrawnJob = {
  row: Parameters<typeof ListCells<typeof jobFeatures, HistoryJobDto>>[0]["row"];
  /** The moment that its times are told from. */
  now: string;
};

type JobsRowProps = DrawnJob & { index: number };

/**
 * A row, which takes over the element of one that has left. It is blank until there is time to draw it: whoever flings the list comes by
 * dozens at a time, gone before they could be read, and would have to wait for each. The moment of a poll, which all rows get at once, is drawn
 * in such time, too.
 */
function JobsRow({ row, index, now }: JobsRowProps) {
  const isLate = useDeferredValue(index) !== index;
  const rowBefore = useDeferredValue(row);
  const drawnNow = useDeferredValue(now);
  return (
    <TableRow data-index={index} aria-rowindex={index + 2} className={isLate ? "invisible" : undefined}>
      <JobCells row={isLate ? rowBefore : row} now={drawnNow} />
    </TableRow>
  );
}

/** Drawn again only when its job, or the moment that its times are told from, is another: not while one scrolls past it. */
const JobCells = memo(
  function JobCells({ row }: DrawnJob) {
    return <ListCells row={row} />;
  },
  (one, other) => one.row.original === other.row.original && one.now === other.now,
);
