import "server-only";
import { promisify } from "node:util";
import { constants, gunzip, inflate, zstdDecompress } from "node:zlib";

/** gzip (RFC 1952), deflate as HTTP and SLS mean it (zlib, RFC 1950), or zstd (RFC 8878). */
export type Compression = "gzip" | "deflate" | "zstd";

const INFLATE = { gzip: promisify(gunzip), deflate: promisify(inflate), zstd: promisify(zstdDecompress) } as const;

/** 16 MB, more than any body here: without a bound a frame of some bytes asks for a window of 128 MB. */
const ZSTD_WINDOW_LOG_MAX = 24;

/**
 * The bytes that were compressed, or why there are none. Off the event loop. Stops at `lengthMax`, so that a small body that stands
 * for a huge one costs no more than the largest that is taken.
 */
export async function inflateBounded(
  bytes: Uint8Array,
  compression: Compression,
  lengthMax: number,
): Promise<Buffer | "too-large" | "damaged"> {
  try {
    return await INFLATE[compression](bytes, {
      maxOutputLength: lengthMax,
      ...(compression === "zstd" && { params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX } }),
    });
  } catch (error) {
    const isTooLarge = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    return isTooLarge ? "too-large" : "damaged";
  }
}
