import fc from "fast-check";
import { expect, test } from "vitest";
import { combinations, pairsIn, pairwise } from "./pairwise.ts";

const LOOK = { size: ["desktop", "phone"], theme: ["light", "dark"], language: ["en", "zh-CN"] };

function storiesOf(count: number): string[] {
  return Array.from({ length: count }, (_, position) => `story ${position}`);
}

/** Some factors, and some of their combinations that are not possible. */
const tables = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }).chain((counts) =>
  fc.record({
    factors: fc.constant(
      Object.fromEntries(
        counts.map((count, factor) => [`factor ${factor}`, Array.from({ length: count }, (_, value) => `${value}`)]),
      ),
    ),
    impossible: fc.uniqueArray(fc.nat({ max: counts.reduce((product, count) => product * count, 1) - 1 })),
  }),
);

test("every two values that can meet do, and nothing impossible is chosen", () => {
  fc.assert(
    fc.property(tables, ({ factors, impossible }) => {
      const numbers = new Map(combinations(factors).map((one, number) => [JSON.stringify(one), number]));
      const isPossible = (one: object) => !impossible.includes(numbers.get(JSON.stringify(one)) ?? -1);
      const chosen = pairwise(factors, isPossible);
      expect(chosen.every(isPossible)).toBe(true);
      expect(new Set(chosen.flatMap(pairsIn))).toEqual(new Set(combinations(factors, isPossible).flatMap(pairsIn)));
    }),
  );
});

test("without the last of the chosen some two values would not meet", () => {
  fc.assert(
    fc.property(tables, ({ factors }) => {
      const chosen = pairwise(factors);
      const pairs = (rows: typeof chosen) => new Set(rows.flatMap(pairsIn)).size;
      fc.pre(pairs(chosen) > 0);
      expect(pairs(chosen.slice(0, -1))).toBeLessThan(pairs(chosen));
    }),
  );
});

test.each([3, 13, 40])("%i stories are told twice each, once with every value of a look", (count) => {
  expect(pairwise({ story: storiesOf(count), ...LOOK })).toHaveLength(2 * count);
});

test("twelve stories are told by each of their roles, once, or twice where there is one", () => {
  const roles = ["viewer", "operator", "admin"];
  const rolesOf = Object.fromEntries(
    storiesOf(12).map((story, position) => [story, roles.slice(0, 1 + (position % 3))]),
  );
  const told = pairwise({ story: storiesOf(12), role: roles, ...LOOK }, ({ story, role }) =>
    (rolesOf[story] ?? []).includes(role),
  );
  for (const [story, rolesOfStory] of Object.entries(rolesOf)) {
    expect(told.filter((one) => one.story === story)).toHaveLength(Math.max(2, rolesOfStory.length));
  }
});
