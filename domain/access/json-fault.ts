import { endOfToken, JSON_SPACE } from "@/domain/json-tokens.ts";

type Expected = "value" | "value-or-end" | "name" | "name-or-end" | "colon" | "comma-or-end" | "nothing";

/**
 * The offset from which on a text is not JSON, its length where it ends too soon; null for one that is JSON. Each engine words this in a way
 * of its own, or names no place at all, and policies are written in all of them. Depth costs no stack.
 */
export function jsonFaultIn(text: string): number | null {
  const closers: string[] = [];
  let expected: Expected = "value";
  let at = 0;
  const afterValue = (): Expected => (closers.length === 0 ? "nothing" : "comma-or-end");
  while (at < text.length) {
    const sign = text.charAt(at);
    if (JSON_SPACE.includes(sign)) {
      at++;
      continue;
    }
    const isValueExpected = expected === "value" || expected === "value-or-end";
    if ((sign === "{" || sign === "[") && isValueExpected) {
      closers.push(sign === "{" ? "}" : "]");
      expected = sign === "{" ? "name-or-end" : "value-or-end";
      at++;
    } else if (closers.at(-1) === sign && expected.endsWith("-or-end")) {
      closers.pop();
      expected = afterValue();
      at++;
    } else if (sign === "," && expected === "comma-or-end") {
      expected = closers.at(-1) === "}" ? "name" : "value";
      at++;
    } else if (sign === ":" && expected === "colon") {
      expected = "value";
      at++;
    } else {
      const end = endOfToken(text, at);
      const isName: boolean = sign === '"' && (expected === "name" || expected === "name-or-end");
      if (!(isName || isValueExpected) || !isToken(text.slice(at, end))) {
        return at;
      }
      expected = isName ? "colon" : afterValue();
      at = end;
    }
  }
  return expected === "nothing" ? null : text.length;
}

/** Whether this is a whole string, number, true, false or null. */
function isToken(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
