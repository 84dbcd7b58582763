import { expect, test } from "vitest";
import { newToSink } from "./new-to-sink.ts";

const DAY = { region: "cn-hangzhou", day: "2026-11-01" };

test("what a logstore has more of on one day does not hide what it lacks of another", () => {
  const days = [
    { ...DAY, expected: 10, inSink: 15 },
    { ...DAY, day: "2026-11-02", expected: 10, inSink: 4 },
  ];
  expect(newToSink({ inSink: 19, days })).toBe(6);
});

test("where a logstore cannot be counted, what is new to it is not known", () => {
  expect(newToSink({ inSink: null, days: [{ ...DAY, expected: 10, inSink: null }] })).toBeNull();
});
