import { expect, test } from "vitest";
import {
  agoInWords,
  dayInWords,
  dayOfYearInWords,
  durationInWords,
  localInWords,
  momentInWords,
  momentOfSecondInWords,
  secondInWords,
  windowInWords,
} from "./times.ts";

/** With ordinary spaces, as a person reads it. */
function plain(words: string): string {
  return words.replaceAll("\u00a0", " ");
}

test("times are told in UTC, whatever the zone of the machine", () => {
  expect(plain(dayInWords("2026-09-01", "en"))).toBe("1 Sep");
  expect(plain(dayOfYearInWords("2026-12-31T23:59:59Z", "en"))).toBe("31 Dec 2026");
  expect(plain(secondInWords("2026-01-01T00:00:05.999Z", "en"))).toBe("1 Jan 2026 00:00:05 UTC");
});

test("a time where the reader is names its zone", () => {
  for (const language of ["en", "zh-CN"] as const) {
    const instant = "2026-08-24T12:06:05Z";
    expect(localInWords(instant, language)).toBe(new Date(instant).toLocaleString(language, { timeZoneName: "short" }));
  }
});

test.each([
  ["2026-11-22T12:04:59Z", "12:04 UTC"],
  ["2026-11-21T23:59:59Z", "21 Nov 23:59 UTC"],
  ["2025-11-22T12:04:00Z", "22 Nov 2025 12:04 UTC"],
])("seen on 22 Nov 2026, %s is %s", (instant, words) => {
  expect(plain(momentInWords(instant, "2026-11-22T20:00:00Z", "en"))).toBe(words);
});

test.each([
  ["2026-11-22T12:04:59Z", "12:04:59 UTC"],
  ["2026-11-21T23:59:59Z", "21 Nov 23:59:59 UTC"],
  ["2025-11-22T12:04:00Z", "22 Nov 2025 12:04:00 UTC"],
])("seen on 22 Nov 2026, %s is to the second %s", (instant, words) => {
  expect(plain(momentOfSecondInWords(instant, "2026-11-22T20:00:00Z", "en"))).toBe(words);
});

test("a window shows seconds only where it has some", () => {
  expect(plain(windowInWords("2026-08-24T12:06:00Z", "2026-11-22T12:11:00Z", "en"))).toBe(
    "24 Aug 2026 12:06 to 22 Nov 2026 12:11 UTC",
  );
  expect(plain(windowInWords("2026-08-24T12:06:00Z", "2026-11-22T12:11:07Z", "en"))).toBe(
    "24 Aug 2026 12:06:00 to 22 Nov 2026 12:11:07 UTC",
  );
});

test("a line breaks between the ends of a window and not inside a time", () => {
  const words = windowInWords("2026-08-24T12:06:00Z", "2026-11-22T12:11:00Z", "en");
  expect(words.split(" ").map(plain)).toEqual(["24 Aug 2026 12:06", "to", "22 Nov 2026 12:11", "UTC"]);
});

test.each([
  [0, "0 s"],
  [-5_000, "0 s"],
  [59_400, "59 s"],
  [59_600, "1 min"],
  [60_000, "1 min"],
  [90_000, "1 min 30 s"],
  [119_700, "2 min"],
  [11 * 60_000 + 30_000, "11 min"],
  [3_599_900, "1 h"],
  [3_600_000, "1 h"],
  [2 * 3_600_000 + 10 * 60_000, "2 h 10 min"],
  [86_400_000, "1 day"],
  [3 * 86_400_000 + 5, "3 days"],
])("%i ms are %s", (milliseconds, words) => {
  expect(durationInWords(milliseconds, "en")).toBe(words);
});

test("what was just now, or is ahead by the clocks' difference, is just now", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  expect(agoInWords("2026-11-22T12:00:00Z", now, "en")).toBe("just now");
  expect(agoInWords("2026-11-22T12:00:03Z", now, "en")).toBe("just now");
  expect(agoInWords("2026-11-22T11:59:48Z", now, "en")).toBe("12 s ago");
});

test("times and lengths are told in Chinese as its readers write them", () => {
  expect(dayOfYearInWords("2026-12-31T23:59:59Z", "zh-CN")).toBe("2026年12月31日");
  expect(plain(secondInWords("2026-01-01T00:00:05.999Z", "zh-CN"))).toBe("2026年1月1日 00:00:05 UTC");
  expect(plain(momentInWords("2026-11-21T23:59:59Z", "2026-11-22T20:00:00Z", "zh-CN"))).toBe("11月21日 23:59 UTC");
  expect(durationInWords(90_000, "zh-CN")).toBe("1 分 30 秒");
  expect(durationInWords(2 * 3_600_000 + 10 * 60_000, "zh-CN")).toBe("2 小时 10 分");
  expect(agoInWords("2026-11-22T11:59:48Z", Date.parse("2026-11-22T12:00:00Z"), "zh-CN")).toBe("12 秒前");
});
