import { progressOf } from "@/domain/history-job/history-job.ts";
import type { DeliverySliceDto } from "@/domain/history-job/schema.ts";
import { isDifferent, type SliceFindings, sliceKey } from "./slice-findings.ts";
import type { PicturedCell } from "./slice-picture-shapes.ts";

/** Regions by days; a cell without a slice had no events when the job was created. */
export type SliceGrid = {
  /** UTC days, YYYY-MM-DD, without holes. */
  readonly days: readonly string[];
  readonly rows: readonly { readonly region: string; readonly cells: readonly (DeliverySliceDto | null)[] }[];
};

const DAY_MS = 86_400_000;

/** Lays the slices out over the window's days, [from, to). */
export function sliceGridOf(slices: readonly DeliverySliceDto[], windowFrom: string, windowTo: string): SliceGrid {
  const days = daysOf(Date.parse(windowFrom), Date.parse(windowTo));
  const byRegion = Map.groupBy(slices, (slice) => slice.region);
  const rows = [...byRegion].map(([region, ofRegion]) => {
    const byDay = new Map(ofRegion.map((slice) => [slice.day, slice]));
    return { region, cells: days.map((day) => byDay.get(day) ?? null) };
  });
  return { days, rows: rows.toSorted((one, other) => (one.region < other.region ? -1 : 1)) };
}

function daysOf(from: number, to: number): string[] {
  const first = Math.floor(from / DAY_MS);
  const end = Math.ceil(to / DAY_MS);
  return Array.from({ length: Math.max(0, end - first) }, (_, offset) =>
    new Date((first + offset) * DAY_MS).toISOString().slice(0, 10),
  );
}

export type GridCell = {
  readonly slice: DeliverySliceDto | null;
  /** It was delivered, and its logstore was found to hold something else. */
  readonly isOff: boolean;
};

export type CellRow = { readonly region: string; readonly cells: readonly GridCell[] };

/** The grid with what a verification found of its slices. */
export function cellRowsOf({ rows }: SliceGrid, findings: SliceFindings): readonly CellRow[] {
  return rows.map(({ region, cells }) => ({
    region,
    cells: cells.map((slice) => {
      const finding = slice?.state === "complete" && findings.size > 0 ? findings.get(sliceKey(slice)) : undefined;
      return { slice, isOff: slice !== null && finding !== undefined && isDifferent(slice, finding) };
    }),
  }));
}

/** A row with the space below it, and that space; pixels. */
export const ROW_HEIGHT = 21;
const ROW_GAP = 3;

/** Between two cells; pixels. */
const CELL_GAP = 1;

/** The cells where they stand in a picture of this width, each with its edges on whole pixels. */
export function pictureOf(rows: readonly CellRow[], width: number): readonly PicturedCell[] {
  return rows.flatMap(({ cells }, row) => {
    const step = (width + CELL_GAP) / cells.length;
    return cells.map(({ slice, isOff }, column) => {
      const x = Math.round(column * step);
      return {
        look: slice === null ? ("none" as const) : isOff ? ("failed" as const) : slice.state,
        x,
        y: row * ROW_HEIGHT,
        width: Math.round((column + 1) * step - CELL_GAP) - x,
        height: ROW_HEIGHT - ROW_GAP,
        progress: slice === null ? 0 : progressOf(slice),
      };
    });
  });
}

export type CellPosition = { readonly row: number; readonly column: number };

/** Where a key leads from a cell, held inside the grid; null for keys that don't move. */
export function moveByKey(key: string, at: CellPosition, grid: SliceGrid): CellPosition | null {
  const lastRow = grid.rows.length - 1;
  const lastColumn = grid.days.length - 1;
  switch (key) {
    case "ArrowLeft":
      return { ...at, column: Math.max(0, at.column - 1) };
    case "ArrowRight":
      return { ...at, column: Math.min(lastColumn, at.column + 1) };
    case "ArrowUp":
      return { ...at, row: Math.max(0, at.row - 1) };
    case "ArrowDown":
      return { ...at, row: Math.min(lastRow, at.row + 1) };
    case "Home":
      return { ...at, column: 0 };
    case "End":
      return { ...at, column: lastColumn };
    default:
      return null;
  }
}

/** What a cell is called in an address: "cn-hangzhou_2026-11-01". */
export function sliceNameAt({ row, column }: CellPosition, grid: SliceGrid): string | null {
  const region = grid.rows[row]?.region;
  const day = grid.days[column];
  return region === undefined || day === undefined ? null : `${region}_${day}`;
}

/** The cell that an address names; null when there is none of that name. */
export function positionInGrid(name: string | null, grid: SliceGrid): CellPosition | null {
  const separator = name?.lastIndexOf("_") ?? -1;
  const row = grid.rows.findIndex(({ region }) => region === name?.slice(0, separator));
  const column = grid.days.indexOf(name?.slice(separator + 1) ?? "");
  return row === -1 || column === -1 ? null : { row, column };
}
