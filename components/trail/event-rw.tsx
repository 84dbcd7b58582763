"use client";

import { useWords } from "@/components/language/language-provider.tsx";
import type { TrailEventRW } from "@/domain/trail/trail.ts";
import { trailWords } from "./words.ts";

/** Which events a trail or a job selects: all, those that read, or those that write. */
export function EventRW({ eventRW }: { eventRW: TrailEventRW }) {
  return useWords(trailWords).eventRW[eventRW];
}
