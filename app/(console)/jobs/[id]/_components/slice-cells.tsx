"use client";

import {
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  startTransition,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { afterPaint } from "@/components/ui/after-paint.ts";
import type { SliceFindings } from "./slice-findings.ts";
import {
  type CellPosition,
  type CellRow,
  cellRowsOf,
  type GridCell,
  moveByKey,
  pictureOf,
  ROW_HEIGHT,
  type SliceGrid,
} from "./slice-grid.ts";
import { SlicePicture } from "./slice-picture.tsx";
import { type JobPageWords, jobPageWords } from "./words.ts";

/** Room for a region's name, and for the gap behind it; pixels. */
const NAME_WIDTH = 122;
const PICTURE_LEFT = NAME_WIDTH + 1;

/** Less than this and a mark in a cell can't be read; where there is no room for all days, they scroll behind the names. Pixels. */
const CELL_WIDTH_MIN = 9;

/** Days that one label of the scale stands over; fewer at the end have no room for theirs. */
const WEEK = 7;
const LABEL_DAYS_MIN = 4;

/** Of the scale above the rows, with the space that follows it; pixels. */
const SCALE_HEIGHT = 22;

/** How tall the grid of so many regions will be once it is drawn; pixels. */
export function heightOfCells(regionCount: number): number {
  return SCALE_HEIGHT + regionCount * ROW_HEIGHT;
}

/** Rows whose cells get their names in one go: so few that a page stays quick meanwhile. */
const ROWS_AT_ONCE = 3;

/** How many of the rows have the names of their cells so far: none in the picture's first frame, then some more after each. */
function useRowsInTurns(rowCount: number): number {
  const [named, setNamed] = useState(0);
  useEffect(() => {
    if (named >= rowCount) {
      return;
    }
    return afterPaint(() => startTransition(() => setNamed(named + ROWS_AT_ONCE)));
  }, [named, rowCount]);
  return named;
}

type SliceCellsProps = {
  grid: SliceGrid;
  findings: SliceFindings;
  opened: CellPosition | null;
  onOpen: (position: CellPosition) => void;
};

/**
 * The cells as one stop of the Tab key: arrow keys, Home and End move inside, Enter opens. 26 regions by 91 days are 2,366 cells: what is seen of
 * them is one picture, drawn at once. On it lies a table with an element for each, which has its name and may be focused; those come
 * in the frames after. The table listens for all of them, knows which is which by where it stands and says their names on hover, and a
 * poll draws anew only the rows in which something has changed.
 */
export function SliceCells({ grid, findings, opened, onOpen }: SliceCellsProps) {
  const words = useWords(jobPageWords);
  const [focused, setFocused] = useState<CellPosition>(opened ?? { row: 0, column: 0 });
  const box = useRef<HTMLDivElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const rows = useMemo(() => cellRowsOf(grid, findings), [grid, findings]);
  const namedRows = useDeferredValue(rows);
  const namedCount = useRowsInTurns(rows.length);

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
    const position = positionOf(event.target) ?? positionUnder(event, box.current, grid);
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
    <div
      ref={box}
      style={
        {
          height: heightOfCells(grid.rows.length),
          "--grid-min": `${NAME_WIDTH + grid.days.length * CELL_WIDTH_MIN}px`,
          "--grid-columns": `${NAME_WIDTH}px repeat(${grid.days.length}, minmax(0, 1fr))`,
        } as CSSProperties
      }
      // Paper does not scroll: there the cells are as narrow as they have to be.
      className="relative isolate w-full min-w-(--grid-min) print:min-w-0"
    >
      <CellsInPicture rows={rows} />
      <table
        ref={table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is what a table with moving focus is called.
        role="grid"
        aria-label={words.gridLabel}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
        onClick={onClick}
        onMouseOver={onMouseOver}
        className="block h-full w-full"
      >
        <Scale days={grid.days} words={words} />
        <tbody className="block">
          {namedRows.map(({ region, cells }, row) => (
            <SliceRow
              key={region}
              region={region}
              days={grid.days}
              cells={cells}
              isNamed={row < namedCount}
              stop={focused.row === row ? focused.column : null}
              opened={opened?.row === row ? opened.column : null}
            />
          ))}
        </tbody>
      </table>
    </div>
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

/** The cell of the picture that was pressed, while it has no element of its own yet; what it has scrolled behind was not. */
function positionUnder(event: MouseEvent, box: HTMLElement | null, { rows, days }: SliceGrid): CellPosition | null {
  if (box === null || (event.target instanceof Element && event.target.closest("th") !== null)) {
    return null;
  }
  const { left, top, width } = box.getBoundingClientRect();
  const row = Math.floor((event.clientY - top - SCALE_HEIGHT) / ROW_HEIGHT);
  const column = Math.floor((days.length * (event.clientX - left - PICTURE_LEFT)) / (width - PICTURE_LEFT));
  return row in rows && column in days ? { row, column } : null;
}

/** Behind the table, so that names of regions and what is focused lie on top. */
function CellsInPicture({ rows }: { rows: readonly CellRow[] }) {
  const room = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = room.current;
    if (element === null) {
      return;
    }
    const measure = () => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const cells = useMemo(() => pictureOf(rows, width), [rows, width]);
  return (
    <div
      ref={room}
      className="pointer-events-none absolute right-0 bottom-0 -z-10"
      style={{ left: PICTURE_LEFT, top: SCALE_HEIGHT }}
    >
      {width > 0 && (
        <SlicePicture cells={cells} width={width} height={rows.length * ROW_HEIGHT} className="block h-full w-full" />
      )}
    </div>
  );
}

/** The first day of each week, above its cells. */
const Scale = memo(function Scale({ days, words }: { days: readonly string[]; words: JobPageWords }) {
  const formats = useFormats();
  const starts = days.flatMap((day, column) => (column % WEEK === 0 ? [{ day, column }] : []));
  return (
    <thead className="block" style={{ height: SCALE_HEIGHT }}>
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
  cells: readonly GridCell[];
  isNamed: boolean;
  /** The column that the Tab key leads to; null when it is in another row. */
  stop: number | null;
  opened: number | null;
};

const SliceRow = memo(
  function SliceRow({ region, days, cells, isNamed, stop, opened }: SliceRowProps) {
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
        {isNamed &&
          cells.map((cell, column) => {
            const day = days[column] ?? "";
            return (
              <td
                key={day}
                // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of a grid.
                role="gridcell"
                aria-label={words.cell(region, day, cellInWords(cell, words))}
                aria-selected={opened === column ? true : undefined}
                tabIndex={stop === column ? 0 : -1}
                className="slice-cell"
              />
            );
          })}
      </tr>
    );
  },
  (before, after) =>
    before.region === after.region &&
    before.days === after.days &&
    before.isNamed === after.isNamed &&
    before.stop === after.stop &&
    before.opened === after.opened &&
    before.cells.length === after.cells.length &&
    before.cells.every((cell, column) => saysTheSame(cell, after.cells[column])),
);

function saysTheSame(one: GridCell, other: GridCell | undefined): boolean {
  return (
    other !== undefined &&
    one.isOff === other.isOff &&
    one.slice?.state === other.slice?.state &&
    one.slice?.delivered === other.slice?.delivered &&
    one.slice?.expected === other.slice?.expected
  );
}

function cellInWords({ slice, isOff }: GridCell, words: JobPageWords): string {
  if (slice === null) {
    return words.cellNone;
  }
  const state = words.cellState(words.sliceStates[slice.state], slice.delivered, slice.expected);
  return isOff ? words.cellDiffers(state) : state;
}
