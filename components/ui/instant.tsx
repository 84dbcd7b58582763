"use client";

import { useFormats, useWords } from "@/components/language/language-provider.tsx";
import { useIsAlive } from "./use-is-alive.ts";
import { useAgeOf } from "./use-now.ts";
import { uiWords } from "./words.ts";

type InstantProps = {
  /** ISO 8601. */
  at: string;
  /** The server's time when `at` was read, ISO 8601. */
  now: string;
  /** What stands in the text; the other is on hover, with the time where the reader is. */
  shown: "absolute" | "relative";
};

/** A time; the exact one is in UTC. */
export function Instant({ at, now, shown }: InstantProps) {
  const formats = useFormats();
  const words = useWords(uiWords);
  // Only once the page is alive: the server does not know where its reader is.
  const isAlive = useIsAlive();
  const absolute = formats.second(at);
  const age = useAgeOf(now);
  const relative = formats.ago(at, Date.parse(now) + age);
  const local = isAlive ? `\n${formats.local(at)} (${words.local})` : "";
  return (
    <time
      dateTime={at}
      title={`${shown === "absolute" ? relative : absolute}${local}`}
      className={shown === "relative" ? "whitespace-nowrap" : undefined}
    >
      {shown === "absolute" ? absolute : relative}
    </time>
  );
}
