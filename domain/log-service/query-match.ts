import { jsonLeaves } from "./json-leaves.ts";
import type { LogCondition } from "./query.ts";
import { foldCase, wordsOf } from "./query-words.ts";

/** A log as conditions look at it. */
export type SearchedLog = {
  /** JSON; null for a log without an event. */
  readonly event: string | null;
  /** All contents but the event. */
  readonly contents: readonly { readonly key: string; readonly value: string }[];
  readonly topic: string;
  readonly source: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
};

/** Whether a log is one of those asked for. The one place that decides it. */
export function matchesLog(condition: LogCondition, log: SearchedLog): boolean {
  return isMet(condition, fieldsOf(log));
}

type Field = { readonly key: string; readonly words: readonly string[] };

function fieldsOf({ event, contents, topic, source, tags }: SearchedLog): Field[] {
  const fields = [...jsonLeaves(event ?? "")].map(({ path, text }) => ({ key: `event.${path}`, text }));
  fields.push(...contents.map(({ key, value }) => ({ key, text: value })));
  fields.push({ key: "__topic__", text: topic }, { key: "__source__", text: source });
  fields.push(...tags.map(({ key, value }) => ({ key: `__tag__:${key}`, text: value })));
  return fields.map(({ key, text }) => ({ key: foldCase(key), words: wordsOf(foldCase(text)) }));
}

function isMet(condition: LogCondition, fields: readonly Field[]): boolean {
  switch (condition.kind) {
    case "all":
      return true;
    case "not":
      return !isMet(condition.of, fields);
    case "and":
      return condition.of.every((part) => isMet(part, fields));
    case "or":
      return condition.of.some((part) => isMet(part, fields));
    case "match":
      return fields.some((field) => isNamed(condition.key, field.key) && hasWords(field.words, condition.words));
  }
}

function isNamed(key: string | null, field: string): boolean {
  return key === null || [key, `event.${key}`].some((path) => field === path || field.startsWith(`${path}.`));
}

function hasWords(words: readonly string[], wanted: readonly string[]): boolean {
  return words.some((_, start) =>
    wanted.every((pattern, index) => {
      const word = words[start + index];
      return word !== undefined && fits(pattern, word);
    }),
  );
}

/** `*` stands for any run of characters; linear in the word for each `*`. */
function fits(pattern: string, word: string): boolean {
  const [head = "", ...parts] = pattern.split("*");
  const tail = parts.pop();
  if (tail === undefined) {
    return head === word;
  }
  if (word.length < head.length + tail.length || !word.startsWith(head) || !word.endsWith(tail)) {
    return false;
  }
  let at = head.length;
  for (const part of parts) {
    const found = word.indexOf(part, at);
    if (found < 0) {
      return false;
    }
    at = found + part.length;
  }
  return at <= word.length - tail.length;
}
