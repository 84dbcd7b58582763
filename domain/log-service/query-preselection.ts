import type { LogCondition } from "./query.ts";

/**
 * What the stored texts of a log have to contain for the condition to hold, in any case of ASCII letters: for the database, which then hands
 * over few logs to be looked at. It may hold for more logs than the condition, never for fewer.
 */
export type Preselection =
  | { readonly kind: "any" }
  /** In the JSON of the event, where the text may also be written with `\u` escapes, or in a further content; or in any of its texts. */
  | { readonly kind: "contains"; readonly literal: string; readonly within: "event" | "log" }
  | { readonly kind: "and" | "or"; readonly of: readonly Preselection[] };

export function preselectionOf(condition: LogCondition): Preselection {
  switch (condition.kind) {
    case "all":
    case "not":
      return { kind: "any" };
    case "and": {
      const of = condition.of.map(preselectionOf).filter(({ kind }) => kind !== "any");
      return of.length === 0 ? { kind: "any" } : { kind: "and", of };
    }
    case "or": {
      const of = condition.of.map(preselectionOf);
      return of.some(({ kind }) => kind === "any") ? { kind: "any" } : { kind: "or", of };
    }
    case "match": {
      const literal = longestPlain(condition.words);
      if (literal === "" || condition.key?.startsWith("__")) {
        return { kind: "any" };
      }
      return { kind: "contains", literal, within: condition.key === null ? "log" : "event" };
    }
  }
}

/** The longest run of signs that JSON writes as they are, or else as `\u` escapes: printable ASCII without `"`, `\` and `/`. */
function longestPlain(words: readonly string[]): string {
  const runs = words.flatMap((word) => word.match(/[!#-)+-.0-[\]-~]+/g) ?? []);
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), "");
}
