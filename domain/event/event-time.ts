/** Date, time, optional fraction and a zone, in ISO 8601's extended form. */
const EVENT_TIME_PATTERN = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** The last instant that is written with four digits for its year: beyond it ISO 8601 text changes its shape. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * The instant that an event's `eventTime` names, truncated to the millisecond (never rounded, as PostgreSQL would), or
 * null when it is not a real instant of the years 100 to 9999 with its zone. Stricter than `Date.parse`, which takes
 * 30 February for 2 March and a missing zone for the zone of the machine.
 */
export function parseEventTime(text: string): Date | null {
  const match = EVENT_TIME_PATTERN.exec(text);
  if (match === null) {
    return null;
  }
  const [, year, month, day, hour, minute, second, fraction = "", sign, zoneHours = "0", zoneMinutes = "0"] = match;
  const local = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)),
  );
  if (local.toISOString().slice(0, 19) !== text.slice(0, 19) || Number(zoneHours) > 23 || Number(zoneMinutes) > 59) {
    return null;
  }
  const zoneMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 * (sign === "-" ? -1 : 1);
  const instantMs = local.getTime() + Number(fraction.slice(0, 3).padEnd(3, "0")) - zoneMs;
  return instantMs > LATEST_MS ? null : new Date(instantMs);
}
