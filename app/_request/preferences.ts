import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { LANGUAGE_COOKIE, type Language, languageOf } from "@/components/language/language.ts";
import { type Words, wordsIn } from "@/components/language/words.ts";
import { THEME_COOKIE, type Theme, themeOf } from "@/components/ui/theme.ts";

/** The language of the answer: the person's choice, or what their browser asks for; read once per request. */
export const getLanguage = cache(async (): Promise<Language> => {
  const chosen = (await cookies()).get(LANGUAGE_COOKIE)?.value;
  return languageOf(chosen, (await headers()).get("accept-language"));
});

/** Sentences in the language of the answer, for what the server draws. */
export async function getWords<Sentences>(words: Words<Sentences>): Promise<Sentences> {
  return wordsIn(words, await getLanguage());
}

export async function getTheme(): Promise<Theme> {
  return themeOf((await cookies()).get(THEME_COOKIE)?.value);
}
