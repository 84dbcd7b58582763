"use client";

import { memo } from "react";
import { Bar, BarChart, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { useFormats } from "@/components/language/language-provider.tsx";
import type { HistogramBar, HistogramUnit } from "@/domain/event/histogram.ts";
import { CHART_HEIGHT, PLOT } from "./histogram-plot.ts";

type HistogramBarsProps = { bars: readonly HistogramBar[]; unit: HistogramUnit };

const DAY_MS = 86_400_000;

const TICK = { fontSize: 11, fill: "var(--ink-3)" };

/**
 * The bars alone, drawn again only when the counts change: what follows the pointer is laid over them. For the eye; what they say in
 * words stands beside them.
 */
export const HistogramBars = memo(function HistogramBars({ bars, unit }: HistogramBarsProps) {
  const formats = useFormats();
  const isWithinDay = bars.length <= 26 && unit === "hour";
  // A day's name belongs to its midnight; other places would only repeat it.
  const ticks =
    unit === "hour" && !isWithinDay
      ? bars.flatMap(({ from }, index) => (from.getTime() % DAY_MS === 0 ? [index] : []))
      : undefined;
  const tickOf = (index: number) => {
    const at = bars[index]?.from.toISOString();
    return at === undefined ? "" : isWithinDay ? at.slice(11, 16) : formats.day(at);
  };
  return (
    <ResponsiveContainer width="100%" height={CHART_HEIGHT}>
      <BarChart
        data={bars.map(({ count }, index) => ({ index, count }))}
        accessibilityLayer={false}
        margin={{ top: PLOT.top, right: PLOT.right, bottom: 0, left: 0 }}
        barCategoryGap={bars.length > 60 ? 0.5 : "12%"}
        style={{ pointerEvents: "none" }}
      >
        <XAxis
          dataKey="index"
          height={PLOT.bottom}
          tickFormatter={tickOf}
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: "var(--line-strong)" }}
          minTickGap={32}
          interval={ticks === undefined ? "preserveStartEnd" : "equidistantPreserveStart"}
          {...(ticks === undefined ? {} : { ticks })}
        />
        <YAxis
          width={PLOT.left}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          tickCount={3}
          allowDecimals={false}
          tickFormatter={(count: number) => formats.count(count)}
        />
        <Bar
          dataKey="count"
          fill="var(--series-1)"
          isAnimationActive={false}
          minPointSize={(count) => (count ? 1 : 0)}
        />
      </BarChart>
    </ResponsiveContainer>
  );
});
