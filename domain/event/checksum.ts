/** Bytes of a digest and of a checksum. */
const DIGEST_BYTES = 32;
const LIMBS = DIGEST_BYTES / 4;

/**
 * The sum of SHA-256 digests modulo 2^256: equal for equal multisets of bodies, whatever their order, so that both ends of
 * a delivery can be compared without listing it.
 */
export class Checksum {
  // 32-bit limbs, most significant first. A float holds 2^21 sums of them exactly; add() carries long before.
  readonly #limbs = new Float64Array(LIMBS);
  #pending = 0;

  /** Starts from a stored checksum of 32 bytes, big-endian, or from zero. */
  constructor(stored?: Uint8Array) {
    if (stored !== undefined) {
      this.add(stored);
    }
  }

  /** Adds one digest of 32 bytes. */
  add(digest: Uint8Array): void {
    if (digest.length !== DIGEST_BYTES) {
      throw new RangeError(`a digest has ${DIGEST_BYTES} bytes, not ${digest.length}`);
    }
    const view = new DataView(digest.buffer, digest.byteOffset, DIGEST_BYTES);
    for (let limb = 0; limb < LIMBS; limb++) {
      this.#limbs[limb] = (this.#limbs[limb] ?? 0) + view.getUint32(limb * 4);
    }
    this.#pending++;
    if (this.#pending === 1_000_000) {
      this.#carry();
    }
  }

  /** The checksum so far: 32 bytes, big-endian. */
  toBytes(): Uint8Array<ArrayBuffer> {
    this.#carry();
    const bytes = new Uint8Array(DIGEST_BYTES);
    const view = new DataView(bytes.buffer);
    for (let limb = 0; limb < LIMBS; limb++) {
      view.setUint32(limb * 4, this.#limbs[limb] ?? 0);
    }
    return bytes;
  }

  #carry(): void {
    let carry = 0;
    for (let limb = LIMBS - 1; limb >= 0; limb--) {
      const sum = (this.#limbs[limb] ?? 0) + carry;
      carry = Math.floor(sum / 2 ** 32);
      this.#limbs[limb] = sum - carry * 2 ** 32;
    }
    this.#pending = 0;
  }
}
