"use client";

import { useId } from "react";
import { Bar, BarChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import type { PreviewBar, PreviewSeries } from "./preview-series.ts";
import { SeriesMark, seriesFill, seriesTone, TONES } from "./series-look.tsx";
import { redeliverWords } from "./words.ts";

/** Fixed, so that nothing moves when the counts come. */
const HEIGHT = 84;

/**
 * Events per day, stacked by region. For the eye: the same counts stand in a table below, which is what screen readers and
 * keyboards get.
 */
export function PreviewBars({ series: { regions, bars } }: { series: PreviewSeries }) {
  const words = useWords(redeliverWords);
  // Pattern ids are of the whole page.
  const id = useId();
  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
      <BarChart
        data={[...bars]}
        accessibilityLayer={false}
        margin={{ top: 4, right: 0, bottom: 0, left: 0 }}
        barCategoryGap={bars.length > 45 ? 1 : 2}
        aria-hidden
      >
        <defs>
          {TONES.map((tone, position) => (
            <pattern
              key={tone}
              id={`${id}-${position}`}
              width="4"
              height="4"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="4" height="4" fill="var(--card)" />
              <rect width="2" height="4" fill={tone} />
            </pattern>
          ))}
        </defs>
        <XAxis dataKey="day" hide />
        <YAxis hide domain={[0, "dataMax"]} />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: "var(--sunk)" }}
          allowEscapeViewBox={{ x: false, y: true }}
          content={({ active, payload }) =>
            active && payload[0] !== undefined ? <BarFacts bar={payload[0].payload} regions={regions} /> : null
          }
        />
        {regions.map((region, position) => (
          <Bar
            key={region ?? "others"}
            name={region ?? words.otherRegions}
            dataKey={({ counts }: PreviewBar) => counts[position]}
            stackId="events"
            fill={seriesFill(position, region, id)}
            stroke={seriesTone(position, region)}
            strokeWidth={0}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

/** What one bar counts. */
function BarFacts({ bar, regions }: { bar: PreviewBar; regions: PreviewSeries["regions"] }) {
  const words = useWords(redeliverWords);
  const formats = useFormats();
  return (
    <div className="rounded-control border border-line-strong bg-card px-2.5 py-2 text-xs shadow-lifted">
      <div className="font-[640]">
        {formats.dayOfYear(bar.day)}: {words.events(bar.total)}
      </div>
      {regions.map((region, position) => {
        const count = bar.counts[position] ?? 0;
        return count === 0 ? null : (
          <div key={region ?? "others"} className="flex items-center gap-1.5 tabular-nums">
            <SeriesMark position={position} region={region} />
            <span className="text-ink-2">{region ?? words.otherRegions}</span>
            <span className="ml-auto pl-3">{formats.count(count)}</span>
          </div>
        );
      })}
    </div>
  );
}
