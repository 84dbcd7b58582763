"use client";

import dynamic from "next/dynamic";
import { memo, type ReactNode, useMemo } from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { barsOf } from "@/domain/event/histogram.ts";
import type { EventHistogramDto } from "@/domain/event/schema.ts";
import { CHART_HEIGHT } from "./histogram-plot.ts";
import { eventWords } from "./words.ts";

// A chart library is a large part of a page; the rows need not wait for it.
const HistogramChart = dynamic(() => import("./histogram-chart.tsx").then((part) => part.HistogramChart), {
  ssr: false,
  loading: () => (
    <Place>
      <Skeleton className="my-0 h-full" style={{ height: CHART_HEIGHT }} />
    </Place>
  ),
});

type EventHistogramProps = {
  histogram: EventHistogramDto | undefined;
  /** Why there is none, when there is none. */
  failure: string | null;
  isCounting: boolean;
  onSelect: (window: { from: Date; to: Date }) => void;
};

/** How many events there are by time; a part of it can be selected, with the pointer and by keyboard. */
export const EventHistogram = memo(function EventHistogram({
  histogram,
  failure,
  isCounting,
  onSelect,
}: EventHistogramProps) {
  const words = useWords(eventWords);
  const bars = useMemo(
    () =>
      histogram === undefined
        ? []
        : barsOf({ from: new Date(histogram.from), to: new Date(histogram.to) }, histogram.unit, histogram.buckets),
    [histogram],
  );
  const isDrawn = histogram !== undefined && failure === null && histogram.known !== "nothing" && histogram.total > 0;
  return (
    <Card className="mb-3 px-3.5 py-2.5" aria-label={words.histogram} aria-busy={isCounting}>
      <div className="flex min-h-[38px] flex-wrap items-baseline gap-x-3 text-sm sm:min-h-[19px]">
        <Summary histogram={histogram} failure={failure} isCounting={isCounting} />
      </div>
      {isDrawn ? (
        <HistogramChart
          key={`${histogram.from} ${histogram.to}`}
          bars={bars}
          unit={histogram.unit}
          onSelect={onSelect}
        />
      ) : (
        <Place>
          {histogram === undefined && failure === null ? (
            <Skeleton className="my-0 h-full" style={{ height: CHART_HEIGHT }} />
          ) : (
            <div
              className="grid place-items-center rounded-control border border-line border-dashed text-sm text-ink-3"
              style={{ height: CHART_HEIGHT }}
            >
              {histogram?.known !== "nothing" && failure === null ? words.nothingToCount : null}
            </div>
          )}
        </Place>
      )}
    </Card>
  );
});

/** As high as the chart with what stands below it. */
function Place({ children }: { children: ReactNode }) {
  return <div className="mt-1.5 h-[172px] max-sm:h-[208px]">{children}</div>;
}

function Summary({ histogram, failure, isCounting }: Omit<EventHistogramProps, "onSelect">) {
  const words = useWords(eventWords);
  const formats = useFormats();
  if (failure !== null) {
    return <span className="text-warn">{failure}</span>;
  }
  if (histogram === undefined) {
    return <span className="text-ink-2">{words.counting}</span>;
  }
  const most = histogram.buckets.reduce<EventHistogramDto["buckets"][number] | null>(
    (best, bucket) => (best === null || bucket.count > best.count ? bucket : best),
    null,
  );
  return (
    <>
      {histogram.known === "nothing" ? (
        <span className="text-warn">{words.notCounted}</span>
      ) : (
        <>
          <b className="font-[640] tabular-nums">{words.total(histogram.total)}</b>
          <span className="text-ink-2">{words.perUnit[histogram.unit]}</span>
        </>
      )}
      {histogram.known === "newest" && histogram.countedFrom !== null && (
        <span className="text-warn">{words.newestOnly(formats.second(histogram.countedFrom))}</span>
      )}
      {most !== null && (
        <span className="text-ink-3 tabular-nums">
          {words.most(
            most.count,
            histogram.unit === "day" ? formats.day(most.startsAt) : formats.moment(most.startsAt, histogram.to),
          )}
        </span>
      )}
      {isCounting && <span className="ml-auto text-ink-3">{words.counting}</span>}
    </>
  );
}
