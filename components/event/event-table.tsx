"use client";

import { type Row, useTable } from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { EventDto } from "@/domain/event/schema.ts";
import { EventCell } from "./event-cell.tsx";
import { COLUMN_CLASSES, eventTableFeatures, useEventColumns } from "./event-columns.tsx";
import { type EventRef, writeEventRef } from "./event-ref.ts";
import { eventWords } from "./words.ts";

type EventTableProps = {
  events: readonly EventDto[];
  open: EventRef | null;
  onOpen: (event: EventRef) => void;
  /** Asks for the next rows; called often while the end is near. */
  onNearEnd: () => void;
  /** The address of the page with this event open. */
  hrefOf: (event: EventRef) => string;
};

const ROW_HEIGHT = 40;

/** Rows before the end at which the next are asked for, so that whoever scrolls at leisure never waits. */
const NEAR_END_ROWS = 30;

/** What the server draws: as much as a large screen shows. */
const FIRST_SCREEN = { width: 1_280, height: 1_000 };

const KEY_STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 };

/** Events, of which only those near the screen are drawn. Arrow and page keys move from event to event, Enter opens one. */
export const EventTable = memo(function EventTable({ events, open, onOpen, onNearEnd, hrefOf }: EventTableProps) {
  const words = useWords(eventWords);
  const columns = useEventColumns();
  const body = useRef<HTMLTableSectionElement>(null);
  const offset = useOffset(body);
  const table = useTable({
    features: eventTableFeatures,
    columns,
    data: events as EventDto[],
    getRowId: writeEventRef,
  });
  const { rows } = table.getRowModel();
  const virtualizer = useWindowVirtualizer<HTMLTableRowElement>({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    scrollMargin: offset,
    initialRect: FIRST_SCREEN,
  });
  const drawn = virtualizer.getVirtualItems();
  const lastDrawn = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && lastDrawn >= rows.length - NEAR_END_ROWS) {
      onNearEnd();
    }
  }, [lastDrawn, rows.length, onNearEnd]);

  const move = (event: KeyboardEvent) => {
    const step = KEY_STEPS[event.key];
    const row = event.target instanceof HTMLElement ? event.target.closest("tr") : null;
    const index = Number(row?.dataset.index ?? Number.NaN);
    if (step === undefined || Number.isNaN(index)) {
      return;
    }
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, index + step));
    virtualizer.scrollToIndex(next);
    focusWhenDrawn(body.current, next);
  };

  const before = (drawn[0]?.start ?? offset) - offset;
  const after = virtualizer.getTotalSize() - ((drawn.at(-1)?.end ?? offset) - offset);
  const openId = open === null ? null : writeEventRef(open);
  return (
    <div className="rounded-card border border-line bg-card">
      <Table className="table-fixed" aria-label={words.table} aria-rowcount={-1}>
        <TableHead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <TableHeader key={header.id} className={COLUMN_CLASSES[header.column.id]}>
                  <table.FlexRender header={header} />
                </TableHeader>
              ))}
            </tr>
          ))}
        </TableHead>
        <TableBody ref={body} onKeyDown={move}>
          <Room height={before} />
          {drawn.map(({ index }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <EventRow
                key={row.id}
                row={row}
                index={index}
                isOpen={row.id === openId}
                measure={virtualizer.measureElement}
                onOpen={onOpen}
                hrefOf={hrefOf}
              />
            );
          })}
          <Room height={after} />
        </TableBody>
      </Table>
    </div>
  );
});

type EventRowProps = Pick<EventTableProps, "onOpen" | "hrefOf"> & {
  row: Row<typeof eventTableFeatures, EventDto>;
  index: number;
  isOpen: boolean;
  measure: (row: HTMLTableRowElement | null) => void;
};

/** Drawn again only when it is another event's, or opened or closed: scrolling moves some twenty of them at every step. */
const EventRow = memo(function EventRow({ row, index, isOpen, measure, onOpen, hrefOf }: EventRowProps) {
  const words = useWords(eventWords);
  const href = hrefOf(row.original);
  return (
    <TableRow
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      className="hover:bg-sunk aria-selected:bg-accent-soft"
    >
      {row.getAllCells().map(({ id, column }) => (
        <TableCell
          key={id}
          label={words.columns[column.id as keyof typeof words.columns]}
          className={`${COLUMN_CLASSES[column.id]} sm:h-10 sm:py-1`}
        >
          <EventCell column={column.id} event={row.original} href={href} onOpen={() => onOpen(row.original)} />
        </TableCell>
      ))}
    </TableRow>
  );
});

/** Keeps the place of rows that are not drawn. One cell: spanning columns that are hidden it would make them anew. */
function Room({ height }: { height: number }) {
  return height <= 0 ? null : (
    <tr aria-hidden className="max-sm:block">
      <td className="p-0 max-sm:block" style={{ height }} />
    </tr>
  );
}

/** Where an element begins on the page; what stands above it may change its height. */
function useOffset(element: { current: HTMLElement | null }): number {
  const [offset, setOffset] = useState(0);
  useEffect(() => {
    const measure = () => {
      const top = element.current?.getBoundingClientRect().top;
      setOffset((last) => (top === undefined ? last : Math.round(top + window.scrollY)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return offset;
}

/** A row that was far away is drawn a frame or two after it is scrolled to. */
function focusWhenDrawn(body: HTMLElement | null, index: number, triesLeft = 20): void {
  const link = body?.querySelector<HTMLElement>(`tr[data-index="${index}"] [data-event-link]`);
  if (link) {
    link.focus({ preventScroll: true });
  } else if (triesLeft > 0) {
    requestAnimationFrame(() => focusWhenDrawn(body, index, triesLeft - 1));
  }
}
