"use client";

import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { useIsAlive } from "./use-is-alive.ts";
import { uiWords } from "./words.ts";

/** A time (ISO 8601) where the reader is; undefined without one, and until the page is alive, because the server does not know where that is. */
export function useLocalTime(at: string | null): string | undefined {
  const formats = useFormats();
  const words = useWords(uiWords);
  return useIsAlive() && at !== null ? `${formats.local(at)} (${words.local})` : undefined;
}
