import { findPollers, type Poller, type PollerQuestion } from "@/server/access/queries.ts";

/**
 * So far apart are two statements, at least; polls that come in between are looked up together, and one that comes alone at once. Longer would
 * be felt by who has just done something, and come near the second that an answer may be old; shorter would find fewer of them together.
 */
const GATHER_MS = 100;

type Asked = PollerQuestion & {
  readonly resolve: (poller: Poller | null) => void;
  readonly reject: (error: unknown) => void;
};

/** Finds who polls, for many of them at a time; what it says is always of a moment after it was asked. */
export class Pollers {
  #asked: Asked[] = [];
  /** When the last statement was made, by this process's own clock. */
  #lookedUpAt = Number.NEGATIVE_INFINITY;

  /** Rejects when the database cannot be asked. */
  find(question: PollerQuestion): Promise<Poller | null> {
    return new Promise((resolve, reject) => {
      if (this.#asked.push({ ...question, resolve, reject }) === 1) {
        setTimeout(() => this.#findAll(), Math.max(0, this.#lookedUpAt + GATHER_MS - performance.now()));
      }
    });
  }

  async #findAll(): Promise<void> {
    const asked = this.#asked;
    this.#asked = [];
    this.#lookedUpAt = performance.now();
    try {
      const found = await findPollers(asked);
      for (const [position, { resolve }] of asked.entries()) {
        resolve(found[position] ?? null);
      }
    } catch (error) {
      for (const { reject } of asked) {
        reject(error);
      }
    }
  }
}
