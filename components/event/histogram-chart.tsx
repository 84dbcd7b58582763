"use client";

import { HistogramBars } from "./histogram-bars.tsx";
import { HistogramBrush, type HistogramBrushProps } from "./histogram-brush.tsx";

/** The bars and what selects some of them: one part, because one is of no use without the other. */
export function HistogramChart({ bars, unit, onSelect }: Omit<HistogramBrushProps, "children">) {
  return (
    <HistogramBrush bars={bars} unit={unit} onSelect={onSelect}>
      <HistogramBars bars={bars} unit={unit} />
    </HistogramBrush>
  );
}
