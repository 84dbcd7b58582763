"use client";

import { Slider } from "radix-ui";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { HistogramBar, HistogramUnit } from "@/domain/event/histogram.ts";
import { type BarRange, CHART_HEIGHT, PLOT, rangeBetween } from "./histogram-plot.ts";
import { eventWords } from "./words.ts";

export type HistogramBrushProps = {
  /** At least one. */
  bars: readonly HistogramBar[];
  unit: HistogramUnit;
  onSelect: (window: { from: Date; to: Date }) => void;
  /** The drawing of the bars. */
  children: ReactNode;
};

/**
 * Selects some bars of the drawing inside: by dragging over them, which shows the selection at once, or with two handles below, which
 * keys move too; those are shown by the button or Enter, because each step of a key would redraw what the next one starts from.
 */
export function HistogramBrush({ bars, unit, onSelect, children }: HistogramBrushProps) {
  const words = useWords(eventWords);
  const formats = useFormats();
  const whole: BarRange = [0, bars.length];
  const [range, setRange] = useState<BarRange>(whole);
  const [pointed, setPointed] = useState<number | null>(null);
  const isWhole = range[0] === 0 && range[1] === bars.length;
  const startOf = (place: number) => (bars[place]?.from ?? bars.at(-1)?.to ?? new Date(0)).toISOString();
  const endOf = (place: number) => (bars[place - 1]?.to ?? bars[0]?.from ?? new Date(0)).toISOString();
  const pointedBar = pointed === null ? undefined : bars[pointed];
  const inWords = (instant: string) => formats.moment(instant, endOf(bars.length));
  const barInWords = ({ count, from }: HistogramBar) =>
    words.bar(count, unit === "day" ? formats.day(from.toISOString()) : inWords(from.toISOString()));
  const show = ([from, to]: BarRange) => onSelect({ from: new Date(startOf(from)), to: new Date(endOf(to)) });
  return (
    <div className="mt-1.5 min-h-[172px] max-sm:min-h-[208px]">
      <div className="relative" style={{ height: CHART_HEIGHT }}>
        <div aria-hidden style={{ height: CHART_HEIGHT }}>
          {children}
        </div>
        <Pointing
          count={bars.length}
          range={isWhole ? null : range}
          pointed={pointed}
          onPoint={setPointed}
          onDrag={setRange}
          onDrop={show}
          onCancel={() => setRange(whole)}
        />
      </div>
      <Slider.Root
        className="relative flex h-5 touch-none items-center select-none"
        style={{ marginLeft: PLOT.left - 6, marginRight: 0 }}
        min={0}
        max={bars.length}
        step={1}
        minStepsBetweenThumbs={1}
        value={[...range]}
        onValueChange={([from = 0, to = bars.length]) => setRange([from, to])}
      >
        <Slider.Track className="relative h-1 flex-1 rounded-cell bg-sunk">
          <Slider.Range className="absolute h-full rounded-cell bg-accent" />
        </Slider.Track>
        {[
          { label: words.brushStart, at: startOf(range[0]), bar: bars[range[0]] },
          { label: words.brushEnd, at: endOf(range[1]), bar: bars[range[1] - 1] },
        ].map(({ label, at, bar }) => (
          <Slider.Thumb
            key={label}
            aria-label={label}
            // With the bar beside it, which the eye sees and a pointer is told.
            aria-valuetext={bar === undefined ? inWords(at) : `${inWords(at)}. ${barInWords(bar)}`}
            className="block h-[18px] w-3 rounded-cell border-2 border-accent bg-card"
            onKeyDown={(event: KeyboardEvent) => {
              if (event.key === "Enter" && !isWhole) {
                show(range);
              } else if (event.key === "Escape") {
                setRange(whole);
              }
            }}
          />
        ))}
      </Slider.Root>
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3 tabular-nums">
        {pointedBar !== undefined ? (
          <span>{barInWords(pointedBar)}</span>
        ) : isWhole ? (
          <span>{words.brushHint}</span>
        ) : (
          <span>{words.selected(inWords(startOf(range[0])), inWords(endOf(range[1])))}</span>
        )}
        {!isWhole && (
          <span className="ml-auto flex gap-2 max-sm:ml-0">
            <Button size="small" look="primary" onClick={() => show(range)}>
              {words.showSelected}
            </Button>
            <Button size="small" onClick={() => setRange(whole)}>
              {words.cancel}
            </Button>
          </span>
        )}
      </div>
    </div>
  );
}

type PointingProps = {
  count: number;
  range: BarRange | null;
  pointed: number | null;
  onPoint: (bar: number | null) => void;
  onDrag: (range: BarRange) => void;
  onDrop: (range: BarRange) => void;
  onCancel: () => void;
};

/** What follows the pointer over the bars: a sheet of its own, so that the drawing below need not be done again. */
function Pointing({ count, range, pointed, onPoint, onDrag, onDrop, onCancel }: PointingProps) {
  const startShare = useRef<number | null>(null);
  const shareOf = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return width === 0 ? 0 : (event.clientX - left) / width;
  };
  const percent = (places: number) => `${(places / count) * 100}%`;
  return (
    <div
      data-plot
      className="absolute cursor-crosshair touch-pan-y"
      style={{ left: PLOT.left, right: PLOT.right, top: PLOT.top, bottom: PLOT.bottom }}
      onPointerDown={(event) => {
        if (event.button === 0) {
          event.currentTarget.setPointerCapture(event.pointerId);
          startShare.current = shareOf(event);
        }
      }}
      onPointerMove={(event) => {
        const share = shareOf(event);
        onPoint(rangeBetween(share, share, count)[0]);
        if (startShare.current !== null) {
          onDrag(rangeBetween(startShare.current, share, count));
        }
      }}
      onPointerUp={(event) => {
        if (startShare.current !== null) {
          onDrop(rangeBetween(startShare.current, shareOf(event), count));
          startShare.current = null;
        }
      }}
      onPointerCancel={() => {
        startShare.current = null;
        onCancel();
      }}
      onPointerLeave={() => onPoint(null)}
    >
      {range !== null && (
        <div
          className="absolute inset-y-0 border-accent border-x bg-accent/15"
          style={{ left: percent(range[0]), width: percent(range[1] - range[0]) }}
        />
      )}
      {pointed !== null && (
        <div
          className="absolute inset-y-0 border-ink-3 border-x border-dotted"
          style={{ left: percent(pointed), width: percent(1) }}
        />
      )}
    </div>
  );
}
