import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "@/components/ui/poll.ts";
import type { EventPageDto } from "@/domain/event/schema.ts";
import { type EventRef, writeEventRef } from "./event-ref.ts";

const loadSchemas = () => import("@/domain/event/schema.ts");

/** What is read stays as it is until the person asks for it again: rows that move under the eye are no list to read in. */
const untilAsked = {
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: false,
  retry: false,
  networkMode: "always",
} as const;

type Look = {
  /** The filters as the address has them, "" or with "?". */
  filters: string;
  /** How often the person has asked for the same again. */
  round: number;
};

/** The pages of a look-up, one behind the other. */
export function eventPagesQuery({ filters, round }: Look, initial: EventPageDto | undefined) {
  return infiniteQueryOptions({
    ...untilAsked,
    queryKey: ["events", filters, round],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams(filters);
      if (pageParam !== null) {
        query.set("after", pageParam);
      }
      return getJson(`/events/data?${query}`, async () => (await loadSchemas()).eventPageDtoSchema, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    ...(initial === undefined ? {} : { initialData: { pages: [initial], pageParams: [null] } }),
  });
}

/** Counts by time of the same look-up. */
export function eventHistogramQuery({ filters, round }: Look) {
  return queryOptions({
    ...untilAsked,
    queryKey: ["event-histogram", filters, round],
    queryFn: ({ signal }) =>
      getJson(
        `/events/histogram?${new URLSearchParams(filters)}`,
        async () => (await loadSchemas()).eventHistogramDtoSchema,
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

/** One event, whole; it never changes. */
export function eventQuery(ref: EventRef) {
  const event = writeEventRef(ref);
  return queryOptions({
    ...untilAsked,
    queryKey: ["event", event],
    queryFn: ({ signal }) =>
      getJson(
        `/events/one?${new URLSearchParams({ event })}`,
        async () => (await loadSchemas()).eventAnswerDtoSchema,
        signal,
      ),
  });
}
