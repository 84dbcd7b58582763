"use client";

import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { type TransitionStartFunction, useEffect, useRef, useState, useTransition } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { TurnLink } from "@/components/ui/turn-link.tsx";
import { usePreload } from "@/components/ui/use-preload.ts";
import { logKeyText } from "@/domain/log-service/log-key.ts";
import type { LogDto, LogPageDto } from "@/domain/log-service/schema.ts";
import { logParameters } from "./log-parameters.ts";
import { LogTable } from "./log-table.tsx";
import { SearchForm } from "./search-form.tsx";
import { logstoreWords } from "./words.ts";

const loadCard = () => import("./log-card.tsx");
const LogCard = dynamic(() => loadCard().then((part) => part.LogCard));

type LogSearchProps = {
  /** Null when the address has a search that means nothing. */
  page: LogPageDto | null;
  log: LogDto | null;
  isEmpty: boolean;
  path: string;
  now: string;
};

/** A search of a logstore, a page of what it finds, and the log that is open beside it. */
export function LogSearch({ page, log, isEmpty, path, now }: LogSearchProps) {
  usePreload(loadCard);
  const words = useWords(logstoreWords);
  const [isSearching, startSearching] = useTransition();
  const [parameters, setParameters] = useQueryStates(logParameters, {
    shallow: false,
    startTransition: startSearching,
  });
  const { q, from, to, before, log: openKey } = parameters;
  const setHeading = useOpenFocus(openKey !== null && log !== null && logKeyText(log) === openKey ? openKey : null);
  // While the one that was chosen is read, the one before is not it.
  const shownLog = isSearching && log !== null && logKeyText(log) !== openKey ? null : log;
  const isSearch = [q, from, to].some((value) => value !== null);
  const clear = () => void setParameters(null);
  return (
    <>
      <SearchForm
        query={q ?? ""}
        from={from}
        to={to}
        isSearching={isSearching}
        onSearch={(changed) => void setParameters({ ...changed, before: null, log: null })}
      />
      <div className="mb-2 flex min-h-7 flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2">
        <span className="tabular-nums">{isSearching ? words.searching : words.shown(page?.logs.length ?? 0)}</span>
        {page !== null && page.logs.length > 0 && <Download path={path} />}
      </div>
      <div className="grid items-start gap-4 lg:has-[>aside]:grid-cols-[minmax(0,1fr)_minmax(0,420px)]">
        <div className="min-w-0" aria-busy={isSearching}>
          {page !== null && page.logs.length > 0 && (
            <LogTable logs={page.logs} openKey={openKey} onOpen={(key) => void setParameters({ log: key })} now={now} />
          )}
          {page?.isCutShort && <Notice className="mt-3">{words.cutShort}</Notice>}
          {page !== null && page.logs.length === 0 && !page.isCutShort && (
            <NoLogs kind={before !== null ? "past-end" : isEmpty && !isSearch ? "empty" : "none"} onClear={clear} />
          )}
          {page !== null && (page.next !== null || before !== null) && (
            <Paging
              path={path}
              page={page}
              hasBefore={before !== null}
              isReading={isSearching}
              startReading={startSearching}
            />
          )}
        </div>
        {openKey !== null && (
          <aside className="min-w-0 max-lg:order-first lg:sticky lg:top-4" aria-label={words.log}>
            <LogCard
              log={shownLog}
              path={path}
              now={now}
              isReading={isSearching}
              headingRef={setHeading}
              onClose={() => void setParameters({ log: null }, { shallow: true })}
            />
          </aside>
        )}
      </div>
    </>
  );
}

/** Moves the focus to a log once it is there, and back to where it was when it is closed. Answers with the `ref` of the log's heading. */
function useOpenFocus(shownKey: string | null) {
  // Known once it is drawn, because the card may be loaded later than its log is read.
  const [heading, setHeading] = useState<HTMLHeadingElement | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const last = useRef(shownKey);
  useEffect(() => {
    if (last.current === shownKey || (shownKey !== null && heading === null)) {
      return;
    }
    last.current = shownKey;
    if (shownKey === null) {
      opener.current?.focus();
      opener.current = null;
    } else {
      const active = document.activeElement;
      opener.current = active instanceof HTMLElement ? active : null;
      heading?.focus();
    }
  }, [shownKey, heading]);
  return setHeading;
}

function Download({ path }: { path: string }) {
  const words = useWords(logstoreWords);
  const query = new URLSearchParams(useSearchParams());
  query.delete("before");
  query.delete("log");
  return (
    <Button size="small" className="ml-auto max-sm:ml-0" asChild>
      <a href={`${path}/export?${query}`} download>
        {words.download}
      </a>
    </Button>
  );
}

type NoLogsProps = { kind: "empty" | "none" | "past-end"; onClear: () => void };

function NoLogs({ kind, onClear }: NoLogsProps) {
  const words = useWords(logstoreWords);
  switch (kind) {
    case "empty":
      return <StatePanel title={words.empty}>{words.emptyWhy}</StatePanel>;
    case "none":
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
  path: string;
  page: LogPageDto;
  hasBefore: boolean;
  isReading: boolean;
  startReading: TransitionStartFunction;
};

function Paging({ path, page, hasBefore, ...reading }: PagingProps) {
  const words = useWords(logstoreWords);
  const query = useSearchParams();
  const hrefOf = (before: string | null) => {
    const parameters = new URLSearchParams(query);
    parameters.delete("log");
    parameters.delete("before");
    if (before !== null) {
      parameters.set("before", before);
    }
    return parameters.size === 0 ? path : `${path}?${parameters}`;
  };
  return (
    <nav aria-label={words.pages} className="mt-3 flex items-center justify-end gap-2">
      {hasBefore && (
        <TurnLink href={hrefOf(null)} rel="first" {...reading}>
          {words.newest}
        </TurnLink>
      )}
      {page.next !== null && (
        <TurnLink href={hrefOf(page.next)} rel="next" {...reading}>
          {page.isCutShort ? words.goOn : words.older}
        </TurnLink>
      )}
    </nav>
  );
}
