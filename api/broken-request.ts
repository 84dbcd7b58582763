import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Of Node's parser: more headers, or a longer address, than it takes. */
const TOO_LARGE = "HPE_HEADER_OVERFLOW";
const TOO_SLOW = "ERR_HTTP_REQUEST_TIMEOUT";

/**
 * Answers what could not be read as a request of HTTP, of which no route learns: in the vendor's envelope, with an id that is logged,
 * and the end of the connection.
 */
export function answerBroken(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  note: (facts: { requestId: string; status: number; err: Error }) => void,
): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, message] = verdictOn(error);
  const requestId = randomUUID().toUpperCase();
  note({ requestId, status, err: error });
  const body = JSON.stringify({ RequestId: requestId, Code: code, Message: message });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      "content-type: application/json; charset=utf-8",
      `content-length: ${Buffer.byteLength(body)}`,
      `x-acs-request-id: ${requestId}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

function verdictOn({ code }: NodeJS.ErrnoException): [status: number, code: string, message: string] {
  switch (code) {
    case TOO_LARGE:
      return [431, "RequestHeaderTooLarge", "The address and headers of the request are too long."];
    case TOO_SLOW:
      return [408, "RequestTimeout", "The request did not arrive in time."];
    default:
      return [400, "MalformedRequest", "This is no request of HTTP."];
  }
}
