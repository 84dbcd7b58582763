import "server-only";
import { Agent, type Dispatcher, errors } from "undici";
import { z } from "zod";
import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import type { ConnectionAnswer, Silence } from "@/domain/log-service/connection.ts";
import { AUDIT_EVENT_TOPIC, type PutLogsAnswer, type StoredCounts } from "@/domain/log-service/log-service.ts";
import { checkedConnector, InwardAddressError } from "@/server/network/checked-connector.ts";
import { compressLz4, LZ4 } from "./compression.ts";
import { LogGroupWriter } from "./log-group.ts";
import { type SigningKey, signV4 } from "./signature-v4.ts";
import { contentMd5 } from "./signed-request.ts";

/** Where a project's logs go, and the key that signs for it. */
export type SlsTarget = SigningKey & {
  /** A valid http(s)://host[:port], without the project. */
  readonly endpoint: string;
  readonly project: string;
  /** Whether it is the built-in log service, which says what became of each log; other sinks have nothing to say. */
  readonly isBuiltIn: boolean;
};

/** Bounds on one exchange, in milliseconds. */
export type PutLogsTimeouts = {
  /** Until the answer's headers are there, from when the request is sent. */
  readonly headers: number;
  /** Between two pieces of the answer's body. */
  readonly body: number;
  /** Over all, connecting and sending included: a peer that dribbles keeps every other bound. */
  readonly total: number;
};

/**
 * A sink stores a batch in well under a second; 30 s without an answer is a sink in trouble, and giving up sooner would
 * send it the same batch again while it still works on the first. 60 s leave a slow uplink 170 KB/s for the largest batch.
 */
const TIMEOUTS: PutLogsTimeouts = { headers: 30_000, body: 10_000, total: 60_000 };

/** A host that is there answers within a round trip or three; longer only keeps the batch from its next try. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Servers commonly close idle connections after 60 s and more; going first avoids writing into a closing one. */
const KEEP_ALIVE_MS = 30_000;

/** Counts of 4,096 conflicts take 25 KB, error bodies some hundred bytes. More than this is no answer of a log service. */
const ANSWER_BYTES_MAX = 64 * 1024;

/** Sinks put their words on a job's page; a web server's error page is not for reading there. */
const MESSAGE_LENGTH_MAX = 500;
const CODE_LENGTH_MAX = 100;

const agentOptions: Agent.Options = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  // SLS speaks HTTP/1.1; one request at a time per connection, so that a slow answer holds up no other.
  allowH2: false,
  pipelining: 1,
};

/** To where the operator's own settings say, which may be this machine. */
const builtInAgent = new Agent({ ...agentOptions, connect: { timeout: CONNECT_TIMEOUT_MS } });

/** To endpoints that people typed. */
const externalAgent = new Agent({ ...agentOptions, connect: checkedConnector(CONNECT_TIMEOUT_MS) });

/** How one request is made. */
type RequestOptions = { readonly signedAt: Date; readonly signal: AbortSignal; readonly timeouts?: PutLogsTimeouts };

/**
 * Sends one LogGroup to a logstore: compressed, with its Content-MD5, signed in version 4. Connects to the endpoint and names
 * the project in Host only, because `<project>.localhost` does not resolve everywhere. Never follows a redirect: it
 * would carry an account's events to a place nobody chose.
 * @param logGroup raw, as LogGroupWriter made it; not changed until the answer is there.
 * @param options.signedAt the database's time.
 * @throws only the reason of `options.signal`, when it is aborted. Whether the logs were taken is then not known.
 */
export async function putLogs(
  target: SlsTarget,
  logstore: string,
  logGroup: Uint8Array,
  options: RequestOptions,
): Promise<PutLogsAnswer> {
  const exchange = await exchangeLogGroup(target, logstore, logGroup, options);
  return exchange.response === null
    ? { kind: "unanswered", message: exchange.message }
    : toAnswer(target, exchange.response, exchange.text, exchange.answeredAt);
}

/**
 * Asks a logstore to take no logs, by the request that deliveries make, and says what came of it. Writes nothing.
 * @param options as of putLogs. @throws as putLogs
 */
export async function askToTakeNothing(
  target: SlsTarget,
  logstore: string,
  options: RequestOptions,
): Promise<ConnectionAnswer> {
  const logGroup = new LogGroupWriter({ topic: AUDIT_EVENT_TOPIC, source: TEST_SOURCE, tags: [] }).finish();
  const askedAt = performance.now();
  const exchange = await exchangeLogGroup(target, logstore, logGroup, options);
  const common = { logstore, durationMs: Math.round(performance.now() - askedAt) };
  if (exchange.response === null) {
    return { ...common, kind: "unanswered", silence: exchange.silence, message: exchange.message };
  }
  const answer = toAnswer(target, exchange.response, exchange.text, exchange.answeredAt);
  if (answer.kind === "unanswered") {
    return { ...common, kind: "unanswered", silence: "other", message: answer.message };
  }
  const requestId = exchange.response.headers["x-log-requestid"];
  return {
    ...common,
    kind: "answered",
    status: exchange.response.statusCode,
    code: answer.kind === "accepted" ? null : answer.code,
    message: answer.kind === "accepted" ? "" : answer.message,
    requestId: typeof requestId === "string" ? wordsOf(requestId, CODE_LENGTH_MAX) : null,
  };
}

/** The source of a test's empty LogGroup. */
const TEST_SOURCE = "backtrail-connection-test";

/** A whole answer, or why there is none. */
type Exchange =
  | { readonly response: Dispatcher.ResponseData; readonly text: string | null; readonly answeredAt: number }
  | { readonly response: null; readonly silence: Silence; readonly message: string };

async function exchangeLogGroup(
  target: SlsTarget,
  logstore: string,
  logGroup: Uint8Array,
  options: RequestOptions,
): Promise<Exchange> {
  const timeouts = options.timeouts ?? TIMEOUTS;
  const body = await compressLz4(logGroup);
  const endpoint = new URL(target.endpoint);
  const path = `/logstores/${logstore}/shards/lb`;
  const headers = {
    host: `${target.project}.${endpoint.host}`,
    "content-type": "application/x-protobuf",
    "content-md5": contentMd5(body),
    "x-log-apiversion": "0.6.0",
    "x-log-bodyrawsize": String(logGroup.length),
    "x-log-compresstype": LZ4,
    // Asks the built-in log service what became of each log; other sinks do not know it.
    "x-backtrail-counts": "1",
  };
  const signature = signV4({ method: "POST", path, query: [], headers }, body, target, options.signedAt);
  const deadline = AbortSignal.timeout(timeouts.total);
  const askedAt = performance.now();
  try {
    const response = await (target.isBuiltIn ? builtInAgent : externalAgent).request({
      origin: endpoint.origin,
      path,
      method: "POST",
      headers: { ...headers, ...signature },
      body,
      headersTimeout: timeouts.headers,
      bodyTimeout: timeouts.body,
      signal: AbortSignal.any([options.signal, deadline]),
    });
    const answeredAt = options.signedAt.getTime() + performance.now() - askedAt;
    return { response, text: await readBounded(response.body), answeredAt };
  } catch (error) {
    options.signal.throwIfAborted();
    return deadline.aborted
      ? { response: null, silence: "time-out", message: ENGINE_SENTENCES.noAnswerWithin(String(timeouts.total)) }
      : { response: null, silence: silenceOf(error), message: inWords(error) };
  }
}

/** The body as text; null when it is longer than any answer of a log service. */
async function readBounded(body: Dispatcher.ResponseData["body"]): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > ANSWER_BYTES_MAX) {
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const countsSchema = z.object({
  new: z.int().min(0),
  present: z.int().min(0),
  conflicts: z.array(z.int().min(0)),
});

const errorSchema = z.object({ errorCode: z.string().min(1), errorMessage: z.string() });

function toAnswer(
  { isBuiltIn, endpoint }: SlsTarget,
  { statusCode, headers }: Dispatcher.ResponseData,
  text: string | null,
  answeredAt: number,
): PutLogsAnswer {
  if (statusCode === 200) {
    if (text === null) {
      return { kind: "unanswered", message: ENGINE_SENTENCES.answerTooLong(String(ANSWER_BYTES_MAX)) };
    }
    const counts = parseCounts(text);
    // A web server that answers everything with 200 must not be taken for it: events would count as delivered to nowhere.
    return isBuiltIn && counts === null
      ? {
          kind: "refused",
          status: statusCode,
          code: "BadResponse",
          message: ENGINE_SENTENCES.notBuiltIn(endpoint),
          retryAfterMs: null,
        }
      : { kind: "accepted", counts };
  }
  const error = errorSchema.safeParse(parseJson(text ?? ""));
  return {
    kind: "refused",
    status: statusCode,
    code: error.success ? wordsOf(error.data.errorCode, CODE_LENGTH_MAX) : "BadResponse",
    message: error.success
      ? wordsOf(error.data.errorMessage, MESSAGE_LENGTH_MAX)
      : ENGINE_SENTENCES.bareStatus(String(statusCode)),
    retryAfterMs: parseRetryAfter(headers["retry-after"], answeredAt),
  };
}

/** A sink's words as the database can store them: no NUL, no half of a character. */
function wordsOf(text: string, lengthMax: number): string {
  return text.replaceAll("\0", "\uFFFD").slice(0, lengthMax).toWellFormed();
}

function parseCounts(text: string): StoredCounts | null {
  return countsSchema.safeParse(parseJson(text)).data ?? null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3); null for anything else. The date is compared with the database's time. */
function parseRetryAfter(value: string | string[] | undefined, answeredAt: number): number | null {
  if (typeof value !== "string") {
    return null;
  }
  const waitMs = /^\s*\d+\s*$/.test(value) ? Number(value) * 1_000 : Math.round(Date.parse(value) - answeredAt);
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null;
}

/** What went wrong on the wire, in words for a job's page. */
function inWords(error: unknown): string {
  if (error instanceof AggregateError) {
    const [first = error.message, ...others] = new Set(error.errors.map(inWords));
    return others.reduce((before, next) => ENGINE_SENTENCES.several(before, next), first);
  }
  if (error instanceof InwardAddressError) {
    return error.message;
  }
  if (error instanceof errors.ConnectTimeoutError) {
    return ENGINE_SENTENCES.noConnectionWithin(String(CONNECT_TIMEOUT_MS));
  }
  if (error instanceof errors.HeadersTimeoutError) {
    return ENGINE_SENTENCES.notAnsweredInTime();
  }
  if (error instanceof errors.BodyTimeoutError) {
    return ENGINE_SENTENCES.answerStopped();
  }
  if (error instanceof errors.SocketError) {
    return ENGINE_SENTENCES.connectionClosed();
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  return SENTENCE_OF_CODE.get(code)?.(message) ?? message;
}

function silenceOf(error: unknown): Silence {
  if (error instanceof AggregateError) {
    return error.errors.map(silenceOf).find((silence) => silence !== "other") ?? "other";
  }
  if (error instanceof InwardAddressError) {
    return "inward";
  }
  if (
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError
  ) {
    return "time-out";
  }
  if (error instanceof errors.SocketError) {
    return "broken";
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return SILENCE_OF_CODE.get(code) ?? (TLS_CODE_PATTERN.test(code) ? "tls" : "other");
}

const SILENCE_OF_CODE: ReadonlyMap<string, Silence> = new Map([
  ["ENOTFOUND", "name-unknown"],
  ["EAI_AGAIN", "name-unknown"],
  ["ECONNREFUSED", "refused"],
  ["ECONNRESET", "broken"],
  ["EPIPE", "broken"],
  ["EHOSTUNREACH", "unreachable"],
  ["ENETUNREACH", "unreachable"],
  ["ETIMEDOUT", "time-out"],
]);

/** What node:tls calls failures of certificates and handshakes (its documentation, "X509 certificate error codes"). */
const TLS_CODE_PATTERN = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO$)/;

const SENTENCE_OF_CODE: ReadonlyMap<string, (detail: string) => string> = new Map([
  ["ENOTFOUND", ENGINE_SENTENCES.nameUnknown],
  ["EAI_AGAIN", ENGINE_SENTENCES.nameNotLookedUp],
  ["ECONNREFUSED", ENGINE_SENTENCES.nothingListens],
  ["ECONNRESET", ENGINE_SENTENCES.connectionReset],
  ["EPIPE", ENGINE_SENTENCES.closedWhileSending],
  ["EHOSTUNREACH", ENGINE_SENTENCES.endpointUnreachable],
  ["ENETUNREACH", ENGINE_SENTENCES.endpointUnreachable],
  ["ERR_TLS_CERT_ALTNAME_INVALID", ENGINE_SENTENCES.certificateOfOther],
  ["CERT_HAS_EXPIRED", ENGINE_SENTENCES.certificateExpired],
  ...[
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
  ].map((code) => [code, ENGINE_SENTENCES.certificateUntrusted] as const),
  ...["EPROTO", "ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"].map(
    (code) => [code, ENGINE_SENTENCES.noTls] as const,
  ),
]);
