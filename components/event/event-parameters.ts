import { createLoader, createSerializer, type inferParserType, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { instantOf, parseAsUtcTime } from "@/components/ui/utc-time.ts";
import { HISTORY_MS } from "@/domain/event/event.ts";
import {
  type EventLookup,
  LOOKUP_VALUE_LENGTH_MAX,
  type LookupCondition,
  type LookupDirection,
  type LookupKey,
  resolveLookupWindow,
} from "@/domain/event/lookup.ts";
import { parseAsEventRef } from "./event-ref.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Spans that end now. */
export const EVENT_SPANS = ["1h", "24h", "7d", "30d", "90d"] as const;
export type EventSpan = (typeof EVENT_SPANS)[number];

const SPAN_MS: Readonly<Record<EventSpan, number>> = {
  "1h": HOUR_MS,
  "24h": DAY_MS,
  "7d": 7 * DAY_MS,
  "30d": 30 * DAY_MS,
  "90d": HISTORY_MS,
};

/** The vendor's default, too. */
const DEFAULT_SPAN: EventSpan = "7d";

/** Keys that are added one by one; Read or Write has a control of its own. */
export const FILTER_KEYS = [
  "ServiceName",
  "EventName",
  "User",
  "RoleName",
  "ResourceName",
  "ResourceType",
  "SourceIpAddress",
  "EventAccessKeyId",
  "EventType",
  "SensitiveAction",
  "EventId",
] as const satisfies readonly LookupKey[];
export type FilterKey = (typeof FILTER_KEYS)[number];

/** The look-up as the address keeps it: the vendor's keys by their own names. */
export const eventFilterParameters = {
  last: parseAsStringLiteral(EVENT_SPANS).withDefault(DEFAULT_SPAN),
  from: parseAsUtcTime,
  to: parseAsUtcTime,
  region: parseAsString,
  EventRW: parseAsStringLiteral(["Read", "Write"]),
  order: parseAsStringLiteral(["newest", "oldest"]).withDefault("newest"),
  ServiceName: parseAsString,
  EventName: parseAsString,
  User: parseAsString,
  RoleName: parseAsString,
  ResourceName: parseAsString,
  ResourceType: parseAsString,
  SourceIpAddress: parseAsString,
  EventAccessKeyId: parseAsString,
  EventType: parseAsString,
  SensitiveAction: parseAsString,
  EventId: parseAsString,
};
export type EventFilters = inferParserType<typeof eventFilterParameters>;

/** The event that is open, and how its text is shown. */
export const openEventParameters = {
  event: parseAsEventRef,
  text: parseAsStringLiteral(["stored", "indented"]).withDefault("stored"),
};

export const loadEventFilters = createLoader(eventFilterParameters);
export const loadOpenEvent = createLoader(openEventParameters);

/** The same filters give the same text; "" for none, or begins with "?". */
export const writeEventFilters = createSerializer(eventFilterParameters);

/** What the filters ask for at `now`; `reversed` when the window ends before it begins. */
export function lookupOf(
  filters: EventFilters,
  now: Date,
): { lookup: EventLookup; direction: LookupDirection } | "reversed" {
  const isOwn = filters.from !== null || filters.to !== null;
  const earliestMs = now.getTime() - HISTORY_MS;
  const fromMs = Math.max(earliestMs, Date.parse(instantOf(filters.from) ?? "") || earliestMs);
  // An address grows old, and what it names of history goes day by day: what is left of it is shown.
  const own = { from: new Date(fromMs).toISOString(), to: instantOf(filters.to) ?? now.toISOString() };
  const given = isOwn ? own : { from: null, to: null };
  const bounds = { defaultMs: SPAN_MS[filters.last], spanMsMax: Number.POSITIVE_INFINITY };
  const window = resolveLookupWindow(given, now, bounds);
  if (window.kind === "refuse") {
    return "reversed";
  }
  const region = filters.region === "" ? null : filters.region;
  return {
    lookup: { conditions: conditionsIn(filters), region, from: window.from, to: window.to },
    direction: filters.order === "newest" ? "BACKWARD" : "FORWARD",
  };
}

/** The conditions that are set, in the order in which they are offered. */
export function conditionsIn(filters: EventFilters): LookupCondition[] {
  return [...FILTER_KEYS, "EventRW" as const].flatMap((key) => {
    const value = filters[key]?.slice(0, LOOKUP_VALUE_LENGTH_MAX + 1);
    return value == null || value === "" ? [] : [{ key, value }];
  });
}
