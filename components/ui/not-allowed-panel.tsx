"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import { StatePanel } from "./state-panel.tsx";
import { uiWords } from "./words.ts";

/** Stands where a page would be that the person's role does not show. */
export function NotAllowedPanel() {
  const words = useWords(uiWords);
  return <StatePanel title={words.notAllowed}>{words.notAllowedWhy}</StatePanel>;
}
