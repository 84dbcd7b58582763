import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 50;

/** Polls until the condition gives something, and returns that. @throws after the deadline, with what was waited for */
export async function waitUntil<T>(
  what: string,
  timeoutMs: number,
  condition: () => Promise<T | null | undefined | false>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const found = await condition();
    if (found) {
      return found;
    }
    await delay(POLL_MS);
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`);
}
