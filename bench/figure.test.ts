import { describe, expect, it } from "vitest";
import { isMissed, lineOf } from "./figure.ts";

const RATE = { name: "rate", unit: "events/s", least: 5, aim: 9 };
const MEMORY = { name: "memory", unit: "MB", most: 350, aim: 200 };

describe("a figure", () => {
  it.each([
    [{ ...RATE, value: 4.9 }, "rate: 4.9 events/s [at least 5, aim 9: MISSED]"],
    [{ ...RATE, value: 5 }, "rate: 5 events/s [at least 5, aim 9: kept]"],
    [{ ...RATE, value: 9 }, "rate: 9 events/s [at least 5, aim 9: reached]"],
    [{ ...MEMORY, value: 351 }, "memory: 351 MB [at most 350, aim 200: MISSED]"],
    [{ ...MEMORY, value: 350 }, "memory: 350 MB [at most 350, aim 200: kept]"],
    [{ ...MEMORY, value: 200 }, "memory: 200 MB [at most 350, aim 200: reached]"],
    [{ name: "shift", value: 0.1, unit: "", most: 0.05 }, "shift: 0.1 [at most 0.05: MISSED]"],
    [{ name: "events", value: 7, unit: "events" }, "events: 7 events"],
  ])("says what is asked of it and whether that is kept", (figure, line) => {
    expect(lineOf(figure)).toBe(line);
    expect(isMissed(figure)).toBe(line.includes("MISSED"));
  });

  it("that could not be measured keeps no bound", () => {
    expect(isMissed({ value: Number.NaN, least: 5 })).toBe(true);
    expect(isMissed({ value: Number.NaN, most: 5 })).toBe(true);
  });
});
