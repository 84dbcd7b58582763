import { expect, test } from "vitest";
import { filtersOf, sortingOf, sortOf, TRAIL_SORTS } from "./trail-list-state.ts";

test.each(TRAIL_SORTS)("the order %s of an address is the table's, and back again", (sort) => {
  expect(sortOf(sortingOf(sort))).toBe(sort);
});

test("no order is the server's", () => {
  expect(sortingOf(null)).toEqual([]);
  expect(sortOf([])).toBeNull();
  expect(sortOf([{ id: "something", desc: false }])).toBeNull();
});

test("only what is typed or chosen filters", () => {
  expect(filtersOf("  ", null)).toEqual([]);
  expect(filtersOf(" audit ", "Fresh")).toEqual([
    { id: "trail", value: "audit" },
    { id: "status", value: "Fresh" },
  ]);
});
