"use client";

import type { ReactNode } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Card } from "@/components/ui/card.tsx";
import { cn } from "@/components/ui/class-names.ts";
import { Instant } from "@/components/ui/instant.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import { logKeyText } from "@/domain/log-service/log-key.ts";
import type { LogSummaryDto } from "@/domain/log-service/schema.ts";
import { logstoreWords } from "./words.ts";

type LogTableProps = {
  logs: readonly LogSummaryDto[];
  openKey: string | null;
  onOpen: (key: string | null) => void;
  /** Whether a log stands beside the list, which leaves it less room. */
  isNarrow: boolean;
  now: string;
};

/** Logs by what tells them apart; the event's name opens the whole of it, and closes it again. */
export function LogTable({ logs, openKey, onOpen, isNarrow, now }: LogTableProps) {
  const words = useWords(logstoreWords);
  return (
    <LogTableFrame isNarrow={isNarrow}>
      {logs.map((log) => {
        const key = logKeyText(log);
        const isOpen = key === openKey;
        const name = log.eventName ?? words.unnamed;
        return (
          <TableRow key={key} className={cn(isOpen && "bg-accent-soft")}>
            <TableCell label={words.eventTime}>
              <Instant at={log.eventTime} now={now} shown="absolute" />
            </TableCell>
            <TableCell label={words.event}>
              <div>
                <button
                  type="button"
                  aria-label={words.open(name)}
                  aria-expanded={isOpen}
                  onClick={() => onOpen(isOpen ? null : key)}
                  className="rounded-cell text-left font-[550] underline decoration-line-strong underline-offset-2 [overflow-wrap:anywhere] hover:decoration-current"
                >
                  {name}
                </button>
                <div className="text-xs text-ink-2">
                  {[log.serviceName, log.eventRW].filter((text) => text !== null).join(" · ")}
                  {log.errorCode !== null && <span className="mono font-[550] text-bad"> {log.errorCode}</span>}
                </div>
              </div>
            </TableCell>
            <TableCell label={words.user} className={cn(isNarrow && "lg:hidden")}>
              <span className="[overflow-wrap:anywhere]">{log.userName ?? "—"}</span>
            </TableCell>
            <TableCell label={words.region}>{log.region}</TableCell>
            <TableCell label={words.arrived} className={cn(isNarrow && "lg:hidden")}>
              <Instant at={log.receivedAt} now={now} shown="relative" />
            </TableCell>
          </TableRow>
        );
      })}
    </LogTableFrame>
  );
}

const SKELETON_ROWS = ["1", "2", "3", "4", "5", "6", "7", "8"];

/** The table's skeleton twin. */
export function LogTableSkeleton() {
  const words = useWords(logstoreWords);
  return (
    <LogTableFrame isNarrow={false}>
      {SKELETON_ROWS.map((row) => (
        <TableRow key={row}>
          <TableCell label={words.eventTime}>
            <Skeleton className="w-36" />
          </TableCell>
          <TableCell label={words.event}>
            <Skeleton className="w-32" />
            <Skeleton className="w-16" />
          </TableCell>
          <TableCell label={words.user}>
            <Skeleton className="w-20" />
          </TableCell>
          <TableCell label={words.region}>
            <Skeleton className="w-20" />
          </TableCell>
          <TableCell label={words.arrived}>
            <Skeleton className="w-16" />
          </TableCell>
        </TableRow>
      ))}
    </LogTableFrame>
  );
}

function LogTableFrame({ isNarrow, children }: { isNarrow: boolean; children: ReactNode }) {
  const words = useWords(logstoreWords);
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{words.eventTime}</TableHeader>
            <TableHeader>{words.event}</TableHeader>
            <TableHeader className={cn(isNarrow && "lg:hidden")}>{words.user}</TableHeader>
            <TableHeader>{words.region}</TableHeader>
            <TableHeader className={cn(isNarrow && "lg:hidden")}>{words.arrived}</TableHeader>
          </tr>
        </TableHead>
        <TableBody>{children}</TableBody>
      </Table>
    </Card>
  );
}
