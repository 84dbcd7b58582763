import type { Readable } from "node:stream";
import { RpcError } from "@/domain/rpc/rpc-error.ts";

/**
 * The bytes of a body, no more than `bytesMax` and no later than after `timeoutMs`: a client that sends a byte a second is not waited
 * for, however long it goes on.
 * @throws RpcError RequestBodyTooLarge, RequestTimeout
 */
export async function readBody(
  body: Readable,
  { bytesMax, timeoutMs }: { readonly bytesMax: number; readonly timeoutMs: number },
): Promise<Buffer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const stop = () => body.destroy(new RpcError("RequestTimeout"));
  timeout.addEventListener("abort", stop);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > bytesMax) {
        throw new RpcError("RequestBodyTooLarge", { reason: `A body of this call has at most ${bytesMax} bytes.` });
      }
      chunks.push(chunk);
    }
  } finally {
    timeout.removeEventListener("abort", stop);
  }
  return Buffer.concat(chunks);
}
