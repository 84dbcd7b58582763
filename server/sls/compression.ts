import { compress, compressSync, uncompress } from "lz4-napi";
import { LOG_GROUP_BYTES_MAX, LogServiceError } from "@/domain/log-service/log-service.ts";
import { inflateBounded } from "@/server/inflate.ts";

/** lz4-napi writes and wants the raw size, 32 bits little-endian, in front of the block; SLS has it in a header. */
const SIZE_PREFIX_BYTES = 4;

/** The name of the compression in `x-log-compresstype`. */
export const LZ4 = "lz4";

const COMPRESS_TYPES = [LZ4, "deflate", "zstd"] as const;

/** What is compressed sooner, in some 0.1 ms, than it is handed to another thread and back. */
const SMALL_BYTES_MAX = 64 * 1024;

/** A bare LZ4 block, as SLS wants it; its raw size travels in `x-log-bodyrawsize`. Off the event loop, unless it is small. */
export async function compressLz4(raw: Uint8Array): Promise<Buffer> {
  const { buffer, byteOffset, length } = raw;
  const block = length <= SMALL_BYTES_MAX ? compressSync(Buffer.from(buffer, byteOffset, length)) : await compress(raw);
  return block.subarray(SIZE_PREFIX_BYTES);
}

/** The headers that say what a request's body is. */
export type BodyEncoding = {
  /** `x-log-compresstype`; undefined for a body that is not compressed. */
  readonly compressType: string | undefined;
  /** `x-log-bodyrawsize` */
  readonly rawSize: string | undefined;
};

/**
 * The raw body of a PutLogs request. No more is ever allocated than the declared size, and no more than 10 MB.
 * @throws LogServiceError InvalidCompressType, MissingBodyRawSize, InvalidBodyRawSize, PostBodyTooLarge, or
 * PostBodyUncompressError when the body does not decompress to exactly the declared size.
 */
export async function decodeBody(body: Uint8Array, { compressType, rawSize }: BodyEncoding): Promise<Uint8Array> {
  if (compressType === undefined || compressType === "") {
    checkSize(body.length);
    return body;
  }
  const known = COMPRESS_TYPES.find((type) => type === compressType);
  if (known === undefined) {
    throw new LogServiceError("InvalidCompressType", `x-log-compresstype ${compressType} is unsupported.`);
  }
  const declaredSize = parseRawSize(rawSize);
  checkSize(declaredSize);
  // A body that holds more than it says is stopped there; zlib takes no bound of 0.
  const raw =
    known === LZ4 ? await uncompressLz4(body, declaredSize) : await inflateBounded(body, known, declaredSize || 1);
  if (typeof raw === "string" || raw.length !== declaredSize) {
    throw new LogServiceError(
      "PostBodyUncompressError",
      `The body does not decompress by ${known} to x-log-bodyrawsize bytes.`,
    );
  }
  return raw;
}

function parseRawSize(rawSize: string | undefined): number {
  if (rawSize === undefined) {
    throw new LogServiceError("MissingBodyRawSize", "x-log-bodyrawsize does not exist in header when it is necessary.");
  }
  if (!/^[0-9]{1,15}$/.test(rawSize)) {
    throw new LogServiceError("InvalidBodyRawSize", "x-log-bodyrawsize is invalid.");
  }
  return Number(rawSize);
}

function checkSize(size: number): void {
  if (size > LOG_GROUP_BYTES_MAX) {
    throw new LogServiceError("PostBodyTooLarge", `Body size ${size} must not be larger than ${LOG_GROUP_BYTES_MAX}.`);
  }
}

async function uncompressLz4(block: Uint8Array, rawSize: number): Promise<Buffer | "damaged"> {
  const prefixed = Buffer.allocUnsafe(SIZE_PREFIX_BYTES + block.length);
  prefixed.writeUInt32LE(rawSize);
  prefixed.set(block, SIZE_PREFIX_BYTES);
  // lz4-napi rejects a block that is malformed or holds more than it was told; one that holds less it just returns.
  return uncompress(prefixed).catch(() => "damaged" as const);
}
