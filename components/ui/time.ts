// Three letters each; the formatters of the runtime write some months with four.
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Between the parts of one time, so that a line breaks between times and not inside them. */
const GLUE = "\u00a0";

const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", hour: "2-digit", minute: "2-digit" });
const clockOfSecond = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "24 Aug"; of a UTC day (YYYY-MM-DD) or an instant (ISO 8601). */
export function dayInWords(instant: string): string {
  const date = new Date(instant);
  return [date.getUTCDate(), MONTHS[date.getUTCMonth()]].join(GLUE);
}

/** "24 Aug 2026" */
export function dayOfYearInWords(instant: string): string {
  return [dayInWords(instant), new Date(instant).getUTCFullYear()].join(GLUE);
}

/** "24 Aug 2026 12:06:05 UTC" */
export function secondInWords(instant: string): string {
  return `${[dayOfYearInWords(instant), clockOfSecond.format(new Date(instant))].join(GLUE)} UTC`;
}

/** "12:06:05 UTC", of something that was seconds ago. */
export function clockInWords(instant: string): string {
  return `${clockOfSecond.format(new Date(instant))} UTC`;
}

/** "12:06 UTC" on the day of `now`, "23 Aug 12:06 UTC" on another, with its year when that differs, too. */
export function momentInWords(instant: string, now: string): string {
  const time = `${clock.format(new Date(instant))} UTC`;
  if (instant.slice(0, 10) === now.slice(0, 10)) {
    return time;
  }
  const day = instant.slice(0, 4) === now.slice(0, 4) ? dayInWords(instant) : dayOfYearInWords(instant);
  return [day, time].join(GLUE);
}

/** "24 Aug 2026 12:06 to 22 Nov 2026 12:11 UTC"; with seconds where either end has some. */
export function windowInWords(from: string, to: string): string {
  const wholeMinutes = [from, to].every((end) => Date.parse(end) % MINUTE_MS === 0);
  const time = wholeMinutes ? clock : clockOfSecond;
  const [start, end] = [from, to].map((instant) =>
    [dayOfYearInWords(instant), time.format(new Date(instant))].join(GLUE),
  );
  return `${start} to ${end} UTC`;
}

/** A length of time as a person would say it: "6 s", "1 min 30 s", "2 h 10 min", "3 days". */
export function durationInWords(milliseconds: number): string {
  // Rounded before the unit is chosen, or 59.6 s would be "60 s".
  const length = Math.max(0, Math.round(milliseconds / SECOND_MS)) * SECOND_MS;
  if (length < MINUTE_MS) {
    return `${length / SECOND_MS} s`;
  }
  if (length < HOUR_MS) {
    const minutes = Math.floor(length / MINUTE_MS);
    const seconds = (length % MINUTE_MS) / SECOND_MS;
    return seconds === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${seconds} s`;
  }
  if (length < DAY_MS) {
    const hours = Math.floor(length / HOUR_MS);
    const minutes = Math.floor((length % HOUR_MS) / MINUTE_MS);
    return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  }
  const days = Math.floor(length / DAY_MS);
  return days === 1 ? "1 day" : `${days} days`;
}

/** How long before `now` an instant was: "just now", "12 s ago", "3 days ago". One ahead counts as now. */
export function agoInWords(instant: string, now: number): string {
  const length = now - Date.parse(instant);
  return length < SECOND_MS ? "just now" : `${durationInWords(length)} ago`;
}
