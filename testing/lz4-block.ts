import { compressBlock, compressBound, decompressBlock } from "lz4js";

/** A bare LZ4 block made by lz4js, the other implementation that ours is tested against. */
export function compressWithLz4js(raw: Uint8Array): Uint8Array {
  const block = new Uint8Array(compressBound(raw.length) + 16);
  const length = compressBlock(raw, block, 0, raw.length, new Uint32Array(65_536));
  return length === 0 ? storedBlock(raw) : block.subarray(0, length);
}

/** @throws Error when the block does not hold exactly `rawSize` bytes. */
export function decompressWithLz4js(block: Uint8Array, rawSize: number): Uint8Array {
  const raw = new Uint8Array(rawSize);
  const length = decompressBlock(block, raw, 0, block.length, 0);
  if (length !== rawSize) {
    throw new Error(`the block holds ${length} bytes instead of ${rawSize}`);
  }
  return raw;
}

/** What lz4js leaves to its caller: an input that repeats nothing, as one run of literals. */
function storedBlock(raw: Uint8Array): Uint8Array {
  if (raw.length < 15) {
    return Uint8Array.from([raw.length << 4, ...raw]);
  }
  const fullBytes = Math.floor((raw.length - 15) / 255);
  const head = [0xf0, ...Array<number>(fullBytes).fill(255), (raw.length - 15) % 255];
  return Buffer.concat([Uint8Array.from(head), raw]);
}
