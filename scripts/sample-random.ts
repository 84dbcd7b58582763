/** A stream of numbers that looks random and is the same for the same seed: a sample has to be, and needs no more. */
export class SampleRandom {
  #state: number;

  constructor(seed: string) {
    this.#state = 0x811c9dc5;
    for (const character of seed) {
      this.#state = Math.imul(this.#state ^ (character.codePointAt(0) ?? 0), 0x01000193);
    }
  }

  /** 32 bits, by mulberry32. */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** From 0 up to 1, without it. */
  share(): number {
    return this.bits() / 2 ** 32;
  }

  /** A whole number from 0 up to `bound`, without it. */
  below(bound: number): number {
    return Math.floor(this.share() * bound);
  }

  chance(share: number): boolean {
    return this.share() < share;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.below(from.length)];
    if (picked === undefined) {
      throw new Error("there is nothing to pick from");
    }
    return picked;
  }

  /** The larger its weight, the oftener one is picked. */
  pickWeighted<T extends { readonly weight: number }>(from: readonly T[]): T {
    let left = this.share() * from.reduce((sum, { weight }) => sum + weight, 0);
    for (const one of from) {
      left -= one.weight;
      if (left < 0) {
        return one;
      }
    }
    return this.pick(from);
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits) {
      text += this.bits().toString(16).padStart(8, "0");
    }
    return text.slice(0, digits);
  }

  /** Small letters and digits, as in the ids of cloud resources. */
  letters(count: number): string {
    return Array.from({ length: count }, () => "abcdefghijklmnopqrstuvwxyz0123456789"[this.below(36)]).join("");
  }

  /** In the shape of a version 5 UUID, in capitals, as ActionTrail writes ids. */
  uuid(): string {
    const hex = this.hex(32).toUpperCase();
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${"89AB"[this.below(4)]}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
