import { endOfToken, JSON_SPACE } from "@/domain/json-tokens.ts";

/** Names of members and indexes of elements, from the outside in. */
export type JsonPath = readonly (string | number)[];

export type JsonPlaces = {
  /** The offset of the value at this path: of a member, where its name begins; null when there is none. */
  readonly offsetOf: (path: JsonPath) => number | null;
  /** Members whose name stands before in the same object; what reads the text would pass over the first. */
  readonly repeated: readonly JsonPath[];
};

type Level = { readonly path: JsonPath; readonly isArray: boolean; next: string | number };

/** Where the values of a valid JSON text stand in it. Depth costs no stack. */
export function placesIn(json: string): JsonPlaces {
  const offsets = new Map<string, number>();
  const repeated: JsonPath[] = [];
  const levels: Level[] = [];
  let isName = false;
  let at = 0;
  const place = (path: JsonPath) => {
    const key = JSON.stringify(path);
    if (!offsets.has(key)) {
      offsets.set(key, at);
    }
  };
  const nextPath = (): JsonPath => {
    const level = levels.at(-1);
    return level === undefined ? [] : [...level.path, level.next];
  };
  while (at < json.length) {
    const sign = json.charAt(at);
    const level = levels.at(-1);
    if (sign === "}" || sign === "]") {
      levels.pop();
      isName = false;
      at++;
    } else if (sign === "," && level !== undefined) {
      isName = !level.isArray;
      level.next = typeof level.next === "number" ? level.next + 1 : "";
      at++;
    } else if (JSON_SPACE.includes(sign) || sign === ":") {
      at++;
    } else if (isName && level !== undefined) {
      const end = endOfToken(json, at);
      level.next = String(JSON.parse(json.slice(at, end)));
      const path = nextPath();
      if (offsets.has(JSON.stringify(path))) {
        repeated.push(path);
      }
      place(path);
      isName = false;
      at = end;
    } else {
      const path = nextPath();
      place(path);
      const isArray = sign === "[";
      if (isArray || sign === "{") {
        levels.push({ path, isArray, next: isArray ? 0 : "" });
        isName = !isArray;
        at++;
      } else {
        at = endOfToken(json, at);
      }
    }
  }
  return { offsetOf: (path) => offsets.get(JSON.stringify(path)) ?? null, repeated };
}
