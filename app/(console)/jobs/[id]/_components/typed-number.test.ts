import { expect, test } from "vitest";
import { numberOf } from "./typed-number.ts";

test.each([
  ["500", 500],
  [" 1,000 ", 1_000],
  ["1,000,000", 1_000_000],
  ["12 500", 12_500],
  ["12\u202f500", 12_500],
  ["1'000", 1_000],
  ["１，０００", 1_000],
  ["0", 0],
])("%j is %i", (text, number) => {
  expect(numberOf(text)).toBe(number);
});

test.each(["", "1,00", "1,0000", "1,000 000", "1.000", "1e3", "-5", "0x10", "many", ",000"])(
  "%j is no number",
  (text) => {
    expect(numberOf(text)).toBeNaN();
  },
);
