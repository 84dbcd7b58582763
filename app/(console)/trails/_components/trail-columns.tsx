"use client";

import {
  columnFilteringFeature,
  createColumnHelper,
  createFilteredRowModel,
  createSortedRowModel,
  filterFn_equalsString,
  filterFn_includesString,
  metaHelper,
  rowSortingFeature,
  sortFn_basic,
  sortFn_text,
  tableFeatures,
} from "@tanstack/react-table";
import { useMemo } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import type { ColumnLook } from "@/components/table/list-features.ts";
import { EventRW } from "@/components/trail/event-rw.tsx";
import { LastJob } from "@/components/trail/last-job.tsx";
import { LogstoreName } from "@/components/trail/logstore-name.tsx";
import { Regions } from "@/components/trail/regions.tsx";
import { TrailStatusMark } from "@/components/trail/trail-status-mark.tsx";
import { RowLink } from "@/components/ui/row-link.tsx";
import { whyNotRedeliverable } from "@/domain/trail/rules.ts";
import type { TrailDto } from "@/domain/trail/schema.ts";
import { RedeliverHistory } from "./redeliver-history.tsx";
import { trailsWords } from "./words.ts";

type TrailMeta = { accountId: string; mayRedeliver: boolean; now: string };

/** An account's trails are few and come all at once: they are filtered and sorted where they are. */
export const trailTableFeatures = tableFeatures({
  columnFilteringFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
  filterFns: { includesString: filterFn_includesString, equalsString: filterFn_equalsString },
  sortFns: { basic: sortFn_basic, text: sortFn_text },
  columnMeta: metaHelper<ColumnLook>(),
  tableMeta: metaHelper<TrailMeta>(),
});

const column = createColumnHelper<typeof trailTableFeatures, TrailDto>();

/** The columns that the list can stand by. */
export const SORTED_COLUMNS: ReadonlySet<string> = new Set(["trail", "status", "lastJob"]);

export function useTrailColumns() {
  const words = useWords(trailsWords);
  return useMemo(
    () =>
      column.columns([
        column.accessor(allNamesOf, {
          id: "trail",
          header: words.trail,
          sortFn: "text",
          filterFn: "includesString",
          meta: { skeleton: ["w-32", "w-20"], isTitle: true },
          cell: ({ row }) => <TrailName trail={row.original} />,
        }),
        column.accessor("status", {
          header: words.status,
          sortFn: "text",
          filterFn: "equalsString",
          meta: { skeleton: ["w-20"] },
          cell: ({ getValue }) => <TrailStatusMark status={getValue()} />,
        }),
        column.display({
          id: "selects",
          header: words.selects,
          meta: { skeleton: ["w-24", "w-16"] },
          cell: ({ row: { original: trail } }) => (
            <div>
              <Regions trailRegion={trail.trailRegion} />
              <div className="text-xs text-ink-3">
                <EventRW eventRW={trail.eventRW} />
              </div>
            </div>
          ),
        }),
        column.display({
          id: "deliversTo",
          header: words.deliversTo,
          meta: { skeleton: ["w-40"] },
          cell: ({ row }) => <TrailDestination trail={row.original} />,
        }),
        column.accessor(({ lastJob }) => (lastJob === null ? 0 : Date.parse(lastJob.createdAt)), {
          id: "lastJob",
          header: words.lastRedelivery,
          sortFn: "basic",
          sortDescFirst: true,
          meta: { skeleton: ["w-28"] },
          cell: ({ row: { original: trail }, table }) =>
            trail.lastJob === null && whyNotRedeliverable(trail) !== null ? (
              <span className="text-ink-2">—</span>
            ) : (
              <LastJob lastJob={trail.lastJob} now={table.options.meta?.now ?? ""} />
            ),
        }),
        column.display({
          id: "redeliver",
          header: words.redeliver,
          meta: {
            skeleton: ["ml-auto h-7 w-32 max-lg:ml-0"],
            isTitle: true,
            isHeadHidden: true,
            cellClassName: "text-right max-lg:text-left",
          },
          cell: ({ row: { original: trail }, table: { options } }) => (
            <RedeliverHistory
              accountId={options.meta?.accountId ?? ""}
              trail={trail}
              notRedeliverable={whyNotRedeliverable(trail)}
              mayRedeliver={options.meta?.mayRedeliver ?? false}
            />
          ),
        }),
      ]),
    [words],
  );
}

/** A trail is found by all that a person may remember of it: names, regions, destinations. */
function allNamesOf({ name, homeRegion, trailRegion, logstore, ossBucketName }: TrailDto): string {
  return [name, homeRegion, trailRegion, logstore?.projectName, logstore?.logstoreName, ossBucketName].join(" ");
}

function TrailName({ trail }: { trail: TrailDto }) {
  return (
    <>
      <RowLink
        href={`/trails/${trail.name}`}
        className="font-semibold break-words underline-offset-2 sm:whitespace-nowrap hover:underline"
      >
        {trail.name}
      </RowLink>
      <div className="text-xs text-ink-3">{trail.homeRegion}</div>
    </>
  );
}

function TrailDestination({ trail }: { trail: TrailDto }) {
  const words = useWords(trailsWords);
  if (trail.logstore !== null) {
    return <LogstoreName {...trail.logstore} />;
  }
  if (trail.ossBucketName !== null) {
    return <span className="mono [overflow-wrap:anywhere]">{words.ossBucket(trail.ossBucketName)}</span>;
  }
  return <span className="text-ink-2">{trail.maxComputeProjectArn === null ? words.nowhere : words.maxCompute}</span>;
}
