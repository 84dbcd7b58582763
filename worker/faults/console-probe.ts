import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 200;

/** As long as the console's own pages wait for an answer (components/ui/poll.ts). */
const ANSWER_TIMEOUT_MS = 10_000;

/** What one poll was answered; the status is null when there was no answer. */
export type Polled = { readonly atMs: number; readonly tookMs: number; readonly status: number | null };

/** Somebody who watches a page: asks one of its polling routes again and again until stopped. */
export class ConsoleProbe {
  readonly polled: Polled[] = [];
  readonly #url: string;
  readonly #cookie: string;
  readonly #stopping = new AbortController();
  readonly #polling: Promise<void>;

  constructor(url: string, cookies: readonly { readonly name: string; readonly value: string }[]) {
    this.#url = url;
    this.#cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    this.#polling = this.#poll();
  }

  /** The newest answer's status; null before the first, and when there was none. */
  get status(): number | null {
    return this.polled.at(-1)?.status ?? null;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#polling;
  }

  async #poll(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const atMs = performance.now();
      const status = await fetch(this.#url, {
        headers: { accept: "application/json", cookie: this.#cookie },
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      }).then(
        async (response) => {
          await response.arrayBuffer();
          return response.status;
        },
        () => null,
      );
      this.polled.push({ atMs, tookMs: performance.now() - atMs, status });
      await delay(POLL_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }
}
