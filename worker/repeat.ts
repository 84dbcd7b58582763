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
