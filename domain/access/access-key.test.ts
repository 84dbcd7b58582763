import { describe, expect, test } from "vitest";
import { canRotate, isTryNoted, isUseNoted } from "./access-key.ts";

const NOTED = { at: new Date("2026-11-29T12:00:00Z"), from: "203.0.113.7", call: "LookupEvents" };

describe("the last use of a key", () => {
  test.each([
    ["is written for the first", null, NOTED, false],
    ["stays for the same nine seconds later", NOTED, { ...NOTED, at: new Date("2026-11-29T12:00:09Z") }, true],
    ["is written for the same ten seconds later", NOTED, { ...NOTED, at: new Date("2026-11-29T12:00:10Z") }, false],
    ["is written for another call at the same moment", NOTED, { ...NOTED, call: "DescribeTrails" }, false],
    ["is written for another address at the same moment", NOTED, { ...NOTED, from: "198.51.100.9" }, false],
    ["stays for the same that was overtaken", NOTED, { ...NOTED, at: new Date("2026-11-29T11:59:59Z") }, true],
  ])("%s", (_, noted, use, isNoted) => {
    expect(isUseNoted(noted, use)).toBe(isNoted);
  });
});

describe("a key", () => {
  test.each([
    ["alone can be rotated", { predecessorId: null, successorId: null }, true],
    ["that was rotated cannot be again", { predecessorId: null, successorId: "LTAInew" }, false],
    ["that takes the place of one that is still there cannot", { predecessorId: "LTAIold", successorId: null }, false],
  ])("%s", (_, pair, can) => {
    expect(canRotate(pair)).toBe(can);
  });
});

describe("tries with a key that is switched off", () => {
  test("are noted from the first on, ever more seldom", () => {
    const counts = Array.from({ length: 1_000 }, (_, index) => index + 1);
    expect(counts.filter(isTryNoted)).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]);
  });
});
