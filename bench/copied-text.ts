/** What stands behind a backslash in text that COPY has written (PostgreSQL, COPY, "Text Format"). */
const ESCAPED: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

const BACKSLASH = 0x5c;

/** The value of a row with one column, as COPY sends it as text: with escapes, and a line feed behind it. */
export function valueOfRow(row: Buffer): Buffer {
  const value = row.subarray(0, -1);
  if (!value.includes(BACKSLASH)) {
    return value;
  }
  // As Latin-1 each byte is one character, so that nothing but the escapes is touched.
  const text = value.toString("latin1").replace(/\\(.)/gs, (_, escaped: string) => ESCAPED[escaped] ?? escaped);
  return Buffer.from(text, "latin1");
}
