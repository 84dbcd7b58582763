import { z } from "zod";
import { HISTOGRAM_UNITS } from "./histogram.ts";

const instant = z.iso.datetime();
const count = z.int().min(0);

/** An event in a list: what is taken from its body for look-ups, and how it is named. */
const eventDtoSchema = z.object({
  region: z.string(),
  eventTime: instant,
  eventId: z.string(),
  eventRW: z.enum(["Read", "Write"]).nullable(),
  serviceName: z.string().nullable(),
  eventName: z.string().nullable(),
  userName: z.string().nullable(),
  sourceIpAddress: z.string().nullable(),
  resourceType: z.string().nullable(),
  resourceName: z.string().nullable(),
  errorCode: z.string().nullable(),
});
export type EventDto = z.infer<typeof eventDtoSchema>;

/** GET /events/data: one page of a look-up. `next` is what the next page is asked for with; the window stays that of the first page. */
export const eventPageDtoSchema = z.object({
  /** The server's time. */
  now: instant,
  from: instant,
  to: instant,
  events: z.array(eventDtoSchema),
  next: z.string().nullable(),
  /** How far the search has come, when it takes longer than one answer should; null when the page is full or all has been read. */
  searchedTo: instant.nullable(),
});
export type EventPageDto = z.infer<typeof eventPageDtoSchema>;

/**
 * GET /events/histogram: the matching events by UTC hour or day. `known` says how far: all of them; the newest ones only, because there
 * are more than are counted for a screen or it would take too long; or none, because counting took too long.
 */
export const eventHistogramDtoSchema = z.object({
  from: instant,
  to: instant,
  unit: z.enum(HISTOGRAM_UNITS),
  known: z.enum(["all", "newest", "nothing"]),
  /** Of those that were counted. */
  total: count,
  /** Begin of the part that was counted when `known` is newest. */
  countedFrom: instant.nullable(),
  /** By time, only where there are any. The first may begin before `from`: it is the hour or day that `from` lies in. */
  buckets: z.array(z.object({ startsAt: instant, count })),
});
export type EventHistogramDto = z.infer<typeof eventHistogramDtoSchema>;

/** GET /events/one: one event, whole. */
const eventDetailDtoSchema = z.object({
  region: z.string(),
  eventTime: instant,
  eventId: z.string(),
  /** The stored text, byte for byte. */
  body: z.string(),
  /** SHA-256 of the body, hexadecimal. */
  digest: z.string(),
  /** The order in which it was recorded. */
  arrival: count,
});
export type EventDetailDto = z.infer<typeof eventDetailDtoSchema>;

/** What the page of an event that history does not have is given. */
export const eventAnswerDtoSchema = z.object({ now: instant, event: eventDetailDtoSchema.nullable() });
