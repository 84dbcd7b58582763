import "server-only";
import { type EventFilters, lookupOf } from "@/components/event/event-parameters.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import type { EventHistogramDto, EventPageDto } from "@/domain/event/schema.ts";
import { readDatabaseTime } from "@/server/db.ts";
import { countByTime } from "@/server/event/histogram.ts";
import { lookupEvents } from "@/server/event/lookup.ts";

/** Rows that are read at a time: some screens, and still one short answer. */
const PAGE_SIZE = 100;

/** What the filters of an address ask for. @throws DomainError InvalidParameterCombination for a window that ends before it begins */
export async function lookupInAddress(filters: EventFilters) {
  const now = await readDatabaseTime();
  const found = lookupOf(filters, now);
  if (found === "reversed") {
    throw new DomainError("InvalidParameterCombination");
  }
  return { ...found, now };
}

export async function readEventPage(
  scope: AccountScope,
  filters: EventFilters,
  after: string | null,
): Promise<EventPageDto> {
  const { lookup, direction, now } = await lookupInAddress(filters);
  const page = await lookupEvents(scope, { lookup, direction, pageSize: PAGE_SIZE, cursor: after });
  return {
    now: now.toISOString(),
    from: page.from.toISOString(),
    to: page.to.toISOString(),
    events: [...page.events],
    next: page.next,
    searchedTo: page.searchedTo?.toISOString() ?? null,
  };
}

export async function readEventHistogram(scope: AccountScope, filters: EventFilters): Promise<EventHistogramDto> {
  return countByTime(scope, (await lookupInAddress(filters)).lookup);
}
