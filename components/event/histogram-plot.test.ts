import { describe, expect, it } from "vitest";
import { rangeBetween } from "./histogram-plot.ts";

describe("rangeBetween", () => {
  it.each([
    ["a click", 0.25, 0.25, [2, 3]],
    ["a drag to the right", 0.05, 0.35, [0, 4]],
    ["a drag to the left", 0.35, 0.05, [0, 4]],
    ["a drag out of the plot", -2, 7, [0, 10]],
  ] as const)("takes whole bars, by %s", (_what, one, other, range) => {
    expect(rangeBetween(one, other, 10)).toEqual(range);
  });
});
