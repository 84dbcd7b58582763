import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** How the stand-in sink treats a request. What is left out is done as a healthy sink does it. */
export type Treatment = {
  /** How much of the request is read before the answer. One that is not read whole is never taken. */
  readonly reads?: "nothing" | "half" | "whole";
  /** Pause between reading and answering. */
  readonly delayMs?: number;
  /** Whether its logs are kept. By default when the status is 200: a sink may also take them and then say otherwise. */
  readonly takes?: boolean;
  /** By default 200. */
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** How the answer travels: by default whole; or not at all, by a reset or by silence; or one byte a second. */
  readonly answer?: "whole" | "reset" | "silence" | "dribbled-headers" | "dribbled-body";
};

/** A refusal in SLS's form. */
export function refusal(
  status: number,
  errorCode: string,
  errorMessage: string,
  headers?: OutgoingHttpHeaders,
): Treatment {
  return { status, body: JSON.stringify({ errorCode, errorMessage }), ...(headers === undefined ? {} : { headers }) };
}

/** Nobody waits longer than this for one byte after the other. */
const DRIBBLE_MS = 1_000;

/** Sends the answer of a treatment, as it says. Resolves when the answer is sent or its reader has gone. */
export async function answerAs(treatment: Treatment, response: ServerResponse): Promise<void> {
  const { status = 200, headers, body = "", answer = "whole" } = treatment;
  const socket = response.socket;
  switch (answer) {
    case "reset":
      socket?.resetAndDestroy();
      return;
    case "silence":
      await untilGone(response);
      return;
    case "dribbled-headers":
      // Past the response's own writing, which would send the head in one piece.
      await dribble(`HTTP/1.1 ${status} OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`, response, (byte) =>
        socket?.write(byte),
      );
      socket?.destroy();
      return;
    case "dribbled-body":
      response.writeHead(status, headers);
      response.flushHeaders();
      await dribble(body.padEnd(120, " "), response, (byte) => response.write(byte));
      response.end();
      return;
    case "whole":
      response.writeHead(status, headers).end(body);
  }
}

async function dribble(text: string, response: ServerResponse, write: (byte: string) => void): Promise<void> {
  for (const byte of text) {
    if (response.destroyed) {
      return;
    }
    write(byte);
    await delay(DRIBBLE_MS);
  }
}

async function untilGone(response: ServerResponse): Promise<void> {
  if (!response.destroyed) {
    await new Promise((resolve) => response.once("close", resolve));
  }
}

/** Reads so much of a request's body; null when it broke off before. `onHalf` is awaited where half of it has been read. */
export async function readBody(
  request: IncomingMessage,
  reads: "half" | "whole",
  onHalf: () => Promise<void>,
): Promise<Buffer | null> {
  const half = Number(request.headers["content-length"] ?? 0) / 2;
  const chunks: Buffer[] = [];
  let length = 0;
  let isHalfTold = false;
  try {
    // Left half way, the connection stays open for whatever the answer is.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (!isHalfTold && length >= half) {
        isHalfTold = true;
        await onHalf();
        if (reads === "half") {
          return null;
        }
      }
    }
  } catch (error) {
    if (request.errored) {
      return null;
    }
    throw error;
  }
  return Buffer.concat(chunks);
}
