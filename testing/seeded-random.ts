import { createHash } from "node:crypto";

/** Random choices that depend on the seed alone. Good enough to vary tests, for nothing else. */
export class SeededRandom {
  #state: number;

  constructor(seed: string) {
    this.#state = createHash("sha256").update(seed).digest().readUInt32LE();
  }

  /** Uniform in [0, 1). mulberry32: 32 bits of state, so that a seed is the whole of it. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.integer(0, list.length - 1)] ?? list[0];
  }

  /** The same things in another order. */
  shuffle<T>(list: readonly T[]): T[] {
    const keyed = list.map((thing) => ({ thing, key: this.next() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ thing }) => thing);
  }
}
