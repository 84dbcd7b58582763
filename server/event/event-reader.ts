import "server-only";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { EventScanner, type ScannedEvent } from "./event-scanner.ts";

const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** Large enough that the pieces of a file cost nothing beside its events, small beside the memory of a process. */
const INFLATED_PIECE_BYTES = 256 * 1024;

/**
 * Reads events from the bytes of a file, gzip or not, as far as they are needed: one JSON object a line, a JSON array, or
 * objects behind one another (see EventScanner for what happens to broken ones). Each event has the exact text between its
 * braces and the line of the first one. Rejects with the source's error, or zlib's when a gzip file is damaged or cut short;
 * events that came before are yielded first.
 */
export async function* readEvents(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<ScannedEvent> {
  const scanner = new EventScanner();
  for await (const piece of inflateGzip(pieces)) {
    yield* scanner.push(piece);
  }
  yield* scanner.end();
}

/** Tells gzip by its first bytes, because a file's name says little. */
async function* inflateGzip(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  let beginning = Buffer.alloc(0);
  while (beginning.length < GZIP_MAGIC.length) {
    const { done, value } = await iterator.next();
    if (done === true) {
      break;
    }
    beginning = Buffer.concat([beginning, value]);
  }
  const all = continueWith(beginning, iterator);
  if (GZIP_MAGIC.every((byte, index) => byte === beginning[index])) {
    const source = Readable.from(all, { objectMode: false });
    const gunzip = createGunzip({ chunkSize: INFLATED_PIECE_BYTES });
    source.on("error", (error) => gunzip.destroy(error));
    yield* source.pipe(gunzip);
  } else {
    yield* all;
  }
}

async function* continueWith(beginning: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield beginning;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      yield next.value;
    }
  } finally {
    // Whoever stops reading early lets go of the file.
    await rest.return?.();
  }
}
