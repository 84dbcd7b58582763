"use client";

import { useMemo } from "react";
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import type { RateSpan } from "@/domain/history-job/rate.ts";
import { jobPageWords } from "./words.ts";

/** Fixed, so that nothing moves when it comes (rate-card.tsx). */
const HEIGHT = 124;

/** Beyond this the day belongs to a time on the axis. */
const DAY_MS = 86_400_000;

/** A level stretch of the line; a null is where it breaks. */
type Point = { readonly at: number; readonly rate: number | null; readonly span: RateSpan };

/**
 * The rate over time, level within each stretch and broken where the job was paused. For the eye: the same figures stand in the
 * table beside it, which is what screen readers and keyboards get.
 */
export function RateChart({ spans }: { spans: readonly RateSpan[] }) {
  const formats = useFormats();
  const words = useWords(jobPageWords);
  const points = useMemo(() => pointsOf(spans), [spans]);
  const first = spans.at(0)?.from ?? 0;
  const last = spans.at(-1)?.to ?? 0;
  const isLong = last - first > DAY_MS;
  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
      <AreaChart data={points} accessibilityLayer={false} aria-hidden margin={{ top: 6, right: 8, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          type="number"
          domain={[first, last]}
          tickFormatter={(at: number) => tickOf(at, isLong, formats)}
          tick={{ fill: "var(--ink-3)", fontSize: 12 }}
          tickLine={false}
          axisLine={{ stroke: "var(--line-strong)" }}
          minTickGap={48}
        />
        <YAxis
          width={56}
          tickCount={3}
          tickFormatter={(rate: number) => formats.count(rate)}
          tick={{ fill: "var(--ink-3)", fontSize: 12 }}
          tickLine={false}
          axisLine={false}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: "var(--line-strong)" }}
          content={({ active, payload }) =>
            active && payload[0] !== undefined ? <PointFacts point={payload[0].payload} /> : null
          }
        />
        <Area
          dataKey="rate"
          name={words.rate}
          type="linear"
          stroke="var(--run)"
          strokeWidth={1.5}
          fill="var(--run-soft)"
          fillOpacity={1}
          dot={false}
          activeDot={{ r: 3 }}
          connectNulls={false}
          isAnimationActive={false}
        />
      </AreaChart>
    </ResponsiveContainer>
  );
}

function pointsOf(spans: readonly RateSpan[]): Point[] {
  return spans.flatMap((span) => [
    { at: span.from, rate: span.eventsPerSecond, span },
    { at: span.to, rate: span.eventsPerSecond, span },
  ]);
}

function tickOf(at: number, isLong: boolean, formats: ReturnType<typeof useFormats>): string {
  const instant = new Date(at).toISOString();
  return isLong ? formats.day(instant) : formats.clock(instant).replace(" UTC", "");
}

function PointFacts({ point: { span } }: { point: Point }) {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const { from, to, eventsPerSecond, delivered } = span;
  return (
    <div className="rounded-control border border-line-strong bg-card px-2.5 py-2 text-xs shadow-lifted">
      <div className="font-[640]">
        {eventsPerSecond === null ? words.ratePaused : jobWords.eventsPerSecond(eventsPerSecond)}
      </div>
      <div className="text-ink-2 tabular-nums">{words.rateSpan(iso(from), iso(to))}</div>
      <div className="text-ink-2 tabular-nums">{words.rateDelivered(delivered)}</div>
    </div>
  );
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
