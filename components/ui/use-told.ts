"use client";

import { useEffect } from "react";
import { tell } from "./toast.ts";

/** Tells, once it begins to hold, what stands in a place of its own for as long as it does; null while nothing does. */
export function useTold(sentence: string | null): void {
  useEffect(() => {
    if (sentence !== null) {
      // Of several parts of a page that say the same, one is enough.
      tell(sentence, { id: sentence });
    }
  }, [sentence]);
}
