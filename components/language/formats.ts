import { inBytes, inGroups, inPercent } from "./counts.ts";
import type { Language } from "./language.ts";
import {
  agoInWords,
  clockInWords,
  dayInWords,
  dayOfYearInWords,
  durationInWords,
  localInWords,
  momentInWords,
  momentOfSecondInWords,
  secondInWords,
  windowInWords,
} from "./times.ts";

/** How one language writes numbers, and times in UTC; the functions' own files say more. */
export type Formats = ReturnType<typeof makeFormats>;

function makeFormats(language: Language) {
  return {
    language,
    /** 1,204,331 */
    count: (count: number) => inGroups(count, language),
    /** "1 event", "1,204,331 events"; in a language without plural the second form, which is then the only one. */
    countOf: (count: number, one: string, many: string = one) =>
      `${inGroups(count, language)} ${count === 1 ? one : many}`,
    percent: inPercent,
    bytes: inBytes,
    day: (instant: string) => dayInWords(instant, language),
    dayOfYear: (instant: string) => dayOfYearInWords(instant, language),
    second: (instant: string) => secondInWords(instant, language),
    local: (instant: string) => localInWords(instant, language),
    clock: clockInWords,
    moment: (instant: string, now: string) => momentInWords(instant, now, language),
    momentOfSecond: (instant: string, now: string) => momentOfSecondInWords(instant, now, language),
    window: (from: string, to: string) => windowInWords(from, to, language),
    duration: (milliseconds: number) => durationInWords(milliseconds, language),
    ago: (instant: string, now: number) => agoInWords(instant, now, language),
  } as const;
}

const made = new Map<Language, Formats>();

export function formatsOf(language: Language): Formats {
  const formats = made.get(language) ?? makeFormats(language);
  made.set(language, formats);
  return formats;
}
