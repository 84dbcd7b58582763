import "server-only";
import type { DeliverableEvent, PageLimits } from "./pages.ts";

/** Signature, flags and the length of an extension, which stand before the first row (PostgreSQL, COPY, "Binary Format"). */
const HEADER_BYTES = 19;

/** Stands behind the last row, in the place of a row's number of fields. */
const TRAILER = -1;

const FIELD_COUNT_BYTES = 2;
const FIELD_LENGTH_BYTES = 4;
const TIME_BYTES = 8;

/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);

/** Rows are kept in blocks of this size, or of their own when they are larger. A small page wastes the rest of one. */
const BLOCK_BYTES = 128 * 1024;

/**
 * The events of one page, taken from the rows of binary COPYs of (event_time, event_id, digest, body) as they come in from the
 * network. A row is copied once, whole; an event's body and digest are views of it, so no body ever becomes a text. Rows behind
 * the page's end are passed over.
 */
export class PageRows {
  readonly events: DeliverableEvent[] = [];
  readonly #limits: PageLimits;
  #bodyBytes = 0;
  #block: Buffer = Buffer.alloc(0);
  #blockUsed = 0;
  /** Rows of the COPY that is being read, those that were passed over included. */
  #rowCount = 0;
  #isBehindHeader = false;

  constructor(limits: PageLimits) {
    this.#limits = limits;
  }

  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** A page ends with the event that reaches one of the limits. */
  get isFull(): boolean {
    return this.events.length >= this.#limits.logsMax || this.#bodyBytes >= this.#limits.bytesMax;
  }

  /** Another COPY follows, which goes on behind the last event. */
  beginCopy(): void {
    this.#isBehindHeader = false;
    this.#rowCount = 0;
  }

  /** One message of a COPY: a row; the first has the header before it. Valid only until this returns. */
  take(message: Buffer): void {
    const start = this.#isBehindHeader ? 0 : HEADER_BYTES;
    this.#isBehindHeader = true;
    if (message.readInt16BE(start) === TRAILER) {
      return;
    }
    this.#rowCount++;
    if (!this.isFull) {
      this.#add(this.#keep(message, start + FIELD_COUNT_BYTES));
    }
  }

  #add(row: Buffer): void {
    const idAt = FIELD_LENGTH_BYTES + TIME_BYTES + FIELD_LENGTH_BYTES;
    const digestAt = idAt + row.readInt32BE(idAt - FIELD_LENGTH_BYTES) + FIELD_LENGTH_BYTES;
    const bodyAt = digestAt + row.readInt32BE(digestAt - FIELD_LENGTH_BYTES) + FIELD_LENGTH_BYTES;
    const body = row.subarray(bodyAt);
    this.events.push({
      eventTime: new Date(EPOCH_MS + readInt64(row, FIELD_LENGTH_BYTES) / 1_000),
      eventId: row.toString("utf8", idAt, digestAt - FIELD_LENGTH_BYTES),
      digest: row.subarray(digestAt, bodyAt - FIELD_LENGTH_BYTES),
      body,
    });
    this.#bodyBytes += body.length;
  }

  #keep(message: Buffer, start: number): Buffer {
    const length = message.length - start;
    if (this.#blockUsed + length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, length));
      this.#blockUsed = 0;
    }
    const from = this.#blockUsed;
    message.copy(this.#block, from, start);
    this.#blockUsed += length;
    return this.#block.subarray(from, this.#blockUsed);
  }
}

/** A whole number that a float carries exactly. */
function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}
