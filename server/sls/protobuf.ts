import { isUtf8 } from "node:buffer";

/** How a field's value is laid out (protobuf encoding, "Message structure"). Groups, 3 and 4, are not used by SLS. */
export const WIRE_TYPE = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;
type WireType = (typeof WIRE_TYPE)[keyof typeof WIRE_TYPE];

const UINT32_MAX = 2 ** 32 - 1;
const VARINT_BYTES_MAX = 10;

/** Bytes that do not follow protobuf's encoding, or lack a required field. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

/** The byte in front of a field, for field numbers below 16. */
export function fieldTag(fieldNumber: number, wireType: WireType): number {
  return (fieldNumber << 3) | wireType;
}

/** How many bytes the varint of a whole number from 0 to 2^32 - 1 takes. */
export function varintLength(value: number): number {
  if (value < 0x80) {
    return 1;
  }
  if (value < 0x4000) {
    return 2;
  }
  if (value < 0x20_0000) {
    return 3;
  }
  return value < 0x1000_0000 ? 4 : 5;
}

/** Appends to one buffer that grows by doubling, so that a message of many small parts is never put together from pieces. */
export class ProtobufWriter {
  #buffer: Buffer<ArrayBuffer>;
  #length = 0;

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** A whole number from 0 to 2^32 - 1. */
  varint(value: number): void {
    this.#reserve(varintLength(value));
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#length++] = rest;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** @param byteLength what `Buffer.byteLength(text)` says, which the caller needs for the length in front anyway. */
  text(text: string, byteLength: number): void {
    this.#reserve(byteLength);
    this.#length += this.#buffer.write(text, this.#length, byteLength, "utf8");
  }

  /** A whole text field: tag, length, UTF-8. */
  textField(fieldNumber: number, text: string): void {
    const byteLength = Buffer.byteLength(text);
    this.varint(fieldTag(fieldNumber, WIRE_TYPE.lengthDelimited));
    this.varint(byteLength);
    this.text(text, byteLength);
  }

  /** A whole bytes field, or an embedded message that is already encoded: tag, length, bytes. */
  bytesField(fieldNumber: number, bytes: Uint8Array): void {
    this.varint(fieldTag(fieldNumber, WIRE_TYPE.lengthDelimited));
    this.varint(bytes.length);
    this.bytes(bytes);
  }

  /** What was written: a view, valid as long as nothing more is written. */
  written(): Buffer<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(byteCount: number): void {
    const needed = this.#length + byteCount;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
  }
}

/**
 * Reads one message, field by field. Strict: whatever does not follow the encoding to the letter throws ProtobufError.
 * What it returns are views of the given bytes, not copies.
 */
export class ProtobufReader {
  readonly #bytes: Buffer;
  #position = 0;
  #wireType: number = WIRE_TYPE.varint;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The number of the next field, or null at the end of the message. */
  nextField(): number | null {
    if (this.#position === this.#bytes.length) {
      return null;
    }
    const tag = this.#varint32();
    this.#wireType = tag & 7;
    const fieldNumber = tag >>> 3;
    if (fieldNumber === 0) {
      throw new ProtobufError("a field has the number 0");
    }
    return fieldNumber;
  }

  uint32(): number {
    this.#expect(WIRE_TYPE.varint);
    return this.#varint32();
  }

  bytes(): Buffer {
    this.#expect(WIRE_TYPE.lengthDelimited);
    return this.#take(this.#varint32());
  }

  text(): string {
    const bytes = this.bytes();
    if (!isUtf8(bytes)) {
      throw new ProtobufError("a text is not valid UTF-8");
    }
    return bytes.toString("utf8");
  }

  /** Passes over a field whose number is not known. */
  skip(): void {
    switch (this.#wireType) {
      case WIRE_TYPE.varint:
        this.#skipVarint();
        return;
      case WIRE_TYPE.fixed64:
        this.#take(8);
        return;
      case WIRE_TYPE.lengthDelimited:
        this.#take(this.#varint32());
        return;
      case WIRE_TYPE.fixed32:
        this.#take(4);
        return;
      default:
        throw new ProtobufError(`the wire type ${this.#wireType} is not supported`);
    }
  }

  #expect(wireType: WireType): void {
    if (this.#wireType !== wireType) {
      throw new ProtobufError(`a field has the wire type ${this.#wireType} instead of ${wireType}`);
    }
  }

  #take(byteCount: number): Buffer {
    const end = this.#position + byteCount;
    if (end > this.#bytes.length) {
      throw new ProtobufError("a field is longer than its message");
    }
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }

  #varint32(): number {
    let value = 0;
    let factor = 1;
    while (value <= UINT32_MAX && factor <= 2 ** 28) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80 && value <= UINT32_MAX) {
        return value;
      }
      factor *= 0x80;
    }
    throw new ProtobufError("a number is larger than 32 bits");
  }

  #skipVarint(): void {
    for (let length = 1; length <= VARINT_BYTES_MAX; length++) {
      if (this.#byte() < 0x80) {
        return;
      }
    }
    throw new ProtobufError("a number is larger than 64 bits");
  }

  #byte(): number {
    const byte = this.#bytes[this.#position++];
    if (byte === undefined) {
      throw new ProtobufError("the message ends in the middle of a number");
    }
    return byte;
  }
}
