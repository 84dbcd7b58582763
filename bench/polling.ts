import { type Agent, get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** As often as a console asks while a job runs, and for its chart (components/history-job/history-job-queries.ts). */
export const RUNNING_INTERVAL_MS = 2_000;
const RATE_INTERVAL_MS = 10_000;

/** As a browser asks. */
const BROWSER_HEADERS = { accept: "application/json", "accept-encoding": "gzip, deflate" };

/** What a page asks again and again. */
export type Poll = { readonly path: string; readonly intervalMs: number };

/** What polls were answered, and the bytes of the answers. */
export type PollCounts = { full: number; unchanged: number; failed: number; bytes: number };

/** What the page of a running job asks. */
export function pollsOfRunningJob(jobId: number): readonly Poll[] {
  return [
    { path: `/jobs/${jobId}/data`, intervalMs: RUNNING_INTERVAL_MS },
    { path: `/jobs/${jobId}/rate?run=1&running=true`, intervalMs: RATE_INTERVAL_MS },
  ];
}

/** Polls as a console does, with the tag of the answer that it has, until the signal; adds what it is answered to the counts. */
export async function keepPolling(
  agent: Agent,
  base: string,
  cookie: string,
  { path, intervalMs }: Poll,
  counts: PollCounts,
  signal: AbortSignal,
): Promise<void> {
  let tag: string | undefined;
  while (!signal.aborted) {
    const { status, etag, bytes } = await ask(agent, `${base}${path}`, {
      ...BROWSER_HEADERS,
      cookie,
      ...(tag === undefined ? {} : { "if-none-match": tag }),
    });
    tag = etag ?? tag;
    counts[status === 200 ? "full" : status === 304 ? "unchanged" : "failed"]++;
    counts.bytes += bytes;
    await pause(intervalMs, signal);
  }
}

/** Waits, no longer than until the signal. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

type Answer = { readonly status: number; readonly etag: string | undefined; readonly bytes: number };

function ask(agent: Agent, url: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, (response) => {
      let bytes = 0;
      response
        .on("data", (part: Buffer) => {
          bytes += part.length;
        })
        .once("end", () => resolve({ status: response.statusCode ?? 0, etag: response.headers.etag, bytes }));
    });
    request.once("error", (error) => {
      // A connection that the server has closed meanwhile, for lack of use: a browser asks again over another one.
      const isStale = request.reusedSocket && "code" in error && error.code === "ECONNRESET";
      if (isStale) {
        resolve(ask(agent, url, headers));
      } else {
        reject(error);
      }
    });
  });
}
