"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { useMemo } from "react";
import { eventWords } from "@/components/event/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { listFeatures } from "@/components/table/list-features.ts";
import { Instant } from "@/components/ui/instant.tsx";
import { logKeyText } from "@/domain/log-service/log-key.ts";
import type { LogSummaryDto } from "@/domain/log-service/schema.ts";
import { logstoreWords } from "./words.ts";

type LogMeta = { now: string; openKey: string | null; onOpen: (key: string | null) => void };

export const logFeatures = listFeatures<LogMeta>();
const column = createColumnHelper<typeof logFeatures, LogSummaryDto>();

/** @param isNarrow whether a log stands beside the list, which leaves it less room */
export function useLogColumns(isNarrow: boolean) {
  const words = useWords(logstoreWords);
  const { recordedAs } = useWords(eventWords);
  return useMemo(() => {
    const readOrWrite = (eventRW: string | null) =>
      eventRW === "Read" || eventRW === "Write" ? recordedAs[eventRW] : eventRW;
    const whereWide = isNarrow ? "lg:hidden" : "";
    return column.columns([
      column.accessor("eventTime", {
        header: words.eventTime,
        meta: { skeleton: ["w-36"] },
        cell: ({ getValue, table }) => <Instant at={getValue()} now={table.options.meta?.now ?? ""} shown="absolute" />,
      }),
      column.accessor("eventName", {
        header: words.event,
        meta: { skeleton: ["w-32", "w-16"] },
        cell: ({ row: { original: log }, table }) => {
          const { openKey = null, onOpen } = table.options.meta ?? {};
          const key = logKeyText(log);
          const name = log.eventName ?? words.unnamed;
          return (
            <div>
              <button
                type="button"
                aria-label={words.open(name)}
                aria-expanded={key === openKey}
                onClick={() => onOpen?.(key === openKey ? null : key)}
                className="rounded-cell text-left font-[550] underline decoration-line-strong underline-offset-2 [overflow-wrap:anywhere] hover:decoration-current"
              >
                {name}
              </button>
              <div className="text-xs text-ink-2">
                {[log.serviceName, readOrWrite(log.eventRW)].filter((text) => text !== null).join(" · ")}
                {log.errorCode !== null && <span className="mono font-[550] text-bad"> {log.errorCode}</span>}
              </div>
            </div>
          );
        },
      }),
      column.accessor("userName", {
        header: words.user,
        meta: { skeleton: ["w-20"], className: whereWide },
        cell: ({ getValue }) => <span className="[overflow-wrap:anywhere]">{getValue() ?? "—"}</span>,
      }),
      column.accessor("region", {
        header: words.region,
        meta: { skeleton: ["w-20"] },
        cell: ({ getValue }) => getValue(),
      }),
      column.accessor("receivedAt", {
        header: words.arrived,
        meta: { skeleton: ["w-16"], className: whereWide },
        cell: ({ getValue, table }) => <Instant at={getValue()} now={table.options.meta?.now ?? ""} shown="relative" />,
      }),
    ]);
  }, [words, recordedAs, isNarrow]);
}
