import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { log } from "@/server/log.ts";
import { envelopeOf } from "@/server/rpc/answer-call.ts";
import type { RpcRefusal } from "@/server/rpc/error-table.ts";

/** What Node's parser says of more headers, or a longer address, than it takes. */
const TOO_LARGE = "HPE_HEADER_OVERFLOW";
const TOO_SLOW = "ERR_HTTP_REQUEST_TIMEOUT";

/** Answers what could not be read as a request of HTTP, of which no route learns, in the vendor's envelope, and ends the connection. */
export function answerBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(error);
  const requestId = randomUUID().toUpperCase();
  log.warn({ err: error, requestId, code: refusal.code, status: refusal.status }, "what came is no request");
  // Which host was meant is in what could not be read.
  const body = JSON.stringify(envelopeOf(refusal, requestId, ""));
  socket.end(
    [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
      "content-type: application/json; charset=utf-8",
      `content-length: ${Buffer.byteLength(body)}`,
      `x-acs-request-id: ${requestId}`,
      "x-content-type-options: nosniff",
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

function refusalOf({ code }: NodeJS.ErrnoException): RpcRefusal {
  switch (code) {
    case TOO_LARGE:
      return {
        status: 431,
        code: "RequestHeaderTooLarge",
        message: "The address and headers of the request are too long.",
        extra: {},
      };
    case TOO_SLOW:
      return { status: 408, code: "RequestTimeout", message: "The request did not arrive in time.", extra: {} };
    default:
      return { status: 400, code: "MalformedRequest", message: "This is no request of HTTP.", extra: {} };
  }
}
