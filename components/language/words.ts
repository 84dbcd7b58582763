import { type Formats, formatsOf } from "./formats.ts";
import type { Language } from "./language.ts";

/** The sentences of one part of the console, per language; each language's get its own way to write numbers and times. */
export type Words<Sentences> = { readonly [L in Language]: (formats: Formats) => Sentences };

/**
 * Declares sentences in every language. English says which there are: one that is missing in another language, or takes
 * something else, does not compile.
 */
export function defineWords<Sentences>(
  words: { readonly en: (formats: Formats) => Sentences } & {
    readonly [L in Exclude<Language, "en">]: (formats: Formats) => NoInfer<Sentences>;
  },
): Words<Sentences> {
  return words as Words<Sentences>;
}

const written = new WeakMap<object, Partial<Record<Language, unknown>>>();

/** The sentences in one language; the same object each time. */
export function wordsIn<Sentences>(words: Words<Sentences>, language: Language): Sentences {
  const byLanguage = written.get(words) ?? {};
  written.set(words, byLanguage);
  byLanguage[language] ??= words[language](formatsOf(language));
  return byLanguage[language] as Sentences;
}
