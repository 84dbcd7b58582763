"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { useMemo } from "react";
import { auditEntryWords } from "@/components/access/audit-words.ts";
import { OutcomeMark } from "@/components/access/outcome-mark.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { listFeatures } from "@/components/table/list-features.ts";
import { Instant } from "@/components/ui/instant.tsx";
import type { AuditEntryDto } from "@/domain/access/audit-schema.ts";
import { auditWords } from "./words.ts";

type AuditMeta = { now: string; openId: string | null; onOpen: (id: string | null) => unknown };

export const auditFeatures = listFeatures<AuditMeta>();
const column = createColumnHelper<typeof auditFeatures, AuditEntryDto>();

/** @param isNarrow whether an entry stands beside the list, which leaves it less room */
export function useAuditColumns(isNarrow: boolean) {
  const words = useWords(auditWords);
  const entryWords = useWords(auditEntryWords);
  return useMemo(() => {
    const whereWide = isNarrow ? "lg:hidden" : "";
    return column.columns([
      column.accessor("at", {
        header: words.when,
        meta: { skeleton: ["w-36"] },
        cell: ({ getValue, table }) => <Instant at={getValue()} now={table.options.meta?.now ?? ""} shown="absolute" />,
      }),
      column.accessor("action", {
        header: words.did,
        meta: { skeleton: ["w-56 max-w-full"] },
        cell: ({ row: { original: entry }, table }) => {
          const { openId = null, onOpen } = table.options.meta ?? {};
          return (
            <button
              type="button"
              aria-label={words.open(entry.action)}
              aria-expanded={entry.id === openId}
              onClick={() => onOpen?.(entry.id === openId ? null : entry.id)}
              className="mono rounded-cell text-left text-ink underline decoration-line-strong underline-offset-2 [overflow-wrap:anywhere] hover:decoration-current"
            >
              {entry.action}
            </button>
          );
        },
      }),
      column.accessor("actorName", {
        header: words.who,
        meta: { skeleton: ["w-40", "w-12"] },
        cell: ({ row: { original: entry } }) => (
          <div className="[overflow-wrap:anywhere]">
            {entry.actorName}
            <div className="text-xs text-ink-2">{entryWords.actors[entry.actorType]}</div>
          </div>
        ),
      }),
      column.accessor("from", {
        header: words.from,
        meta: { skeleton: ["w-20"], className: whereWide },
        cell: ({ getValue }) => <span className="mono text-ink-2">{getValue() ?? entryWords.noAddress}</span>,
      }),
      column.accessor("outcome", {
        header: words.outcome,
        meta: { skeleton: ["w-16"] },
        cell: ({ row: { original: entry } }) => <OutcomeMark outcome={entry.outcome} errorCode={entry.errorCode} />,
      }),
    ]);
  }, [words, entryWords, isNarrow]);
}
