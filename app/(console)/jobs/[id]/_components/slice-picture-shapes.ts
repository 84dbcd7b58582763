import { SLICE_STATES } from "@/domain/history-job/history-job.ts";

/** How a cell looks: as its slice's state, or as a region's day without events. */
export const CELL_LOOKS = [...SLICE_STATES, "none"] as const;
export type CellLook = (typeof CELL_LOOKS)[number];

/** A cell where it stands in a picture; pixels. */
export type PicturedCell = {
  readonly look: CellLook;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The share of its events whose fate is known, 0 to 1; seen while it is delivering. */
  readonly progress: number;
};

/** All cells of one look, as data of SVG paths: one shape for thousands is drawn in the time that few shapes of their own take. */
type LookShapes = {
  readonly edge: string;
  readonly face: string;
  readonly progress: string;
  /** A line to be stroked. */
  readonly sign: string;
};

/** The shapes of each look that is among the cells. */
export function shapesOf(cells: readonly PicturedCell[]): ReadonlyMap<CellLook, LookShapes> {
  return new Map(
    [...Map.groupBy(cells, ({ look }) => look)].map(([look, alike]) => [
      look,
      {
        edge: alike.map(look === "none" ? lineAround : edgeOf).join(""),
        face: look === "none" ? "" : alike.map(faceOf).join(""),
        progress: look === "delivering" ? alike.map(progressOf).join("") : "",
        sign: alike.map(SIGNS[look]).join(""),
      },
    ]),
  );
}

/** The whole cell, each corner cut by a pixel, which at this size is what a rounded one looks like. */
function edgeOf({ x, y, width, height }: PicturedCell): string {
  const across = width - 2;
  const down = height - 2;
  return `M${x + 1} ${y}h${across}l1 1v${down}l-1 1h${-across}l-1-1v${-down}z`;
}

/** What lies inside an edge of one pixel. */
function faceOf({ x, y, width, height }: PicturedCell): string {
  return `M${x + 1} ${y + 1}h${width - 2}v${height - 2}h${2 - width}z`;
}

function progressOf({ progress, x, y, width, height }: PicturedCell): string {
  const done = Number(((width - 2) * progress).toFixed(2));
  return `M${x + 1} ${y + 1}h${done}v${height - 2}h${-done}z`;
}

/** Along the middle of an edge of one pixel, for a line with gaps. */
function lineAround({ x, y, width, height }: PicturedCell): string {
  return `M${x + 0.5} ${y + 0.5}h${width - 1}v${height - 1}h${1 - width}z`;
}

/** What stands in a cell, for those whose colour alone would have to tell them apart; what is complete has a dot. */
const SIGNS: Readonly<Record<CellLook, (cell: PicturedCell) => string>> = {
  waiting: () => "",
  delivering: signed("m-1-2.5l2 2.5l-2 2.5"),
  complete: signed("m-1 0h2"),
  incomplete: signed("m0-4v4.5m0 2v1.5"),
  failed: signed("m-2-2l4 4m0-4l-4 4"),
  stopped: signed("m-2 0h4"),
  none: () => "",
};

/** A line from the middle of a cell. */
function signed(line: string): (cell: PicturedCell) => string {
  return ({ x, y, width, height }) => `M${x + width / 2} ${y + height / 2}${line}`;
}
