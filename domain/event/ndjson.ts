/**
 * An event's text as a line of NDJSON: as it is stored, with blanks for line breaks, which valid JSON has between its tokens only, so that
 * nothing that it says changes.
 */
export function asLine(body: string): string {
  return `${/[\r\n]/.test(body) ? body.replaceAll(/[\r\n]+/g, " ").trim() : body}\n`;
}
