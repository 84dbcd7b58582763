import "server-only";
import { types } from "pg";

/**
 * Arrays as parameters in PostgreSQL's binary format, which `pg` sends for a Buffer. As text every quote in every element
 * is escaped here and unescaped there; for a few thousand JSON bodies that takes longer than storing them.
 *
 * Wire form: dimensions, whether there are nulls, element type, length, lower bound; then each element behind its byte
 * length, -1 for null. All int4, big-endian. Source: array_recv in PostgreSQL's src/backend/utils/adt/arrayfuncs.c.
 */
const HEADER_BYTES = 20;
const NULL_LENGTH = -1;

/** PostgreSQL counts microseconds from 2000-01-01. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** text[], given as text or as its UTF-8. No value may contain NUL, which PostgreSQL refuses. */
export function textArray(values: readonly (string | Uint8Array | null)[]): Buffer {
  const lengths = values.map((value) => (value === null ? NULL_LENGTH : Buffer.byteLength(value)));
  return encode(types.builtins.TEXT, lengths, (buffer, offset, index) => {
    const value = values[index] ?? "";
    if (typeof value === "string") {
      buffer.write(value, offset);
    } else {
      buffer.set(value, offset);
    }
  });
}

/** bytea[] */
export function byteaArray(values: readonly (Uint8Array | null)[]): Buffer {
  const lengths = values.map((value) => value?.length ?? NULL_LENGTH);
  return encode(types.builtins.BYTEA, lengths, (buffer, offset, index) => {
    buffer.set(values[index] ?? [], offset);
  });
}

/** bigint[], of whole numbers that a JavaScript number holds exactly. */
export function bigintArray(values: readonly number[]): Buffer {
  const lengths = values.map(() => 8);
  return encode(types.builtins.INT8, lengths, (buffer, offset, index) => {
    buffer.writeBigInt64BE(BigInt(values[index] ?? 0), offset);
  });
}

/** timestamptz[] */
export function timestamptzArray(values: readonly Date[]): Buffer {
  const lengths = values.map(() => 8);
  return encode(types.builtins.TIMESTAMPTZ, lengths, (buffer, offset, index) => {
    const ms = (values[index]?.getTime() ?? 0) - POSTGRES_EPOCH_MS;
    buffer.writeBigInt64BE(BigInt(ms) * 1000n, offset);
  });
}

function encode(
  elementType: number,
  lengths: readonly number[],
  writeElement: (buffer: Buffer, offset: number, index: number) => void,
): Buffer {
  const size = lengths.reduce((sum, length) => sum + 4 + Math.max(length, 0), HEADER_BYTES);
  const buffer = Buffer.allocUnsafe(size);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(lengths.includes(NULL_LENGTH) ? 1 : 0, 4);
  buffer.writeInt32BE(elementType, 8);
  buffer.writeInt32BE(lengths.length, 12);
  buffer.writeInt32BE(1, 16);
  let offset = HEADER_BYTES;
  lengths.forEach((length, index) => {
    offset = buffer.writeInt32BE(length, offset);
    if (length > 0) {
      writeElement(buffer, offset, index);
      offset += length;
    }
  });
  return buffer;
}
