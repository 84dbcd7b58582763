"use client";

import { createColumnHelper, FlexRender, type Row, tableFeatures, useTable } from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { ClientToken } from "@/components/history-job/client-token.tsx";
import { JobNumber, JobPhaseNotes, JobStarted, JobTrail } from "@/components/history-job/job-cells.tsx";
import { JobPace } from "@/components/history-job/job-pace.tsx";
import { JobProgress } from "@/components/history-job/job-progress.tsx";
import { type HistoryJobWords, historyJobWords } from "@/components/history-job/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { JobOrder } from "@/domain/history-job/job-list.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { jobsWords } from "./words.ts";

/** A row of two lines, until it has been measured; pixels. */
const ROW_HEIGHT = 60;

/** Rows drawn beyond the screen, so that none is missing while one scrolls or tabs on. */
const OVERSCAN = 8;

/** As tall a screen as is drawn by the server, which knows none. */
const FIRST_HEIGHT = 900;

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, HistoryJobDto>();

/** The orders that a column's head goes through. */
const ORDERS_OF_COLUMN: Readonly<Record<string, readonly [JobOrder, JobOrder]>> = {
  progress: ["largest", "smallest"],
  started: ["newest", "oldest"],
};

function columnsOf(words: HistoryJobWords, now: string) {
  return helper.columns([
    helper.display({ id: "job", header: words.job, cell: ({ row }) => <JobNumber jobId={row.original.id} /> }),
    helper.display({
      id: "phase",
      header: words.phase,
      cell: ({ row }) => <JobPhaseNotes job={row.original} now={now} />,
    }),
    helper.display({
      id: "trail",
      header: words.trail,
      cell: ({ row }) => <JobTrail trailName={row.original.trailName} />,
    }),
    helper.display({
      id: "progress",
      header: words.progress,
      cell: ({ row: { original: job } }) => <JobProgress jobId={job.id} phase={job.phase} ledger={job} />,
    }),
    helper.display({ id: "rate", header: words.rate, cell: ({ row }) => <JobPace job={row.original} /> }),
    helper.display({
      id: "started",
      header: words.started,
      cell: ({ row }) => <JobStarted job={row.original} now={now} />,
    }),
    helper.display({
      id: "token",
      header: words.clientToken,
      cell: ({ row }) => <ClientToken clientToken={row.original.clientToken} isShort />,
    }),
  ]);
}

/** Fixed, because widths that follow the rows on screen would change as one scrolls. */
const WIDTHS: Readonly<Record<string, string>> = {
  job: "w-[7%]",
  phase: "w-[15%]",
  trail: "w-[15%]",
  progress: "w-[20%]",
  rate: "w-[11%]",
  started: "w-[20%]",
  token: "w-[12%]",
};

type JobsTableProps = {
  jobs: readonly HistoryJobDto[];
  /** Of the whole list, read or not. */
  totalCount: number;
  now: string;
  order: JobOrder;
  onOrder: (order: JobOrder) => void;
  /** Told the ids of the rows that are drawn. */
  onScreen: (ids: readonly number[]) => void;
  hasMore: boolean;
  isReadingMore: boolean;
  onMore: () => void;
  /** Why no more rows came; null when nothing is wrong. */
  failure: ReactNode;
};

/** Any number of jobs, of which only those on screen and around are drawn. */
export function JobsTable(props: JobsTableProps) {
  const { jobs, totalCount, now, order, onOrder, onScreen, hasMore, isReadingMore, onMore, failure } = props;
  const words = useWords(jobsWords);
  const jobWords = useWords(historyJobWords);
  const columns = useMemo(() => columnsOf(jobWords, now), [jobWords, now]);
  const table = useTable({ features, columns, data: jobs, getRowId: ({ id }) => String(id) });
  const rows = table.getRowModel().rows;
  const { body, virtualizer } = useRows(jobs);
  const items = virtualizer.getVirtualItems();
  const top = (items.at(0)?.start ?? 0) - virtualizer.options.scrollMargin;
  const bottom = virtualizer.getTotalSize() - ((items.at(-1)?.end ?? 0) - virtualizer.options.scrollMargin);
  const lastDrawn = items.at(-1)?.index ?? 0;
  const drawnIds = items.map(({ index }) => jobs[index]?.id ?? 0).join(",");
  const isNearEnd = lastDrawn >= jobs.length - OVERSCAN;

  useEffect(() => onScreen(drawnIds.split(",").map(Number)), [drawnIds, onScreen]);
  const mayRead = isNearEnd && hasMore && !isReadingMore && failure === null;
  useEffect(() => {
    if (mayRead) {
      onMore();
    }
  }, [mayRead, onMore]);

  return (
    <Card className="overflow-x-auto">
      <Table className="table-fixed sm:min-w-[900px]" aria-rowcount={totalCount + 1}>
        <TableHead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header) => (
                <Head
                  key={header.id}
                  id={header.column.id}
                  order={order}
                  onOrder={onOrder}
                  label={<table.FlexRender header={header} />}
                />
              ))}
            </tr>
          ))}
        </TableHead>
        <TableBody ref={body}>
          <Space height={top} />
          {items.map(({ index, key }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <JobsRow key={key} row={row} columns={columns} index={index} measure={virtualizer.measureElement} />
            );
          })}
          <Space height={bottom} />
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

type JobsRowProps = {
  row: Row<typeof features, HistoryJobDto>;
  columns: ReturnType<typeof columnsOf>;
  index: number;
  measure: (element: HTMLTableRowElement | null) => void;
};

/** Drawn again only when its job, or the moment that its times are told from, is another: not while one scrolls past it. */
const JobsRow = memo(
  function JobsRow({ row, index, measure }: JobsRowProps) {
    return (
      <TableRow ref={measure} data-index={index} aria-rowindex={index + 2}>
        {row.getAllCells().map((cell) => {
          const { id, columnDef } = cell.column;
          return (
            <TableCell
              key={id}
              {...(id === "job" ? {} : { label: String(columnDef.header) })}
              className={id === "rate" ? "text-right tabular-nums" : undefined}
            >
              <FlexRender cell={cell} />
            </TableCell>
          );
        })}
      </TableRow>
    );
  },
  (before, after) =>
    before.row.original === after.row.original &&
    before.columns === after.columns &&
    before.index === after.index &&
    before.measure === after.measure,
);

/** Which rows are to be drawn: those on the window's screen and a few around. */
function useRows(jobs: readonly HistoryJobDto[]) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useEffect(() => {
    const measure = () => {
      const top = body.current?.getBoundingClientRect().top ?? 0;
      setScrollMargin(Math.round(top + window.scrollY));
    };
    measure();
    // What stands above changes its height with the window's width and with what it has to say.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const virtualizer = useWindowVirtualizer<HTMLTableRowElement>({
    count: jobs.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => jobs[index]?.id ?? index,
    overscan: OVERSCAN,
    scrollMargin,
    initialRect: { width: 0, height: FIRST_HEIGHT },
  });
  return { body, virtualizer };
}

/** The room of the rows that are not drawn. */
function Space({ height }: { height: number }) {
  return height <= 0 ? null : (
    <tr aria-hidden className="max-sm:block" style={{ height }}>
      <td className="p-0" />
    </tr>
  );
}

type HeadProps = { id: string; order: JobOrder; onOrder: (order: JobOrder) => void; label: ReactNode };

/** A column's head; pressing that of a column with orders goes from one to the other. */
function Head({ id, order, onOrder, label }: HeadProps) {
  const words = useWords(jobsWords);
  const [down, up] = ORDERS_OF_COLUMN[id] ?? [];
  if (down === undefined || up === undefined) {
    return <TableHeader className={`${WIDTHS[id]} ${id === "rate" ? "text-right" : ""}`}>{label}</TableHeader>;
  }
  const sorted = order === down ? "descending" : order === up ? "ascending" : undefined;
  return (
    <TableHeader className={WIDTHS[id]} aria-sort={sorted ?? "none"}>
      <button
        type="button"
        title={words.orders[order === down ? up : down]}
        onClick={() => onOrder(order === down ? up : down)}
        className="rounded-cell underline-offset-2 hover:text-ink hover:underline"
      >
        {label} <span aria-hidden>{sorted === undefined ? "↕" : sorted === "descending" ? "↓" : "↑"}</span>
      </button>
    </TableHeader>
  );
}
