import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonFaultIn } from "./json-fault.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Texts that are JSON, nearly JSON, and anything else. */
const texts = fc.oneof(
  fc.json(),
  fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", ":", "}", "]", "{", "[", '"', "\\", "0", "\n", "\u0001"))
    .map(([json, place, sign]) => {
      const at = place % (json.length + 1);
      return json.slice(0, at) + sign + json.slice(at + 1);
    }),
  fc.array(fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', "1", "true", " ")).map((signs) => signs.join("")),
  fc.string(),
);

test("a text has no fault exactly when it is JSON", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(jsonFaultIn(text) === null).toBe(isJson(text));
    }),
    { numRuns: 2_000 },
  );
});

test.each<[string, string, number]>([
  ["a second comma", '{"a":1,,"b":2}', 7],
  ["a comma before the end", '{"a":[1,]}', 8],
  ["a colon that is missing", '{"a" 1}', 5],
  ["a name without quotes", "{a:1}", 1],
  ["the wrong bracket", '{"a":[1}}', 7],
  ["a second text behind the first", "{} {}", 3],
  ["a string that is not closed, at its beginning", '{"a":"b}', 5],
  ["a word that means nothing", '{"a":yes}', 5],
  ["an end that comes too soon", '{"a":1', 6],
  ["nothing at all", "  ", 2],
])("%s is found where it stands", (_, text, offset) => {
  expect(jsonFaultIn(text)).toBe(offset);
});

test("depth costs no stack", () => {
  const depth = 100_000;
  expect(jsonFaultIn("[".repeat(depth) + "]".repeat(depth))).toBeNull();
  expect(jsonFaultIn("[".repeat(depth))).toBe(depth);
});
