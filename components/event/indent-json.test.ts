import fc from "fast-check";
import { expect, it } from "vitest";
import { indentJson } from "./indent-json.ts";

it("breaks lines as JSON.stringify does, for any value and however it was written", () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 1, "\t"), (text, space) => {
      const value = JSON.parse(text);
      expect(indentJson(JSON.stringify(value, null, space))).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

it("keeps digits, escapes and names that occur twice", () => {
  expect(indentJson('{"a":12345678901234567890.10,"a":"\\u0041\\"}"}')).toBe(
    '{\n  "a": 12345678901234567890.10,\n  "a": "\\u0041\\"}"\n}',
  );
});
