import { expect, it } from "vitest";
import { placeOfRow } from "./use-place-in-address.ts";

const READ = { pages: [["a", "b"], ["c", "d", "e"], []], pageParams: [null, "behind-b", "behind-e"] };

it.each([
  [0, null],
  [1, null],
  [2, "behind-b"],
  [4, "behind-b"],
  [5, null],
])("has row %i read behind %s", (row, place) => {
  expect(placeOfRow(READ, (page) => page.length, row)).toBe(place);
});

it("knows the place that a list begins behind", () => {
  expect(placeOfRow({ pages: [["f"]], pageParams: ["behind-e"] }, (page) => page.length, 0)).toBe("behind-e");
});
