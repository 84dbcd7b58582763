import type { Readable } from "node:stream";

/** What a body is held to, and what the client is told who goes beyond it. */
export type BodyBounds = {
  readonly bytesMax: number;
  readonly timeoutMs: number;
  readonly refusalOf: (fault: "too-large" | "too-late") => Error;
};

/**
 * The bytes of a body, no more than `bytesMax` and no later than after `timeoutMs`: a client that sends a byte a second is not waited
 * for, however long it goes on. A body that is refused is left as it is, because who ends its stream ends the connection, and the
 * answer with it.
 * @throws what `refusalOf` makes; the stream's error when it breaks off
 */
export function readBody(body: Readable, { bytesMax, timeoutMs, refusalOf }: BodyBounds): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const refuse = (error: Error) => {
      release();
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length > bytesMax) {
        refuse(refusalOf("too-large"));
      } else {
        chunks.push(chunk);
      }
    };
    const onEnd = () => {
      release();
      resolve(Buffer.concat(chunks));
    };
    const timer = setTimeout(() => refuse(refusalOf("too-late")), timeoutMs);
    const release = () => {
      clearTimeout(timer);
      body.off("data", onData).off("end", onEnd).off("error", refuse);
      // What breaks off later is nobody's any more; unheard, it would end the process.
      body.on("error", () => undefined);
    };
    body.on("data", onData).on("end", onEnd).on("error", refuse);
  });
}
