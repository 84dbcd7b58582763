import "server-only";
import { unstable_rethrow } from "next/navigation";
import type { RamAction } from "@/domain/access/action.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { answerToThrown } from "./failure.ts";
import { requireScope } from "./session.ts";

/** A file for the person who asks: its name, its media type, and its text, whole or piece by piece. */
export type Download = {
  readonly fileName: string;
  readonly type: string;
  readonly text: string | AsyncIterable<string>;
};

/** Of its moment and of one person. */
const headers = { "cache-control": "no-store, private" };

/**
 * Answers a GET with a file to save, behind the same permission check as the page. A text that comes in pieces is read as fast
 * as the client takes it and never held; one that fails on its way breaks the connection, so that the browser reports a failed
 * download and nobody takes a part for the whole.
 */
export async function answerDownload(
  action: RamAction,
  read: (scope: AccountScope) => Promise<Download>,
): Promise<Response> {
  try {
    const { fileName, type, text } = await read(await requireScope(action));
    const body = typeof text === "string" ? text : streamOf(text);
    return new Response(body, {
      headers: { ...headers, "content-type": type, "content-disposition": `attachment; filename="${fileName}"` },
    });
  } catch (thrown) {
    unstable_rethrow(thrown);
    const { status, error } = await answerToThrown(thrown);
    return Response.json({ error }, { status, headers });
  }
}

function streamOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(encoder.encode(value));
        }
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}
