"use client";

import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { useIsAlive } from "./use-is-alive.ts";
import { uiWords } from "./words.ts";

/** A time (ISO 8601) in UTC, to the second; on hover where the reader is. Without an age, for lists whose rows are not renewed. */
export function ExactTime({ at }: { at: string }) {
  const formats = useFormats();
  const words = useWords(uiWords);
  // Only once the page is alive: the server does not know where its reader is.
  const isAlive = useIsAlive();
  return (
    <time dateTime={at} title={isAlive ? `${formats.local(at)} (${words.local})` : undefined}>
      {formats.second(at)}
    </time>
  );
}
