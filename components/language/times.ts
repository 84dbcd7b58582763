import type { Language } from "./language.ts";

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

/** Where the reader is. Made once, because making one takes longer than using it a hundred times, and a list has a time in every row. */
const LOCAL = {
  en: localFormatOf("en"),
  "zh-CN": localFormatOf("zh-CN"),
} satisfies Record<Language, Intl.DateTimeFormat>;

function localFormatOf(language: Language) {
  return new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    timeZoneName: "short",
  });
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What a language calls the parts of a time. */
const PARTS = {
  en: {
    day: (date: Date) => [date.getUTCDate(), MONTHS[date.getUTCMonth()]].join(GLUE),
    year: (date: Date, day: string) => [day, date.getUTCFullYear()].join(GLUE),
    window: (from: string, to: string) => `${from} to ${to} UTC`,
    seconds: "s",
    minutes: "min",
    hours: "h",
    days: (days: number) => (days === 1 ? "1 day" : `${days} days`),
    ago: (duration: string) => `${duration} ago`,
    now: "just now",
  },
  "zh-CN": {
    day: (date: Date) => `${date.getUTCMonth() + 1}月${date.getUTCDate()}日`,
    year: (date: Date, day: string) => `${date.getUTCFullYear()}年${day}`,
    window: (from: string, to: string) => `${from} 至 ${to} UTC`,
    seconds: "秒",
    minutes: "分",
    hours: "小时",
    days: (days: number) => `${days} 天`,
    ago: (duration: string) => `${duration}前`,
    now: "刚刚",
  },
} satisfies Record<Language, object>;

/** "24 Aug"; of a UTC day (YYYY-MM-DD) or an instant (ISO 8601). */
export function dayInWords(instant: string, language: Language): string {
  return PARTS[language].day(new Date(instant));
}

/** "24 Aug 2026" */
export function dayOfYearInWords(instant: string, language: Language): string {
  return PARTS[language].year(new Date(instant), dayInWords(instant, language));
}

/** "24 Aug 2026 12:06:05 UTC" */
export function secondInWords(instant: string, language: Language): string {
  return `${[dayOfYearInWords(instant, language), clockOfSecond.format(new Date(instant))].join(GLUE)} UTC`;
}

/** "8/24/2026, 2:06:05 PM GMT+2", where the reader is: in a browser alone, because a server stands elsewhere. */
export function localInWords(instant: string, language: Language): string {
  return LOCAL[language].format(new Date(instant));
}

/** "12:06:05 UTC", of something that was seconds ago. */
export function clockInWords(instant: string): string {
  return `${clockOfSecond.format(new Date(instant))} UTC`;
}

/** "12:06 UTC" on the day of `now`, "23 Aug 12:06 UTC" on another, with its year when that differs, too. */
export function momentInWords(instant: string, now: string, language: Language): string {
  return withDay(`${clock.format(new Date(instant))} UTC`, instant, now, language);
}

/** The same to the second: "12:06:05 UTC", "23 Aug 12:06:05 UTC". */
export function momentOfSecondInWords(instant: string, now: string, language: Language): string {
  return withDay(clockInWords(instant), instant, now, language);
}

/** Puts before a time as much of its date as differs from that of `now`. */
function withDay(time: string, instant: string, now: string, language: Language): string {
  if (instant.slice(0, 10) === now.slice(0, 10)) {
    return time;
  }
  const inWords = instant.slice(0, 4) === now.slice(0, 4) ? dayInWords : dayOfYearInWords;
  return [inWords(instant, language), time].join(GLUE);
}

/** "24 Aug 2026 12:06 to 22 Nov 2026 12:11 UTC"; with seconds where either end has some. */
export function windowInWords(from: string, to: string, language: Language): string {
  const wholeMinutes = [from, to].every((end) => Date.parse(end) % MINUTE_MS === 0);
  const time = wholeMinutes ? clock : clockOfSecond;
  const inWords = (instant: string) => [dayOfYearInWords(instant, language), time.format(new Date(instant))].join(GLUE);
  return PARTS[language].window(inWords(from), inWords(to));
}

/** A length of time as a person would say it: "6 s", "1 min 30 s", "2 h 10 min", "3 days". */
export function durationInWords(milliseconds: number, language: Language): string {
  const words = PARTS[language];
  // Rounded before the unit is chosen, or 59.6 s would be "60 s".
  const length = Math.max(0, Math.round(milliseconds / SECOND_MS)) * SECOND_MS;
  if (length < MINUTE_MS) {
    return `${length / SECOND_MS} ${words.seconds}`;
  }
  if (length < HOUR_MS) {
    const minutes = Math.floor(length / MINUTE_MS);
    const seconds = (length % MINUTE_MS) / SECOND_MS;
    const inMinutes = `${minutes} ${words.minutes}`;
    return seconds === 0 || minutes >= 10 ? inMinutes : `${inMinutes} ${seconds} ${words.seconds}`;
  }
  if (length < DAY_MS) {
    const hours = Math.floor(length / HOUR_MS);
    const minutes = Math.floor((length % HOUR_MS) / MINUTE_MS);
    const inHours = `${hours} ${words.hours}`;
    return minutes === 0 ? inHours : `${inHours} ${minutes} ${words.minutes}`;
  }
  return words.days(Math.floor(length / DAY_MS));
}

/** How long before `now` an instant was: "just now", "12 s ago", "3 days ago". One ahead counts as now. */
export function agoInWords(instant: string, now: number, language: Language): string {
  const length = now - Date.parse(instant);
  return length < SECOND_MS ? PARTS[language].now : PARTS[language].ago(durationInWords(length, language));
}
