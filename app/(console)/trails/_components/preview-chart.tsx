"use client";

import dynamic from "next/dynamic";
import { useMemo } from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import type { HistoryPreviewDto } from "@/domain/history-job/schema.ts";
import { seriesOf } from "./preview-series.ts";
import { SeriesMark } from "./series-look.tsx";
import { redeliverWords } from "./words.ts";

const PLACE = "my-0 h-[84px] rounded-control";

// A chart library is a large part of a page, and most visits open no dialog.
const PreviewBars = dynamic(() => import("./preview-bars.tsx").then((part) => part.PreviewBars), {
  ssr: false,
  loading: () => <Skeleton className={PLACE} />,
});

/**
 * What would be sent by day and region, as bars: a place of the same height while it is counted, and where there is nothing to draw.
 */
export function PreviewChart({ preview }: { preview: HistoryPreviewDto | null | undefined }) {
  const words = useWords(redeliverWords);
  const formats = useFormats();
  const series = useMemo(() => (preview == null ? null : seriesOf(preview)), [preview]);
  const first = series?.bars[0];
  const last = series?.bars.at(-1);
  return (
    <figure>
      {series === null && preview === undefined ? (
        <Skeleton className={PLACE} />
      ) : series === null || series.regions.length === 0 ? (
        <div className={`${PLACE} grid place-items-center border border-line border-dashed text-sm text-ink-3`}>
          {preview === null ? words.noChart : words.noEvents}
        </div>
      ) : (
        <div className="h-[84px] border-b border-line" aria-hidden>
          <PreviewBars series={series} />
        </div>
      )}
      <figcaption className="mt-1 flex min-h-[18px] flex-wrap gap-x-3 text-xs text-ink-3">
        {first !== undefined && last !== undefined && (
          <>
            <span>{formats.day(first.day)}</span>
            <span className="flex flex-1 flex-wrap justify-center gap-x-3">
              {series?.regions.map((region, position) => (
                <span key={region ?? "others"} className="flex items-center gap-1.5">
                  <SeriesMark position={position} region={region} />
                  {region ?? words.otherRegions}
                </span>
              ))}
            </span>
            <span>{formats.day(last.day)}</span>
          </>
        )}
      </figcaption>
    </figure>
  );
}
