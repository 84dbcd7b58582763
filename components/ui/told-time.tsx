"use client";

import type { ReactNode } from "react";
import { useExactTime } from "./use-exact-time.ts";

/** A sentence that tells the time `at` (ISO 8601; null when it tells none) roughly; the exact one is on hover. */
export function ToldTime({ at, children }: { at: string | null; children: ReactNode }) {
  return <span title={useExactTime(at)}>{children}</span>;
}
