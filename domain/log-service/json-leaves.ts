import { endOfToken, JSON_SPACE } from "@/domain/json-tokens.ts";

/** A value in a JSON text that holds no others: its path, the keys on the way to it joined by dots, and what it says. */
export type JsonLeaf = { readonly path: string; readonly text: string };

/** Where a key or a value is: inside an object, whose next string is a key or a value, or inside an array. */
type Level = { readonly path: string; readonly isArray: boolean; key: string | null };

/** No event of a service comes near it; without a bound, a log made to be slow would have megabytes of path before each leaf. */
const PATH_LENGTH_MAX = 1_000;

/**
 * The leaves of a valid JSON text, in its order: texts as they read, numbers as they are written (large ids are not rounded), true and
 * false; null is no leaf. Elements of an array have the array's path. A key that stands twice is there twice. Depth costs no stack.
 */
export function* jsonLeaves(json: string): Generator<JsonLeaf> {
  const levels: Level[] = [];
  let at = 0;
  while (at < json.length) {
    const sign = json.charAt(at);
    const level = levels.at(-1);
    if (JSON_SPACE.includes(sign)) {
      at++;
    } else if (sign === "{" || sign === "[") {
      levels.push({ path: pathIn(level), isArray: sign === "[", key: null });
      at++;
    } else if (sign === "}" || sign === "]") {
      levels.pop();
      at++;
    } else if (sign === "," || sign === ":") {
      if (sign === "," && level !== undefined) {
        level.key = null;
      }
      at++;
    } else {
      const end = endOfToken(json, at);
      const token = json.slice(at, end);
      at = end;
      const text = sign === '"' ? String(JSON.parse(token)) : token;
      if (level !== undefined && !level.isArray && level.key === null) {
        level.key = text;
      } else if (token !== "null") {
        yield { path: pathIn(level), text };
      }
    }
  }
}

/** The path of the value that comes next in a level. */
function pathIn(level: Level | undefined): string {
  if (level === undefined) {
    return "";
  }
  if (level.isArray || level.key === null) {
    return level.path;
  }
  return (level.path === "" ? level.key : `${level.path}.${level.key}`).slice(0, PATH_LENGTH_MAX);
}
