import type { IncomingMessage, ServerResponse } from "node:http";
import { log } from "@/server/log.ts";

/** A report has a few hundred bytes. What is longer is cut: nobody's word may fill the log. */
const REPORT_BYTES_MAX = 4_096;

/** Reports that are logged in a minute; a page that is at fault, or a stranger, sends the same again and again. */
const REPORTS_PER_MINUTE_MAX = 20;

let minute = 0;
let reportsInMinute = 0;

/** Takes what a browser tells of a breach of the content security policy, and logs it. Anybody can send such a thing, so it is a hint and no more. */
export async function takeCspReport(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, REPORT_BYTES_MAX - length));
    length += chunk.length;
    if (length >= REPORT_BYTES_MAX) {
      break;
    }
  }
  const current = Math.floor(Date.now() / 60_000);
  reportsInMinute = current === minute ? reportsInMinute + 1 : 1;
  minute = current;
  if (reportsInMinute <= REPORTS_PER_MINUTE_MAX) {
    // Without queries, which may hold the secret of a link.
    const report = Buffer.concat(chunks)
      .toString("utf8")
      .replaceAll(/\?[^"\s]*/g, "");
    log.warn({ report }, "content security policy breached");
  }
  response.writeHead(204).end();
}
