"use client";

import { useFormats } from "@/components/language/language-provider.tsx";
import { useLocalTime } from "./use-local-time.ts";

/** A time (ISO 8601) in UTC, to the second; on hover where the reader is. Without an age, for lists whose rows are not renewed. */
export function ExactTime({ at }: { at: string }) {
  const { second } = useFormats();
  return (
    <time dateTime={at} title={useLocalTime(at)}>
      {second(at)}
    </time>
  );
}
