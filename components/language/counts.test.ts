import { expect, test } from "vitest";
import { inBytes, inGroups, inPercent } from "./counts.ts";
import { formatsOf } from "./formats.ts";

test("counts are grouped and agree with their noun", () => {
  expect(inGroups(1_204_331, "en")).toBe("1,204,331");
  expect(formatsOf("en").countOf(1, "event", "events")).toBe("1 event");
  expect(formatsOf("en").countOf(0, "event", "events")).toBe("0 events");
});

test("100 % is said only of what is whole", () => {
  expect(inPercent(0.9999)).toBe("99 %");
  expect(inPercent(1)).toBe("100 %");
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1.00 kB"],
  [12_340, "12.3 kB"],
  [999_600, "1.00 MB"],
  [3_670_000, "3.67 MB"],
  [2_000_000_000_000, "2.00 TB"],
])("%i bytes are %s", (bytes, words) => {
  expect(inBytes(bytes)).toBe(words);
});
