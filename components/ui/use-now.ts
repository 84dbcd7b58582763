"use client";

import { useState, useSyncExternalStore } from "react";

// Ages are shown in whole seconds, so a finer tick would redraw the same words.
const TICK_MS = 1_000;

/** One clock for all that is on the page: it runs while anybody looks at it. */
const watchers = new Set<() => void>();
let now: number | null = null;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Date.now();
  for (const watcher of watchers) {
    watcher();
  }
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) {
      clearInterval(timer);
      timer = undefined;
      // Whoever looks next must not begin with the time at which the last one left.
      now = null;
    }
  };
}

/**
 * This device's time, renewed each second; null until the page is alive, so that the first drawing equals the server's.
 * Ages are taken between times of the same clock: never compare it with the server's.
 */
export function useNow(): number | null {
  return useSyncExternalStore(
    watch,
    () => now,
    () => null,
  );
}

/** Milliseconds by this device's clock since data came that says of itself that it was read `at`; 0 in the first drawing. */
export function useAgeOf(at: string): number {
  const deviceNow = useNow();
  const [seen, setSeen] = useState({ at, since: deviceNow });
  if (seen.at !== at || (seen.since === null && deviceNow !== null)) {
    setSeen({ at, since: deviceNow });
  }
  return seen.at !== at || seen.since === null || deviceNow === null ? 0 : deviceNow - seen.since;
}
