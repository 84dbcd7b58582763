// The tokens of a valid JSON text, for what walks through it by hand: where things stand, and numbers as they are written, is lost in parsing.

/** What may stand between tokens. */
export const JSON_SPACE = " \t\r\n";

const ENDS_OF_WORD = `${JSON_SPACE}{}[],:`;

/** Where the string, number, true, false or null that begins at `start` ends: the offset behind it. */
export function endOfToken(json: string, start: number): number {
  return json.charAt(start) === '"' ? endOfString(json, start) : endOfWord(json, start);
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charAt(at) !== '"') {
    at += json.charAt(at) === "\\" ? 2 : 1;
  }
  return at + 1;
}

function endOfWord(json: string, start: number): number {
  let at = start;
  while (at < json.length && !ENDS_OF_WORD.includes(json.charAt(at))) {
    at++;
  }
  return at;
}
