import { expect, test } from "vitest";
import {
  choiceOfDays,
  daysOfChoice,
  readWindow,
  whyNoEffectWindow,
  windowChoiceOf,
  windowRequestOf,
  writeWindow,
} from "./window-choice.ts";

const NOW = Date.parse("2026-11-22T12:06:05Z");

test("an own window is read as UTC, in whole seconds", () => {
  expect(windowRequestOf({ kind: "own", from: "2026-11-01T10:00", to: "2026-11-02T00:00:30" })).toEqual({
    window: { kind: "own", from: "2026-11-01T10:00:00Z", to: "2026-11-02T00:00:30Z" },
  });
});

test.each([
  ["unfinished", "", "2026-11-02T00:00"],
  ["reversed", "2026-11-02T00:00", "2026-11-02T00:00"],
  ["reversed", "2026-11-03T00:00", "2026-11-02T00:00"],
])("an %s window, from '%s' to '%s', is none", (fault, from, to) => {
  expect(windowRequestOf({ kind: "own", from, to })).toEqual({ fault });
});

test("the other windows are asked for by name, whatever the own one holds", () => {
  expect(windowRequestOf({ kind: "until-effect", from: "", to: "" })).toEqual({ window: { kind: "until-effect" } });
});

test("a window that was asked for before comes back as it was", () => {
  const window = { kind: "own", from: "2026-11-01T10:00:00Z", to: "2026-11-02T00:00:30Z" } as const;
  expect(windowRequestOf(windowChoiceOf(window, NOW))).toEqual({ window });
});

test("the own window begins as the last seven whole days", () => {
  expect(windowRequestOf({ ...windowChoiceOf({ kind: "default" }, NOW), kind: "own" })).toEqual({
    window: { kind: "own", from: "2026-11-15T00:00:00Z", to: "2026-11-22T00:00:00Z" },
  });
});

test("there is a window until the trail took effect only when that was inside history", () => {
  expect(whyNoEffectWindow("2026-11-01T00:00:00Z", NOW)).toBeNull();
  expect(whyNoEffectWindow(null, NOW)).toBe("never-took-effect");
  expect(whyNoEffectWindow("2026-01-01T00:00:00Z", NOW)).toBe("took-effect-before-history");
});

test.each([
  { kind: "default" },
  { kind: "until-effect" },
  { kind: "own", from: "2026-11-01T10:00:00Z", to: "2026-11-02T00:00:30Z" },
] as const)("a link to the window %j opens that window", (window) => {
  expect(readWindow(writeWindow(window))).toEqual(window);
});

test.each(["", "own", "yesterday", "2026-11-01/2026-11-02", "2026-11-01T10:00:00Z"])("'%s' is no window", (text) => {
  expect(readWindow(text)).toBeNull();
});

test("days from the calendar are whole ones in UTC, the last included", () => {
  const choice = { kind: "own", ...choiceOfDays({ from: "2026-10-30", to: "2026-10-31" }) } as const;
  expect(windowRequestOf(choice)).toEqual({
    window: { kind: "own", from: "2026-10-30T00:00:00Z", to: "2026-11-01T00:00:00Z" },
  });
  expect(daysOfChoice(choice)).toEqual({ from: "2026-10-30", to: "2026-10-31" });
  expect(daysOfChoice({ ...choice, to: "2026-11-01T00:00:01" })).toEqual({ from: "2026-10-30", to: "2026-11-01" });
  expect(daysOfChoice({ ...choice, to: "" })).toBeNull();
});
