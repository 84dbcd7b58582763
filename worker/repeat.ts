import { setTimeout as delay } from "node:timers/promises";
import { log } from "@/server/log.ts";

/**
 * Runs a duty now and then again each time the interval has passed after its end, until the signal. A duty that fails is
 * logged and tried again next time: none may end the worker, and none may run twice at once.
 */
export async function repeat(
  name: string,
  intervalMs: number,
  signal: AbortSignal,
  duty: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await duty();
    } catch (error) {
      log.error({ err: error, duty: name }, "duty failed; it is tried again");
    }
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

const RETRY_DELAY_MS_MIN = 500;

/** Whoever has started the database again should not wait long for its workers. */
const RETRY_DELAY_MS_MAX = 5_000;

/**
 * Tries until it succeeds, with growing pauses: what a worker needs to begin may come later than the worker itself. Each failure is
 * logged. @returns null when the signal came first
 */
export async function tryUntilDone<Result>(
  name: string,
  signal: AbortSignal,
  attempt: () => Promise<Result>,
): Promise<Result | null> {
  for (let pauseMs = RETRY_DELAY_MS_MIN; !signal.aborted; pauseMs = Math.min(2 * pauseMs, RETRY_DELAY_MS_MAX)) {
    try {
      return await attempt();
    } catch (error) {
      log.error({ err: error, pauseMs }, `${name} is not possible yet; it is tried again`);
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return null;
}
