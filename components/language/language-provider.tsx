"use client";

import { createContext, type ReactNode, use } from "react";
import { type Formats, formatsOf } from "./formats.ts";
import type { Language } from "./language.ts";
import { type Words, wordsIn } from "./words.ts";

const LanguageContext = createContext<Language>("en");

export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

/** The language of the page. */
export function useLanguage(): Language {
  return use(LanguageContext);
}

/** How the page's language writes numbers and times. */
export function useFormats(): Formats {
  return formatsOf(useLanguage());
}

/** Sentences in the page's language; the same object while the language stays. */
export function useWords<Sentences>(words: Words<Sentences>): Sentences {
  return wordsIn(words, useLanguage());
}
