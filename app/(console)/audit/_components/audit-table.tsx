"use client";

import type { ReactNode } from "react";
import { auditEntryWords } from "@/components/access/audit-words.ts";
import { OutcomeMark } from "@/components/access/outcome-mark.tsx";
import { useWords } from "@/components/language/language-provider.tsx";
import { Card } from "@/components/ui/card.tsx";
import { cn } from "@/components/ui/class-names.ts";
import { Instant } from "@/components/ui/instant.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table.tsx";
import type { AuditEntryDto } from "@/domain/access/audit-schema.ts";
import { auditWords } from "./words.ts";

type AuditTableProps = {
  entries: readonly AuditEntryDto[];
  openId: string | null;
  onOpen: (id: string | null) => unknown;
  now: string;
};

/** Entries of the audit; the action opens its details, and closes them again. */
export function AuditTable({ entries, openId, onOpen, now }: AuditTableProps) {
  const words = useWords(auditWords);
  const entryWords = useWords(auditEntryWords);
  return (
    <AuditTableFrame isNarrow={openId !== null}>
      {entries.map((entry) => (
        <TableRow key={entry.id} className={cn(entry.id === openId && "bg-accent-soft")}>
          <TableCell label={words.when}>
            <Instant at={entry.at} now={now} shown="absolute" />
          </TableCell>
          <TableCell label={words.did}>
            <button
              type="button"
              aria-label={words.open(entry.action)}
              aria-expanded={entry.id === openId}
              onClick={() => onOpen(entry.id === openId ? null : entry.id)}
              className="mono rounded-cell text-left text-ink underline decoration-line-strong underline-offset-2 [overflow-wrap:anywhere] hover:decoration-current"
            >
              {entry.action}
            </button>
          </TableCell>
          <TableCell label={words.who}>
            <div className="[overflow-wrap:anywhere]">
              {entry.actorName}
              <div className="text-xs text-ink-2">{entryWords.actors[entry.actorType]}</div>
            </div>
          </TableCell>
          <TableCell label={words.from} className={cn(openId !== null && "lg:hidden")}>
            <span className="mono text-ink-2">{entry.from ?? entryWords.noAddress}</span>
          </TableCell>
          <TableCell label={words.outcome}>
            <OutcomeMark outcome={entry.outcome} errorCode={entry.errorCode} />
          </TableCell>
        </TableRow>
      ))}
    </AuditTableFrame>
  );
}

// About what fits a screen, so that little moves when the real ones come.
const SKELETON_ROWS = ["1", "2", "3", "4", "5", "6", "7", "8"];

/** The table's skeleton twin. */
export function AuditTableSkeleton() {
  const words = useWords(auditWords);
  return (
    <AuditTableFrame isNarrow={false}>
      {SKELETON_ROWS.map((row) => (
        <TableRow key={row}>
          <TableCell label={words.when}>
            <Skeleton className="w-36" />
          </TableCell>
          <TableCell label={words.did}>
            <Skeleton className="w-56 max-w-full" />
          </TableCell>
          <TableCell label={words.who}>
            <Skeleton className="w-40" />
            <Skeleton className="w-12" />
          </TableCell>
          <TableCell label={words.from}>
            <Skeleton className="w-20" />
          </TableCell>
          <TableCell label={words.outcome}>
            <Skeleton className="w-16" />
          </TableCell>
        </TableRow>
      ))}
    </AuditTableFrame>
  );
}

type AuditTableFrameProps = {
  /** Whether an entry stands beside the list, which leaves it less room. */
  isNarrow: boolean;
  children: ReactNode;
};

function AuditTableFrame({ isNarrow, children }: AuditTableFrameProps) {
  const words = useWords(auditWords);
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{words.when}</TableHeader>
            <TableHeader>{words.did}</TableHeader>
            <TableHeader>{words.who}</TableHeader>
            <TableHeader className={cn(isNarrow && "lg:hidden")}>{words.from}</TableHeader>
            <TableHeader>{words.outcome}</TableHeader>
          </tr>
        </TableHead>
        <TableBody>{children}</TableBody>
      </Table>
    </Card>
  );
}
