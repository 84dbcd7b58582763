import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { findPageScope } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { EventExplorer } from "@/components/event/event-explorer.tsx";
import {
  type EventFilters,
  loadEventFilters,
  loadEventPlace,
  writeEventFilters,
} from "@/components/event/event-parameters.ts";
import type { FirstEventPage } from "@/components/event/event-queries.ts";
import { eventWords } from "@/components/event/words.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { listEventRegions } from "@/server/event/find.ts";
import { readEventPage } from "./_components/event-reading.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(eventWords)).title };
}

export default async function EventsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [words, filters, { after }, scope] = await Promise.all([
    getWords(eventWords),
    loadEventFilters(searchParams),
    loadEventPlace(searchParams),
    findPageScope("actiontrail:LookupEvents"),
  ]);
  if (scope === null) {
    return <NotAllowedPage title={words.title} below={words.purpose} />;
  }
  const [regions, first] = await Promise.all([listEventRegions(scope), readFirstPage(scope, filters, after)]);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <EventExplorer regions={regions} initial={first && { filters: writeEventFilters(filters), ...first }} />
    </>
  );
}

/** Null for what is refused: the page asks for it again, and has a place for the reason beside the filters. */
async function readFirstPage(
  scope: AccountScope,
  filters: EventFilters,
  after: string | null,
): Promise<FirstEventPage | null> {
  const page = await readEventPage(scope, filters, after).catch((thrown: unknown) => {
    if (thrown instanceof DomainError) {
      return null;
    }
    throw thrown;
  });
  // Behind a place that an old address names there may be nothing any more.
  const isPastEnd = page === null || (page.events.length === 0 && page.next === null);
  if (after !== null && isPastEnd) {
    return readFirstPage(scope, filters, null);
  }
  return page && { page, after };
}
