"use client";

import { createColumnHelper, useTable } from "@tanstack/react-table";
import { useMemo } from "react";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { listFeatures } from "@/components/table/list-features.ts";
import { ListTable } from "@/components/table/list-table.tsx";
import { ExactTime } from "@/components/ui/exact-time.tsx";
import { ScrollRegion } from "@/components/ui/scroll-region.tsx";
import type { RateSpan } from "@/domain/history-job/rate.ts";
import { jobPageWords } from "./words.ts";

const features = listFeatures<object>();
const column = createColumnHelper<typeof features, RateSpan>();

const COUNT = { skeleton: ["w-16"], className: "text-right", cellClassName: "tabular-nums" };

function useRateColumns() {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  const { count, duration } = useFormats();
  return useMemo(
    () =>
      column.columns([
        column.accessor("from", {
          header: words.rateFrom,
          meta: { skeleton: ["w-32"], isTitle: true, cellClassName: "tabular-nums" },
          cell: ({ getValue }) => <ExactTime at={new Date(getValue()).toISOString()} />,
        }),
        column.accessor(({ from, to }) => to - from, {
          id: "for",
          header: words.rateFor,
          meta: { skeleton: ["w-10"], cellClassName: "tabular-nums" },
          cell: ({ getValue }) => duration(getValue()),
        }),
        column.accessor("delivered", {
          header: jobWords.delivered,
          meta: COUNT,
          cell: ({ getValue }) => count(getValue()),
        }),
        column.accessor("eventsPerSecond", {
          header: words.rate,
          meta: COUNT,
          cell: ({ row: { original: span } }) =>
            span.eventsPerSecond === null ? words.ratePaused : jobWords.eventsPerSecond(span.eventsPerSecond),
        }),
      ]),
    [words, jobWords, count, duration],
  );
}

/** The stretches of the chart in words, the newest first. */
export function RateTable({ spans }: { spans: readonly RateSpan[] }) {
  const words = useWords(jobPageWords);
  const table = useTable({
    features,
    columns: useRateColumns(),
    data: useMemo(() => spans.toReversed(), [spans]),
    getRowId: ({ from }) => String(from),
  });
  return (
    <ScrollRegion label={words.rateTable} className="mt-3 max-h-72 print:max-h-none">
      <ListTable table={table} />
    </ScrollRegion>
  );
}
