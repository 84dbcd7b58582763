"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { useMemo } from "react";
import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { listFeatures } from "@/components/table/list-features.ts";
import { Instant } from "@/components/ui/instant.tsx";
import { RowLink } from "@/components/ui/row-link.tsx";
import type { LogstoreDto } from "@/domain/log-service/schema.ts";
import { type DestinationWords, destinationWords } from "./words.ts";

export const logstoreFeatures = listFeatures<{ now: string }>();
const column = createColumnHelper<typeof logstoreFeatures, LogstoreDto>();

export function useLogstoreColumns() {
  const words = useWords(destinationWords);
  const { count } = useFormats();
  return useMemo(
    () =>
      column.columns([
        column.accessor("name", {
          header: words.logstore,
          meta: { skeleton: ["w-44", "w-32"], isTitle: true },
          cell: ({ row: { original } }) => <Name logstore={original} />,
        }),
        column.accessor("logs", {
          header: words.logs,
          meta: { skeleton: ["ml-auto w-16 max-lg:ml-0"], className: "text-right", cellClassName: "tabular-nums" },
          cell: ({ row: { original: logstore } }) => (
            <div>
              {count(logstore.logs)}
              {logstore.plainLogs > 0 && (
                <div className="text-xs text-ink-3">{words.withoutEvent(logstore.plainLogs)}</div>
              )}
            </div>
          ),
        }),
        column.accessor("bytes", {
          header: words.size,
          meta: {
            skeleton: ["ml-auto w-12 max-lg:ml-0"],
            className: "text-right",
            cellClassName: "whitespace-nowrap tabular-nums",
          },
          cell: ({ getValue }) => words.sizeOf(getValue()),
        }),
        column.accessor("lastArrivalAt", {
          header: `${words.arrivals} (${words.firstToLast})`,
          meta: { skeleton: ["w-36", "w-28"] },
          cell: ({ row: { original }, table }) => (
            <Arrivals logstore={original} now={table.options.meta?.now ?? ""} words={words} />
          ),
        }),
        column.accessor("trail", {
          header: words.fedBy,
          meta: { skeleton: ["w-28", "w-20"] },
          cell: ({ row: { original } }) => <FedBy logstore={original} words={words} />,
        }),
      ]),
    [words, count],
  );
}

function Name({ logstore: { region, project, name } }: { logstore: LogstoreDto }) {
  return (
    <>
      <RowLink
        href={`/destinations/${region}/${project}/${name}`}
        className="mono font-semibold underline-offset-2 [overflow-wrap:anywhere] hover:underline"
      >
        {name}
      </RowLink>
      <div className="text-xs text-ink-3 [overflow-wrap:anywhere]">
        {region} · {project}
      </div>
    </>
  );
}

function Arrivals({ logstore, now, words }: { logstore: LogstoreDto; now: string; words: DestinationWords }) {
  const { firstArrivalAt, lastArrivalAt, firstEventDay, lastEventDay } = logstore;
  if (firstArrivalAt === null || lastArrivalAt === null) {
    return <span className="text-ink-2">{words.never}</span>;
  }
  return (
    <div>
      <Instant at={firstArrivalAt} now={now} shown="relative" />
      {" – "}
      <Instant at={lastArrivalAt} now={now} shown="relative" />
      {firstEventDay !== null && lastEventDay !== null && (
        <div className="text-xs text-ink-3">{words.eventDays(firstEventDay, lastEventDay)}</div>
      )}
    </div>
  );
}

function FedBy({
  logstore: { trail, jobCount, lastJobId },
  words,
}: {
  logstore: LogstoreDto;
  words: DestinationWords;
}) {
  return (
    <div>
      {trail === null ? (
        <span className="text-ink-2">{words.noTrail}</span>
      ) : (
        <RowLink
          href={`/trails/${trail}`}
          className="inline-block min-h-6 underline-offset-2 [overflow-wrap:anywhere] hover:underline"
        >
          {words.trail(trail)}
        </RowLink>
      )}
      <div className="text-xs text-ink-3">
        {words.jobs(jobCount)}
        {lastJobId !== null && (
          <>
            {" · "}
            <RowLink href={`/jobs/${lastJobId}`} className="underline underline-offset-2">
              {words.lastJob(lastJobId)}
            </RowLink>
          </>
        )}
      </div>
    </div>
  );
}
