import { createParser } from "nuqs/server";
import type { EventIdentity } from "@/domain/event/event.ts";
import { parseEventTime } from "@/domain/event/event-time.ts";

/** An event as lists and addresses name it; the time in ISO 8601. */
export type EventRef = { readonly region: string; readonly eventTime: string; readonly eventId: string };

/** In one text: time, region, id. The id comes last and as it is, because it may have any sign in it. */
export function writeEventRef({ region, eventTime, eventId }: EventRef): string {
  return `${eventTime}/${encodeURIComponent(region)}/${eventId}`;
}

/** What such a text names; null when it can name no event. */
export function readEventRef(text: string): EventRef | null {
  const [, time = "", place = "", eventId = ""] = /^([^/]+)\/([^/]+)\/(.+)$/s.exec(text) ?? [];
  const region = decoded(place);
  const eventTime = parseEventTime(time);
  const isStorable = (part: string) => part !== "" && !part.includes("\0") && part.isWellFormed();
  return region !== null && eventTime !== null && isStorable(region) && isStorable(eventId)
    ? { region, eventTime: eventTime.toISOString(), eventId }
    : null;
}

export function identityOfRef({ region, eventTime, eventId }: EventRef): EventIdentity {
  return { region, eventTime: new Date(eventTime), eventId };
}

export const parseAsEventRef = createParser({
  parse: readEventRef,
  serialize: writeEventRef,
  eq: (one, other) => writeEventRef(one) === writeEventRef(other),
});

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
