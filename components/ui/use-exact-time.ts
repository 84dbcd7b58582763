"use client";

import { useFormats } from "@/components/language/language-provider.tsx";
import { useLocalTime } from "./use-local-time.ts";

/** The title of what tells a time (ISO 8601) roughly: in UTC to the second, and where the reader is. Undefined where it tells none. */
export function useExactTime(at: string | null): string | undefined {
  const { second } = useFormats();
  const local = useLocalTime(at);
  return at === null ? undefined : [second(at), local].filter(Boolean).join("\n");
}
