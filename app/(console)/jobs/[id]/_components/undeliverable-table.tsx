"use client";

import { createColumnHelper, useTable } from "@tanstack/react-table";
import { useMemo } from "react";
import { reasonInWords } from "@/components/history-job/engine-words.ts";
import { historyJobWords } from "@/components/history-job/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { listFeatures } from "@/components/table/list-features.ts";
import { ListSkeleton, ListTable } from "@/components/table/list-table.tsx";
import { ExactTime } from "@/components/ui/exact-time.tsx";
import type { UndeliverableDto } from "@/domain/history-job/schema.ts";
import { jobPageWords } from "./words.ts";

const features = listFeatures<object>();
const column = createColumnHelper<typeof features, UndeliverableDto>();

function useUndeliverableColumns() {
  const words = useWords(jobPageWords);
  const jobWords = useWords(historyJobWords);
  return useMemo(
    () =>
      column.columns([
        column.accessor("eventId", {
          header: words.event,
          meta: { skeleton: ["w-64 max-w-full"], isTitle: true, cellClassName: "mono [overflow-wrap:anywhere]" },
          cell: ({ getValue }) => getValue(),
        }),
        column.accessor("eventTime", {
          header: words.eventTime,
          meta: { skeleton: ["w-36"] },
          cell: ({ getValue }) => <ExactTime at={getValue()} />,
        }),
        column.accessor("region", {
          header: words.region,
          meta: { skeleton: ["w-20"] },
          cell: ({ getValue }) => <span className="mono">{getValue()}</span>,
        }),
        column.accessor("reason", {
          header: words.reason,
          meta: { skeleton: ["w-48 max-w-full"] },
          cell: ({ getValue }) => (
            <span className="[overflow-wrap:anywhere]">{reasonInWords(getValue(), jobWords)}</span>
          ),
        }),
      ]),
    [words, jobWords],
  );
}

export function UndeliverableTable({ events }: { events: readonly UndeliverableDto[] }) {
  const table = useTable({
    features,
    columns: useUndeliverableColumns(),
    data: events,
    getRowId: ({ region, eventTime, eventId }) => `${region} ${eventTime} ${eventId}`,
  });
  return (
    <div className="border-t border-line">
      <ListTable table={table} />
    </div>
  );
}

const SKELETON_ROWS = 3;
const NO_EVENTS: UndeliverableDto[] = [];

/** The table's skeleton twin. */
export function UndeliverableTableSkeleton() {
  const table = useTable({ features, columns: useUndeliverableColumns(), data: NO_EVENTS });
  return (
    <div className="border-t border-line">
      <ListSkeleton table={table} rowCount={SKELETON_ROWS} />
    </div>
  );
}
