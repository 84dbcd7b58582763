import { createParser } from "nuqs/server";

const UTC_TIME_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;

/** A time of UTC as a field of the browser writes it and an address keeps it: "2026-11-22T10:00", with seconds where there are some. */
export const parseAsUtcTime = createParser({
  parse: (text) => (UTC_TIME_PATTERN.test(text) && !Number.isNaN(Date.parse(`${text}Z`)) ? text : null),
  serialize: (text) => text,
});

/** The instant (ISO 8601) of such a time; null for none. */
export function instantOf(utcTime: string | null): string | null {
  return utcTime === null ? null : new Date(`${utcTime}Z`).toISOString();
}

/** The time of UTC of an instant, in whole minutes. */
export function utcTimeOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16);
}
