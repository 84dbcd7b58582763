import { findPollers, type Poller, type PollerQuestion } from "@/server/access/queries.ts";

/**
 * Polls that come within so long are looked up with one statement. Nobody waits at a screen for one of them; longer would come near the second
 * that an answer may be old, and shorter find fewer of them together.
 */
const GATHER_MS = 50;

type Asked = PollerQuestion & {
  readonly resolve: (poller: Poller | null) => void;
  readonly reject: (error: unknown) => void;
};

/** Finds who polls, for many of them at a time; what it says is always of a moment after it was asked. */
export class Pollers {
  #asked: Asked[] = [];

  /** Rejects when the database cannot be asked. */
  find(question: PollerQuestion): Promise<Poller | null> {
    return new Promise((resolve, reject) => {
      if (this.#asked.push({ ...question, resolve, reject }) === 1) {
        setTimeout(() => this.#findAll(), GATHER_MS);
      }
    });
  }

  async #findAll(): Promise<void> {
    const asked = this.#asked;
    this.#asked = [];
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
