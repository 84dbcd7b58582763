import { expect, it } from "vitest";
import { asLine } from "./ndjson.ts";

it("leaves a text of one line as it is, blanks and all", () => {
  expect(asLine(' {"a": "\\n"} ')).toBe(' {"a": "\\n"} \n');
});

it("makes one line of a text of several that says the same", () => {
  const text = JSON.stringify({ a: ["x\ny", 1], b: {} }, null, 2).replaceAll("\n", "\r\n");
  expect(asLine(`${text}\n`).trimEnd()).not.toMatch(/[\r\n]/);
  expect(JSON.parse(asLine(text))).toEqual(JSON.parse(text));
});
