"use client";

import { lazy, Suspense, useState } from "react";
import { useWords } from "@/components/language/language-provider.tsx";
import type { Theme } from "@/components/ui/theme.ts";
import { frameWords } from "./words.ts";

/** Loaded when it is opened for the first time: a menu brings what places it on the screen, and every page would pay for it. */
const PreferencesMenu = lazy(async () => ({ default: (await import("./preferences-menu.tsx")).PreferencesMenu }));

/** A person's language and colours. */
export function Preferences({ theme }: { theme: Theme }) {
  const words = useWords(frameWords);
  const [isWanted, setIsWanted] = useState(false);
  const button = (
    <button
      type="button"
      aria-haspopup="menu"
      onClick={() => setIsWanted(true)}
      className="rounded-cell underline-offset-2 hover:text-ink hover:underline"
    >
      {words.preferences}
    </button>
  );
  return isWanted ? (
    <Suspense fallback={button}>
      <PreferencesMenu theme={theme} trigger={button} />
    </Suspense>
  ) : (
    button
  );
}
