"use client";

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { refusalIn } from "@/components/ui/poll.ts";
import { StatePanel } from "@/components/ui/state-panel.tsx";
import { useNow } from "@/components/ui/use-now.ts";
import { usePreload } from "@/components/ui/use-preload.ts";
import { HISTORY_MS } from "@/domain/event/event.ts";
import type { LookupCondition } from "@/domain/event/lookup.ts";
import type { EventPageDto } from "@/domain/event/schema.ts";
import { EVENT_DOWNLOAD_MAX } from "./event-download.ts";
import { EventFilters } from "./event-filters.tsx";
import { EventHistogram } from "./event-histogram.tsx";
import {
  eventFilterParameters,
  type EventFilters as Filters,
  openEventParameters,
  writeEventFilters,
} from "./event-parameters.ts";
import { eventHistogramQuery, eventPagesQuery } from "./event-queries.ts";
import { type EventRef, writeEventRef } from "./event-ref.ts";
import { SearchProgress } from "./event-search.tsx";
import { EmptyEvents, FailedEvents, MoreEvents } from "./event-states.tsx";
import { EventTable, EventTableSkeleton } from "./event-table.tsx";
import { eventWords } from "./words.ts";

const loadSheet = () => import("./event-sheet.tsx");
const EventSheet = dynamic(() => loadSheet().then((part) => part.EventSheet), { ssr: false });

type EventExplorerProps = {
  regions: readonly string[];
  /** The first page as the server read it, and the filters it was read with; null when they were refused. */
  initial: { filters: string; page: EventPageDto } | null;
};

/** An account's history: counted by time, listed, and each event beside its text. All that is chosen is in the address. */
export function EventExplorer({ regions, initial }: EventExplorerProps) {
  usePreload(loadSheet);
  const words = useWords(eventWords);
  const [filters, setFilters] = useQueryStates(eventFilterParameters, { history: "push" });
  const [{ event, text }, setOpen] = useQueryStates(openEventParameters, { history: "push" });
  const [round, setRound] = useState(0);
  const lastRound = useRef(0);
  /** Rows that are asked for again: the round that those on screen are of, and why the last try failed; null once they have come. */
  const [renewal, setRenewal] = useState<{ filters: string; before: number; error: Error | null } | null>(null);
  // The control that was pressed, or the row, answers first; what follows from it is drawn behind, so that a slow machine feels no less quick.
  const look = { filters: useDeferredValue(writeEventFilters(filters)), round };
  const opened = useDeferredValue(event);
  const isInitial = round === 0 && initial?.filters === look.filters;
  const pagesQuery = eventPagesQuery(look, isInitial ? initial.page : undefined);
  const pages = useInfiniteQuery(pagesQuery);
  const histogram = useQuery(eventHistogramQuery(look));
  const renewed = renewal?.filters === look.filters ? renewal : null;
  const isOfRound = pages.data !== undefined && !pages.isPlaceholderData;
  if (renewed !== null && round !== renewed.before) {
    if (isOfRound) {
      setRenewal(null);
    } else if (pages.data === undefined && pages.error !== null) {
      // What was read before stays, with the reason why it is not renewed.
      setRenewal({ ...renewed, error: pages.error });
      setRound(renewed.before);
    }
  }
  const renewalError = pages.data === undefined ? null : (renewed?.error ?? null);
  const readAgain = () => {
    setRenewal(isOfRound ? { filters: look.filters, before: round, error: renewalError } : null);
    // Not the number of one that has failed, whose counts may be there already.
    lastRound.current += 1;
    setRound(lastRound.current);
  };
  const events = useMemo(() => pages.data?.pages.flatMap((page) => page.events) ?? [], [pages.data]);
  const first = pages.data?.pages[0];
  const window = useMemo(() => (first === undefined ? null : { from: first.from, to: first.to }), [first]);

  const change = useCallback((changed: Partial<Filters>) => void setFilters(changed), [setFilters]);
  const { last, from, to, order } = filters;
  const clear = useCallback(
    () => void setFilters({ ...NO_FILTERS, last, from, to, order }),
    [setFilters, last, from, to, order],
  );
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages;
  const readOn = useCallback(() => {
    // After a failure the person is asked first, or the same would fail with each step of the wheel.
    if (hasNextPage && !isFetching && !isError) {
      void fetchNextPage();
    }
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const client = useQueryClient();
  // A search that takes longer than one answer goes on by itself until it has found a page, or is stopped.
  const searchedTo = pages.data?.pages.at(-1)?.searchedTo ?? null;
  const searchKey = JSON.stringify(look);
  const [stoppedKey, setStoppedKey] = useState<string | null>(null);
  const isStopped = stoppedKey === searchKey;
  const goesOn = searchedTo !== null && !isStopped && !pages.isPlaceholderData;
  useEffect(() => {
    if (goesOn) {
      readOn();
    }
  }, [goesOn, readOn]);
  const stop = () => {
    setStoppedKey(searchKey);
    void client.cancelQueries({ queryKey: pagesQuery.queryKey });
  };
  const search = searchedTo !== null && window !== null && !pages.isFetchNextPageError && (
    <SearchProgress
      window={window}
      searchedTo={searchedTo}
      order={filters.order}
      isStopped={isStopped}
      onStop={stop}
      onResume={() => setStoppedKey(null)}
    />
  );
  const base = look.filters === "" ? "/events?" : `/events${look.filters}&`;
  const hrefOf = useCallback((ref: EventRef) => `${base}event=${encodeURIComponent(writeEventRef(ref))}`, [base]);
  const open = useCallback((ref: EventRef) => void setOpen({ event: ref }), [setOpen]);
  const select = useCallback(
    ({ from, to }: { from: Date; to: Date }) =>
      void setFilters({ from: utcSecond(from, Math.floor), to: utcSecond(to, Math.ceil) }),
    [setFilters],
  );
  const place = opened === null ? -1 : events.findIndex((one) => writeEventRef(one) === writeEventRef(opened));
  const isRenewing = pages.isFetching && !pages.isFetchingNextPage;
  const retry = () => {
    void pages.refetch();
    if (histogram.isError) {
      void histogram.refetch();
    }
  };
  return (
    <>
      <EventFilters filters={filters} regions={regions} window={window} onChange={change} onClear={clear} />
      <EventHistogram
        histogram={histogram.data}
        failure={histogram.error === null ? null : (refusalIn(histogram.error) ?? words.notCountedNow)}
        isCounting={histogram.isFetching}
        onSelect={select}
      />
      <div className="mb-2 flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1 text-ink-2 text-sm">
        {(isRenewing || pages.dataUpdatedAt > 0) && <ReadWhen updatedAt={pages.dataUpdatedAt} isReading={isRenewing} />}
        <Button size="small" disabled={isRenewing} onClick={readAgain}>
          {isRenewing ? words.reading : words.refresh}
        </Button>
        {window !== null && events.length > 0 && (
          <span className="ml-auto flex flex-wrap gap-2 max-sm:ml-0">
            <Button size="small" asChild>
              <a href={`/events/download${look.filters}`} download aria-describedby="event-download-note">
                {words.download}
              </a>
            </Button>
            <RedeliverLink window={window} isAll={last === "90d" && from === null && to === null} />
          </span>
        )}
        {events.length > 0 && (
          <span id="event-download-note" className="basis-full text-right text-ink-3 text-xs max-sm:text-left">
            {words.downloadNote(EVENT_DOWNLOAD_MAX)}
          </span>
        )}
      </div>
      {renewalError !== null && (
        <div className="mb-3">
          <FailedEvents
            error={renewalError}
            isRetrying={isRenewing}
            onRetry={readAgain}
            onReset={() => change({ last: "7d", from: null, to: null })}
          />
        </div>
      )}
      {pages.error !== null && events.length === 0 ? (
        <FailedEvents
          error={pages.error}
          isRetrying={pages.isFetching}
          onRetry={retry}
          onReset={() => change({ last: "7d", from: null, to: null })}
        />
      ) : pages.data === undefined ? (
        <EventTableSkeleton />
      ) : events.length === 0 && search ? (
        <StatePanel title={isStopped ? words.searchStopped : words.searching}>
          <p className="mb-3">{words.searchWhy}</p>
          {search}
        </StatePanel>
      ) : events.length === 0 ? (
        <EmptyEvents
          kind={emptyKind(filters, regions)}
          onClear={clear}
          onWholeHistory={() => change({ last: "90d", from: null, to: null })}
        />
      ) : (
        <div aria-busy={isRenewing}>
          <EventTable events={events} open={event} onOpen={open} onNearEnd={readOn} hrefOf={hrefOf} />
          {search ? (
            <div className="mt-3">{search}</div>
          ) : (
            <MoreEvents
              shown={events.length}
              hasMore={hasNextPage}
              isLoading={pages.isFetchingNextPage}
              error={pages.isFetchNextPageError ? pages.error : null}
              onMore={() => void fetchNextPage()}
            />
          )}
        </div>
      )}
      {opened !== null && (
        <EventSheet
          event={opened}
          textForm={text}
          onTextForm={(form) => void setOpen({ text: form }, { history: "replace" })}
          previous={place > 0 ? (events[place - 1] ?? null) : null}
          next={place === -1 ? null : (events[place + 1] ?? null)}
          onOpen={(ref) => void setOpen({ event: ref }, { history: "replace" })}
          onFilter={(condition) => {
            void setOpen({ event: null });
            change(filterOf(condition));
          }}
          onClose={() => void setOpen({ event: null })}
        />
      )}
    </>
  );
}

const NO_FILTERS: { readonly [Name in keyof Filters]: null } = {
  last: null,
  from: null,
  to: null,
  region: null,
  EventRW: null,
  order: null,
  ServiceName: null,
  EventName: null,
  User: null,
  RoleName: null,
  ResourceName: null,
  ResourceType: null,
  SourceIpAddress: null,
  EventAccessKeyId: null,
  EventType: null,
  SensitiveAction: null,
  EventId: null,
};

function filterOf({ key, value }: LookupCondition): Partial<Filters> {
  return { [key]: value };
}

function emptyKind(filters: Filters, regions: readonly string[]): "history" | "filtered" | "range" {
  const isFiltered = Object.entries(filters).some(
    ([name, value]) => !["last", "from", "to", "order"].includes(name) && value !== null,
  );
  return regions.length === 0 ? "history" : isFiltered ? "filtered" : "range";
}

/** As the address keeps a time, in whole seconds. */
function utcSecond(at: Date, round: (seconds: number) => number): string {
  return new Date(round(at.getTime() / 1_000) * 1_000).toISOString().slice(0, 19);
}

/** So long before history ends a window may begin: whoever follows the link still has to choose a trail. */
const ON_THE_WAY_MS = 3_600_000;

/** All of history is named as such, because its beginning moves on with the clock; a window that begins there begins a little later. */
function RedeliverLink({ window, isAll }: { window: { from: string; to: string }; isAll: boolean }) {
  const words = useWords(eventWords);
  const now = useNow();
  const oldest = now === null ? 0 : now - HISTORY_MS + ON_THE_WAY_MS;
  const from = new Date(oldest < Date.parse(window.to) ? Math.max(Date.parse(window.from), oldest) : window.from);
  const own = `${utcSecond(from, Math.floor)}Z/${utcSecond(new Date(window.to), Math.ceil)}Z`;
  return (
    <Button size="small" asChild>
      <Link href={`/trails?${new URLSearchParams({ window: isAll ? "default" : own })}`}>{words.redeliver}</Link>
    </Button>
  );
}

function ReadWhen({ updatedAt, isReading }: { updatedAt: number; isReading: boolean }) {
  const words = useWords(eventWords);
  const now = useNow();
  const age = now === null ? 0 : now - updatedAt;
  return (
    <span className="tabular-nums">{isReading ? words.reading : age < 1_000 ? words.readNow : words.readAt(age)}</span>
  );
}
