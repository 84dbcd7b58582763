"use client";

import { useEffect } from "react";

/** When a page has had nothing to do for a while, or at the latest after this. */
const IDLE_MS_MAX = 3_000;

/**
 * Fetches what a press will need while nobody waits for it: a part that is loaded when it is opened then opens at once.
 * @param load asks for the parts; the same function at each drawing
 * @param isDue false while the page waits for what is looked at first, and only seems to have nothing to do
 */
export function usePreload(load: () => Promise<unknown>, isDue = true): void {
  useEffect(() => {
    if (!isDue) {
      return;
    }
    // A part that cannot be had now is asked for again by the press, which can say so.
    const fetchParts = () => void load().catch(() => undefined);
    if (typeof requestIdleCallback === "undefined") {
      const timer = setTimeout(fetchParts, IDLE_MS_MAX);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(fetchParts, { timeout: IDLE_MS_MAX });
    return () => cancelIdleCallback(idle);
  }, [load, isDue]);
}
