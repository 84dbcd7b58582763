"use client";

import { type Row, useTable } from "@tanstack/react-table";
import { type KeyboardEvent, memo, useEffect, useMemo } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { ListHead } from "@/components/table/list-head.tsx";
import { ListRow } from "@/components/table/list-row.tsx";
import { ListSkeleton } from "@/components/table/list-table.tsx";
import { RowSpace, useVirtualRows } from "@/components/table/virtual-rows.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Table, TableBody } from "@/components/ui/table.tsx";
import type { EventDto } from "@/domain/event/schema.ts";
import { eventFeatures, useEventColumns } from "./event-columns.tsx";
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
const OVERSCAN = 12;

/** Rows before the end at which the next are asked for, so that whoever scrolls at leisure never waits. */
const NEAR_END_ROWS = 30;

const KEY_STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 };

/**
 * Events, of which only those near the screen are drawn and known to the table. Arrow and page keys move from event to event, Enter
 * opens one.
 */
export const EventTable = memo(function EventTable({ events, open, onOpen, onNearEnd, hrefOf }: EventTableProps) {
  const words = useWords(eventWords);
  const { body, first, end, before, after, scrollToIndex } = useVirtualRows({
    rows: events,
    idOf: writeEventRef,
    rowHeight: ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const table = useTable({
    features: eventFeatures,
    columns: useEventColumns(),
    data: useMemo(() => events.slice(first, end), [events, first, end]),
    getRowId: writeEventRef,
    meta: { hrefOf, onOpen },
  });
  useEffect(() => {
    if (events.length > 0 && end > events.length - NEAR_END_ROWS) {
      onNearEnd();
    }
  }, [end, events.length, onNearEnd]);

  const move = (event: KeyboardEvent) => {
    const step = KEY_STEPS[event.key];
    const row = event.target instanceof HTMLElement ? event.target.closest("tr") : null;
    const index = Number(row?.dataset.index ?? Number.NaN);
    if (step === undefined || Number.isNaN(index)) {
      return;
    }
    event.preventDefault();
    const next = Math.min(events.length - 1, Math.max(0, index + step));
    scrollToIndex(next);
    focusWhenDrawn(body.current, next);
  };

  const openId = open === null ? null : writeEventRef(open);
  return (
    <Card>
      <Table className="table-fixed" aria-label={words.table} aria-rowcount={-1}>
        <ListHead table={table} />
        <TableBody ref={body} onKeyDown={move}>
          <RowSpace height={before} />
          {table.getRowModel().rows.map((row) => (
            <EventRow key={row.id} row={row} index={first + row.index} isOpen={row.id === openId} hrefOf={hrefOf} />
          ))}
          <RowSpace height={after} />
        </TableBody>
      </Table>
    </Card>
  );
});

type EventRowProps = Pick<EventTableProps, "hrefOf"> & {
  row: Row<typeof eventFeatures, EventDto>;
  index: number;
  isOpen: boolean;
};

/** Drawn again only when it is another event's, opened or closed, or leads elsewhere: scrolling moves some twenty of them at every step. */
const EventRow = memo(
  function EventRow({ row, index, isOpen }: EventRowProps) {
    return (
      <ListRow
        row={row}
        data-index={index}
        aria-rowindex={index + 2}
        aria-selected={isOpen}
        className="hover:bg-sunk aria-selected:bg-accent-soft"
      />
    );
  },
  (one, other) =>
    one.row.original === other.row.original &&
    one.index === other.index &&
    one.isOpen === other.isOpen &&
    one.hrefOf === other.hrefOf,
);

/** A row that was far away is drawn a frame or two after it is scrolled to. */
function focusWhenDrawn(body: HTMLElement | null, index: number, triesLeft = 20): void {
  const link = body?.querySelector<HTMLElement>(`tr[data-index="${index}"] [data-event-link]`);
  if (link) {
    link.focus({ preventScroll: true });
  } else if (triesLeft > 0) {
    requestAnimationFrame(() => focusWhenDrawn(body, index, triesLeft - 1));
  }
}

const SKELETON_ROWS = 10;
const NO_EVENTS: EventDto[] = [];

/** The table's skeleton twin. */
export function EventTableSkeleton() {
  const table = useTable({ features: eventFeatures, columns: useEventColumns(), data: NO_EVENTS });
  return (
    <Card>
      <ListSkeleton table={table} rowCount={SKELETON_ROWS} className="table-fixed" />
    </Card>
  );
}
