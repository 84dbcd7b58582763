"use client";

import {
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  useEffect,
  useRef,
  useState,
} from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { progressOf } from "@/domain/history-job/history-job.ts";
import type { DeliverySliceDto, SliceVerificationDto } from "@/domain/history-job/schema.ts";
import { isDifferent, type SliceFindings, sliceKey } from "./slice-findings.ts";
import { type CellPosition, moveByKey, type SliceGrid } from "./slice-grid.ts";
import { SLICE_STATE_LOOKS, SLICE_STATE_SIGNS } from "./slice-looks.ts";
import { type JobPageWords, jobPageWords } from "./words.ts";

/** Room for a region's name; pixels. */
const NAME_WIDTH = 122;

/** Less than this and a mark in a cell can't be read; where there is no room for all days, they scroll behind the names. Pixels. */
const CELL_WIDTH_MIN = 9;

/** Days that one label of the scale stands over; fewer at the end have no room for theirs. */
const WEEK = 7;
const LABEL_DAYS_MIN = 4;

/** Of a row and of the scale above them, with the space that follows each; pixels. */
const ROW_HEIGHT = 21;
const SCALE_HEIGHT = 22;

/** How tall the grid of so many regions will be once it is drawn; pixels. */
export function heightOfCells(regionCount: number): number {
  return SCALE_HEIGHT + regionCount * ROW_HEIGHT;
}

/** Rows drawn in one frame: so few that a page stays quick meanwhile, so many that all of them are there at a glance. */
const ROWS_AT_ONCE = 9;

/** How many of the rows are drawn so far: some more in each frame, until it is all. */
function useRowsInTurns(rowCount: number): number {
  const [drawn, setDrawn] = useState(ROWS_AT_ONCE);
  useEffect(() => {
    if (drawn >= rowCount) {
      return;
    }
    const frame = requestAnimationFrame(() => setDrawn(drawn + ROWS_AT_ONCE));
    return () => cancelAnimationFrame(frame);
  }, [drawn, rowCount]);
  return drawn;
}

type SliceCellsProps = {
  grid: SliceGrid;
  findings: SliceFindings;
  opened: CellPosition | null;
  onOpen: (position: CellPosition) => void;
};

/**
 * The cells as one stop of the Tab key: arrow keys, Home and End move inside, Enter opens. 26 regions by 91 days are 2,366 cells: each is one
 * element with no more than its name and its look, the table listens for all of them, knows which is which by where it stands and says
 * their names on hover, and a poll draws anew only the rows in which something has changed.
 */
export function SliceCells({ grid, findings, opened, onOpen }: SliceCellsProps) {
  const words = useWords(jobPageWords);
  const [focused, setFocused] = useState<CellPosition>(opened ?? { row: 0, column: 0 });
  const table = useRef<HTMLTableElement>(null);
  const drawnRows = useRowsInTurns(grid.rows.length);

  const onKeyDown = (event: KeyboardEvent) => {
    const from = positionOf(event.target);
    if (from === null) {
      return;
    }
    const to = moveByKey(event.key, from, grid);
    if (to !== null) {
      event.preventDefault();
      table.current?.tBodies[0]?.rows[to.row]?.cells[to.column + CELLS_BEFORE]?.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onOpen(from);
    }
  };

  const onFocus = (event: FocusEvent) => setFocused(positionOf(event.target) ?? focused);

  const onClick = (event: MouseEvent) => {
    const position = positionOf(event.target);
    if (position !== null) {
      onOpen(position);
    }
  };

  const onMouseOver = (event: MouseEvent) => {
    const cell = cellOf(event.target);
    if (cell !== null) {
      cell.title = cell.ariaLabel ?? "";
    }
  };

  return (
    <table
      ref={table}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is what a table with moving focus is called.
      role="grid"
      aria-label={words.gridLabel}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onClick={onClick}
      onMouseOver={onMouseOver}
      style={
        {
          height: heightOfCells(grid.rows.length),
          "--grid-min": `${NAME_WIDTH + grid.days.length * CELL_WIDTH_MIN}px`,
          "--grid-columns": `${NAME_WIDTH}px repeat(${grid.days.length}, minmax(0, 1fr))`,
        } as CSSProperties
      }
      // Paper does not scroll: there the cells are as narrow as they have to be.
      className="block w-full min-w-(--grid-min) print:min-w-0"
    >
      <Scale days={grid.days} words={words} />
      <tbody className="block">
        {grid.rows.slice(0, drawnRows).map(({ region, cells }, row) => (
          <SliceRow
            key={region}
            region={region}
            days={grid.days}
            cells={cells}
            findings={findings}
            stop={focused.row === row ? focused.column : null}
            opened={opened?.row === row ? opened.column : null}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Before a row's first day stands the region's name. */
const CELLS_BEFORE = 1;

function cellOf(target: EventTarget | null): HTMLTableCellElement | null {
  return target instanceof Element ? target.closest("td") : null;
}

function positionOf(target: EventTarget | null): CellPosition | null {
  const cell = cellOf(target);
  const row = cell?.closest("tr")?.sectionRowIndex;
  return cell === null || row === undefined ? null : { row, column: cell.cellIndex - CELLS_BEFORE };
}

/** The first day of each week, above its cells. */
const Scale = memo(function Scale({ days, words }: { days: readonly string[]; words: JobPageWords }) {
  const formats = useFormats();
  const starts = days.flatMap((day, column) => (column % WEEK === 0 ? [{ day, column }] : []));
  return (
    <thead className="block">
      <tr className="slice-row h-4">
        <th className="sticky left-0 z-20 bg-card">
          <span className="sr-only">{words.region}</span>
        </th>
        {starts.map(({ day, column }) => {
          const length = Math.min(WEEK, days.length - column);
          return (
            <th
              key={day}
              style={{ gridColumn: `span ${length}` }}
              scope="colgroup"
              className="border-l border-line pl-1 text-left text-xs leading-4 font-normal whitespace-nowrap text-ink-3"
            >
              {length >= LABEL_DAYS_MIN || days.length <= WEEK ? (
                formats.day(day)
              ) : (
                <span className="sr-only">{formats.day(day)}</span>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
});

type SliceRowProps = {
  region: string;
  days: readonly string[];
  cells: readonly (DeliverySliceDto | null)[];
  findings: SliceFindings;
  /** The column that the Tab key leads to; null when it is in another row. */
  stop: number | null;
  opened: number | null;
};

const SliceRow = memo(
  function SliceRow({ region, days, cells, findings, stop, opened }: SliceRowProps) {
    const words = useWords(jobPageWords);
    return (
      <tr className="slice-row h-[18px]">
        <th
          scope="row"
          title={region}
          className="mono sticky left-0 z-10 overflow-hidden bg-card pr-2.5 text-left leading-[18px] font-normal text-ellipsis whitespace-nowrap text-ink-2"
        >
          {region}
        </th>
        {cells.map((slice, column) => {
          const day = days[column] ?? "";
          const finding = findings.get(sliceKey({ region, day }));
          return (
            <SliceCell
              key={day}
              slice={slice}
              label={words.cell(region, day, sliceInWords(slice, isOff(slice, finding), words))}
              isOff={isOff(slice, finding)}
              isStop={stop === column}
              isOpened={opened === column}
            />
          );
        })}
      </tr>
    );
  },
  (before, after) =>
    before.region === after.region &&
    before.days === after.days &&
    before.findings === after.findings &&
    before.stop === after.stop &&
    before.opened === after.opened &&
    before.cells.length === after.cells.length &&
    before.cells.every((cell, column) => looksAlike(cell, after.cells[column] ?? null)),
);

function looksAlike(one: DeliverySliceDto | null, other: DeliverySliceDto | null): boolean {
  return one?.state === other?.state && one?.delivered === other?.delivered && one?.remaining === other?.remaining;
}

/** It was delivered, and its logstore was found to hold something else. */
function isOff(slice: DeliverySliceDto | null, finding: SliceVerificationDto | undefined): boolean {
  return slice?.state === "complete" && finding !== undefined && isDifferent(slice, finding);
}

type SliceCellProps = {
  slice: DeliverySliceDto | null;
  label: string;
  isOff: boolean;
  isStop: boolean;
  isOpened: boolean;
};

function SliceCell({ slice, label, isOff, isStop, isOpened }: SliceCellProps) {
  const state = slice === null ? null : isOff ? "failed" : slice.state;
  return (
    <td
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of a grid.
      role="gridcell"
      aria-label={label}
      aria-selected={isOpened ? true : undefined}
      tabIndex={isStop ? 0 : -1}
      className={`slice-cell ${state === null ? "border-dashed border-line-strong" : SLICE_STATE_LOOKS[state].cell}`}
    >
      {slice?.state === "delivering" && (
        <span
          aria-hidden
          className="absolute inset-0 origin-left bg-run/55 motion-safe:transition-transform motion-safe:duration-150"
          style={{ transform: `scaleX(${progressOf(slice)})` }}
        />
      )}
      {state !== null && SLICE_STATE_SIGNS[state]}
    </td>
  );
}

function sliceInWords(slice: DeliverySliceDto | null, isOff: boolean, words: JobPageWords): string {
  if (slice === null) {
    return words.cellNone;
  }
  const state = words.cellState(words.sliceStates[slice.state], slice.delivered, slice.expected);
  return isOff ? words.cellDiffers(state) : state;
}
