import fc from "fast-check";
import { expect, test } from "vitest";
import { inBytes, inGroups, inPercent, wholePercentOf } from "./counts.ts";
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

test("a share of whole percents is exactly those", () => {
  const shares = Array.from({ length: 101 }, (_, percent) => percent);
  expect(shares.map((percent) => wholePercentOf(percent / 100))).toEqual(shares);
});

test("the percent of any two counts is that of exact division, rounded down", () => {
  const counts = fc
    .integer({ min: 1, max: 1_000_000_000 })
    .chain((whole) => fc.tuple(fc.nat(whole), fc.constant(whole)));
  fc.assert(
    fc.property(counts, ([part, whole]) => {
      expect(wholePercentOf(part / whole)).toBe(Number((BigInt(part) * 100n) / BigInt(whole)));
    }),
  );
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
