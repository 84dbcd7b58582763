"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useQueryState, useQueryStates } from "nuqs";
import { type TransitionStartFunction, useEffect, useRef, useTransition } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { TurnLink } from "@/components/ui/turn-link.tsx";
import type { AuditEntryDto, AuditPageDto } from "@/domain/access/audit-schema.ts";
import { AuditEntryCard } from "./audit-entry-card.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import { auditFilterParameters, auditParameters } from "./audit-parameters.ts";
import { AuditTable } from "./audit-table.tsx";
import { auditWords } from "./words.ts";

type AuditListProps = { page: AuditPageDto; opened: AuditEntryDto | null; now: string };

/** A page of the audit with its filters, and the entry that is open beside it. */
export function AuditList({ page, opened, now }: AuditListProps) {
  const words = useWords(auditWords);
  const [isReading, startReading] = useTransition();
  const [filters, setFilters] = useQueryStates(auditFilterParameters);
  const [before] = useQueryState("before", auditParameters.before);
  const [entryId, setEntryId] = useQueryState("entry", auditParameters.entry);
  const entry = page.entries.find(({ id }) => id === entryId) ?? (opened?.id === entryId ? opened : null);
  const isFiltered = Object.values(filters).some((value) => value !== null);
  const focus = useEntryFocus(entryId);

  return (
    <>
      <AuditFilters isReading={isReading} startReading={startReading} />
      <div className="mb-2 flex min-h-7 flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2">
        <span className="tabular-nums">{isReading ? words.reading : words.shown(page.entries.length)}</span>
        <Exports />
      </div>
      <div className="grid items-start gap-4 lg:has-[>aside]:grid-cols-[minmax(0,1fr)_380px]">
        <div className="min-w-0" aria-busy={isReading}>
          {page.entries.length > 0 ? (
            <AuditTable entries={page.entries} openId={entryId} onOpen={setEntryId} now={now} />
          ) : (
            <NoEntries
              kind={before !== null ? "past-end" : isFiltered ? "filtered" : "empty"}
              onClear={() => void setFilters(null, { shallow: false, startTransition: startReading })}
            />
          )}
          <Paging next={page.next} hasBefore={before !== null} isReading={isReading} startReading={startReading} />
        </div>
        {entryId !== null && (
          <aside className="min-w-0 max-lg:order-first lg:sticky lg:top-4" aria-label={words.entry}>
            <AuditEntryCard entry={entry} now={now} headingRef={focus} onClose={() => void setEntryId(null)} />
          </aside>
        )}
      </div>
    </>
  );
}

/** Moves the focus into an entry that is opened, and back to where it was when it is closed. */
function useEntryFocus(entryId: string | null) {
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<HTMLElement | null>(null);
  const last = useRef(entryId);
  useEffect(() => {
    if (last.current === entryId) {
      return;
    }
    last.current = entryId;
    if (entryId === null) {
      opener.current?.focus();
      opener.current = null;
    } else {
      const active = document.activeElement;
      opener.current = active instanceof HTMLElement ? active : null;
      heading.current?.focus();
    }
  }, [entryId]);
  return heading;
}

function Exports() {
  const words = useWords(auditWords);
  const query = useSearchParams();
  const hrefOf = (format: string) => {
    const parameters = new URLSearchParams(query);
    parameters.delete("before");
    parameters.delete("entry");
    parameters.set("format", format);
    return `/audit/export?${parameters}`;
  };
  return (
    <span className="ml-auto flex flex-wrap items-center gap-x-2 gap-y-1 max-sm:ml-0">
      <span>{words.exportAs}</span>
      <Button size="small" asChild>
        <a href={hrefOf("csv")} download>
          {words.csv}
        </a>
      </Button>
      <Button size="small" asChild>
        <a href={hrefOf("ndjson")} download>
          {words.ndjson}
        </a>
      </Button>
      <span className="text-xs text-ink-3">{words.exportNote}</span>
    </span>
  );
}

type NoEntriesProps = { kind: "empty" | "filtered" | "past-end"; onClear: () => void };

function NoEntries({ kind, onClear }: NoEntriesProps) {
  const words = useWords(auditWords);
  switch (kind) {
    case "empty":
      return <StatePanel title={words.empty}>{words.emptyWhy}</StatePanel>;
    case "filtered":
      return (
        <StatePanel title={words.none} action={<Button onClick={onClear}>{words.clear}</Button>}>
          {words.noneWhy}
        </StatePanel>
      );
    case "past-end":
      return <StatePanel title={words.pastEnd}>{words.pastEndWhy}</StatePanel>;
  }
}

type PagingProps = {
  next: string | null;
  hasBefore: boolean;
  isReading: boolean;
  startReading: TransitionStartFunction;
};

function Paging({ next, hasBefore, ...reading }: PagingProps) {
  const words = useWords(auditWords);
  const pathname = usePathname();
  const query = useSearchParams();
  const hrefOf = (before: string | null) => {
    const parameters = new URLSearchParams(query);
    parameters.delete("entry");
    parameters.delete("before");
    if (before !== null) {
      parameters.set("before", before);
    }
    return parameters.size === 0 ? pathname : `${pathname}?${parameters}`;
  };
  if (next === null && !hasBefore) {
    return null;
  }
  return (
    <nav aria-label={words.pages} className="mt-3 flex items-center justify-end gap-2">
      {hasBefore && (
        <TurnLink href={hrefOf(null)} rel="first" {...reading}>
          {words.newest}
        </TurnLink>
      )}
      {next !== null && (
        <TurnLink href={hrefOf(next)} rel="next" {...reading}>
          {words.older}
        </TurnLink>
      )}
    </nav>
  );
}
