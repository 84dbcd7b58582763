"use client";

import { useFormats } from "@/components/language/language-provider.tsx";
import { useExactTime } from "./use-exact-time.ts";
import { useLocalTime } from "./use-local-time.ts";
import { useAgeOf } from "./use-now.ts";

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
  const local = useLocalTime(at);
  const exact = useExactTime(at);
  const age = useAgeOf(now);
  const relative = formats.ago(at, Date.parse(now) + age);
  return (
    <time
      dateTime={at}
      title={shown === "absolute" ? [relative, local].filter(Boolean).join("\n") : exact}
      className={shown === "relative" ? "whitespace-nowrap" : undefined}
    >
      {shown === "absolute" ? formats.second(at) : relative}
    </time>
  );
}
