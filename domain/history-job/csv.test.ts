import { describe, expect, it } from "vitest";
import { csvLine } from "./csv.ts";

describe("a line of CSV", () => {
  it("has texts in quotes, numbers bare, nothing for null, and CRLF at its end", () => {
    expect(csvLine(["cn-hangzhou", 12, null, true])).toBe('"cn-hangzhou",12,,true\r\n');
  });

  it("keeps quotes, commas and line ends of a text", () => {
    expect(csvLine(['a "b", c\r\nd'])).toBe('"a ""b"", c\r\nd"\r\n');
  });

  it.each([
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    '=HYPERLINK("http://x")',
    "＝1",
    "＋1",
    "－1",
    "＠1",
  ])("lets no spreadsheet run %j", (text) => {
    expect(csvLine([text]).startsWith(`"'`)).toBe(true);
  });

  it.each(["a=1", "事件", "", " =1"])("leaves %j as it is", (text) => {
    expect(csvLine([text])).toBe(`"${text}"\r\n`);
  });
});
