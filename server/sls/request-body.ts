import type { Readable } from "node:stream";
import { LogServiceError } from "@/domain/log-service/log-service.ts";

/**
 * The bytes of a body, no more than `bytesMax` and no later than after `timeoutMs`: a client that sends a byte a second is not waited
 * for, however long it goes on. What is left of the body then is for whoever answers to cut off.
 * @throws LogServiceError PostBodyTooLarge, RequestTimeout; the stream's error when it breaks off
 */
export function readBody(
  body: Readable,
  { bytesMax, timeoutMs }: { readonly bytesMax: number; readonly timeoutMs: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const stop = (error: Error) => {
      clearTimeout(timer);
      body.off("data", take).pause();
      reject(error);
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length > bytesMax) {
        stop(new LogServiceError("PostBodyTooLarge", `The body must not be larger than ${bytesMax} bytes.`));
      } else {
        chunks.push(chunk);
      }
    };
    const timer = setTimeout(
      () => stop(new LogServiceError("RequestTimeout", `The body was not there within ${timeoutMs} ms.`)),
      timeoutMs,
    );
    body
      .on("data", take)
      .once("error", stop)
      .once("end", () => {
        clearTimeout(timer);
        resolve(Buffer.concat(chunks));
      });
  });
}
