/** The parts of lz4js that work on bare blocks. It comes without types. */
declare module "lz4js" {
  export function compressBound(size: number): number;
  /** Returns the size of the block, or 0 when the input cannot be made smaller. */
  export function compressBlock(
    source: Uint8Array,
    target: Uint8Array,
    sourceStart: number,
    sourceLength: number,
    hashTable: Uint32Array,
  ): number;
  /** Returns the position behind the last byte written; it does not stop at the target's end. */
  export function decompressBlock(
    source: Uint8Array,
    target: Uint8Array,
    sourceStart: number,
    sourceLength: number,
    targetStart: number,
  ): number;
}
