"use client";

import { useEffect, useState } from "react";

// Ages are shown in whole seconds, so a finer tick would redraw the same words.
const TICK_MS = 1_000;

/**
 * This device's time, renewed each second; null until the page is alive, so that the first drawing equals the server's.
 * Ages are taken between times of the same clock: never compare it with the server's.
 */
export function useNow(): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
