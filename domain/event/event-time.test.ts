import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEventTime } from "./event-time.ts";

describe("parseEventTime", () => {
  it.each([
    ["nothing", ""],
    ["a date alone", "2026-01-02"],
    ["no zone", "2026-01-02T03:04:05"],
    ["a zone without a colon", "2026-01-02T03:04:05+0800"],
    ["a zone of hours alone", "2026-01-02T03:04:05+08"],
    ["a zone past the clock", "2026-01-02T03:04:05+24:00"],
    ["a zone with 60 minutes", "2026-01-02T03:04:05+08:60"],
    ["a space for the T", "2026-01-02 03:04:05Z"],
    ["small letters", "2026-01-02t03:04:05z"],
    ["a fraction without digits", "2026-01-02T03:04:05.Z"],
    ["a fraction behind a comma", "2026-01-02T03:04:05,5Z"],
    ["no seconds", "2026-01-02T03:04Z"],
    ["30 February", "2026-02-30T00:00:00Z"],
    ["29 February of a common year", "2026-02-29T00:00:00Z"],
    ["month 13", "2026-13-01T00:00:00Z"],
    ["day 0", "2026-01-00T00:00:00Z"],
    ["hour 24", "2026-01-02T24:00:00Z"],
    ["minute 60", "2026-01-02T03:60:00Z"],
    ["a leap second", "2026-12-31T23:59:60Z"],
    ["a year of two digits", "26-01-02T03:04:05Z"],
    ["a year of five digits", "12026-01-02T03:04:05Z"],
    ["an instant past the year 9999", "9999-12-31T23:59:59-00:01"],
    ["space around it", " 2026-01-02T03:04:05Z "],
    ["digits that are not ASCII", "２０２６-01-02T03:04:05Z"],
    ["milliseconds since 1970", "1767323045000"],
  ])("refuses %s", (_what, text) => {
    expect(parseEventTime(text)).toBeNull();
  });

  it.each([
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"],
    ["2026-01-02T03:04:05.6Z", "2026-01-02T03:04:05.600Z"],
    ["2026-01-02T03:04:05.0006Z", "2026-01-02T03:04:05.000Z"],
    ["2026-01-02T03:04:05.999999999Z", "2026-01-02T03:04:05.999Z"],
    ["2026-01-02T03:04:05+08:00", "2026-01-01T19:04:05.000Z"],
    ["2026-01-02T03:04:05.123-05:30", "2026-01-02T08:34:05.123Z"],
    ["2026-01-02T03:04:05-00:00", "2026-01-02T03:04:05.000Z"],
    ["2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"],
    ["1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"],
  ])("reads %s", (text, instant) => {
    expect(parseEventTime(text)?.toISOString()).toBe(instant);
  });

  it("reads what a clock of any zone shows as the instant it shows", () => {
    const from = new Date("0101-01-01T00:00:00Z");
    const to = new Date("9998-12-31T00:00:00Z");
    fc.assert(
      fc.property(
        fc.date({ min: from, max: to, noInvalidDate: true }),
        fc.integer({ min: -1439, max: 1439 }),
        (instant, zoneMinutes) => {
          const local = new Date(instant.getTime() + zoneMinutes * 60_000).toISOString().slice(0, -1);
          const [hours, minutes] = [Math.abs(zoneMinutes) / 60, Math.abs(zoneMinutes) % 60];
          const zone = `${zoneMinutes < 0 ? "-" : "+"}${twoDigits(Math.floor(hours))}:${twoDigits(minutes)}`;
          expect(parseEventTime(local + zone)).toEqual(instant);
        },
      ),
    );
  });
});

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
