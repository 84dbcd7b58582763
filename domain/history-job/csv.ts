/** What a spreadsheet needs to read the text as UTF-8 and not in the code page of its machine. */
export const CSV_HEAD = "\uFEFF";

/** What spreadsheets take for a formula when a cell begins with it. */
const FORMULA_PATTERN = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * One line of a CSV file (RFC 4180): every text in quotes, numbers bare, null as an empty cell, CRLF at its end. Texts come from
 * audit events and from sinks, so anybody may have written them: one that a spreadsheet would run as a formula gets an apostrophe
 * in front, which is the only change. Documents that must be exact are JSON.
 */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: string | number | boolean | null): string {
  if (cell === null) {
    return "";
  }
  if (typeof cell !== "string") {
    return String(cell);
  }
  const text = FORMULA_PATTERN.test(cell) ? `'${cell}` : cell;
  return `"${text.replaceAll('"', '""')}"`;
}
