import { memo, useMemo } from "react";
import { CELL_LOOKS, type CellLook, type PicturedCell, shapesOf } from "./slice-picture-shapes.ts";

type Paints = { readonly edge: string; readonly face: string; readonly sign: string };

/** Who has colours of their own is left with the shapes, in two of those. */
const PAINTS: Readonly<Record<CellLook, Paints>> = {
  waiting: {
    edge: "fill-line forced-colors:fill-[CanvasText]",
    face: "fill-sunk forced-colors:fill-[Canvas]",
    sign: "",
  },
  delivering: {
    edge: "fill-run forced-colors:fill-[CanvasText]",
    face: "fill-run-soft forced-colors:fill-[Canvas]",
    sign: "stroke-ink forced-colors:stroke-[CanvasText]",
  },
  // A dot, which has to be larger where its colour does not help.
  complete: {
    edge: "fill-ok/45 forced-colors:fill-[CanvasText]",
    face: "fill-ok-soft forced-colors:fill-[Canvas]",
    sign: "stroke-ok stroke-2 forced-colors:stroke-[CanvasText] forced-colors:stroke-6",
  },
  incomplete: {
    edge: "fill-warn forced-colors:fill-[CanvasText]",
    face: "fill-warn-soft forced-colors:fill-[Canvas]",
    sign: "stroke-warn forced-colors:stroke-[CanvasText]",
  },
  failed: {
    edge: "fill-bad forced-colors:fill-[CanvasText]",
    face: "fill-bad-soft forced-colors:fill-[Canvas]",
    sign: "stroke-bad forced-colors:stroke-[CanvasText]",
  },
  stopped: {
    edge: "fill-line-strong forced-colors:fill-[CanvasText]",
    face: "fill-sunk forced-colors:fill-[Canvas]",
    sign: "stroke-ink-3 forced-colors:stroke-[CanvasText]",
  },
  none: {
    edge: "stroke-line-strong stroke-1 [stroke-dasharray:3_2] forced-colors:stroke-[CanvasText]",
    face: "",
    sign: "",
  },
};

type SlicePictureProps = {
  cells: readonly PicturedCell[];
  /** Of the picture that the cells stand in; it is stretched to what room there is. */
  width: number;
  height: number;
  className: string;
};

/**
 * Cells of slices as a picture: a few shapes however many cells there are, so that thousands are there at once. To who does not see it, it
 * says nothing: the words of each cell stand beside it.
 */
export const SlicePicture = memo(function SlicePicture({ cells, width, height, className }: SlicePictureProps) {
  const shapes = useMemo(() => shapesOf(cells), [cells]);
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      fill="none"
      strokeWidth={1.5}
      className={className}
    >
      {CELL_LOOKS.map((look) => {
        const drawn = shapes.get(look);
        return (
          drawn !== undefined && (
            <g key={look} data-look={look}>
              <path d={drawn.edge} className={PAINTS[look].edge} />
              <path d={drawn.face} className={PAINTS[look].face} />
              <path d={drawn.progress} className="fill-run/55 forced-colors:fill-[GrayText]" />
              <path d={drawn.sign} className={PAINTS[look].sign} />
            </g>
          )
        );
      })}
    </svg>
  );
});
