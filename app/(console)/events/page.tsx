import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { findPageScope } from "@/app/_request/page.ts";
import { getWords } from "@/app/_request/preferences.ts";
import { EventExplorer } from "@/components/event/event-explorer.tsx";
import { loadEventFilters, writeEventFilters } from "@/components/event/event-parameters.ts";
import { eventWords } from "@/components/event/words.ts";
import { NotAllowedPage } from "@/components/ui/not-allowed-page.tsx";
import { PageHead } from "@/components/ui/page-head.tsx";
import { DomainError } from "@/domain/errors.ts";
import { listEventRegions } from "@/server/event/find.ts";
import { readEventPage } from "./_components/event-reading.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(eventWords)).title };
}

export default async function EventsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [words, filters, scope] = await Promise.all([
    getWords(eventWords),
    loadEventFilters(searchParams),
    findPageScope("actiontrail:LookupEvents"),
  ]);
  if (scope === null) {
    return <NotAllowedPage title={words.title} below={words.purpose} />;
  }
  const [regions, page] = await Promise.all([
    listEventRegions(scope),
    // What is refused here is asked for again by the page, which has a place for the reason beside the filters.
    readEventPage(scope, filters, null).catch((thrown: unknown) => {
      if (thrown instanceof DomainError) {
        return null;
      }
      throw thrown;
    }),
  ]);
  return (
    <>
      <PageHead title={words.title} below={words.purpose} />
      <EventExplorer regions={regions} initial={page === null ? null : { filters: writeEventFilters(filters), page }} />
    </>
  );
}
