"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { LANGUAGE_COOKIE, LANGUAGE_NAMES, LANGUAGES } from "@/components/language/language.ts";
import { useLanguage, useWords } from "@/components/language/language-provider.tsx";
import { Menu, MenuChoice } from "@/components/ui/menu.tsx";
import { THEME_COOKIE, THEMES, type Theme } from "@/components/ui/theme.ts";
import { preferenceCookie } from "./preference-cookie.ts";
import { frameWords } from "./words.ts";

/** The choices behind the button, open from the first: whoever loads them has pressed it. They are kept in the person's browser. */
export function PreferencesMenu({ theme: initial, trigger }: { theme: Theme; trigger: ReactNode }) {
  const words = useWords(frameWords);
  const language = useLanguage();
  const router = useRouter();
  const [theme, setTheme] = useState(initial);
  return (
    <Menu trigger={trigger} defaultOpen>
      <MenuChoice
        label={words.language}
        value={language}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value], lang: value }))}
        onChoose={(chosen) => {
          keep(LANGUAGE_COOKIE, chosen);
          router.refresh();
        }}
      />
      <MenuChoice
        label={words.theme}
        value={theme}
        options={THEMES.map((value) => ({ value, label: words.themes[value] }))}
        onChoose={(chosen) => {
          keep(THEME_COOKIE, chosen);
          setTheme(chosen);
          document.documentElement.dataset.theme = chosen;
        }}
      />
    </Menu>
  );
}

function keep(cookie: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet.
  document.cookie = preferenceCookie(cookie, value, location.protocol);
}
