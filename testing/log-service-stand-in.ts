import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { decodeWithProtobufjs } from "./log-proto.ts";
import { decompressWithLz4js } from "./lz4-block.ts";
import { expectedAuthorization, signedAtOf } from "./sls-signature.ts";
import { answerAs, readBody, refusal, type Treatment } from "./treatment.ts";

/** SLS's bound on one LogGroup before compression, and on how far a signature's time may be from its own. */
const LOG_GROUP_BYTES_MAX = 10 * 1024 * 1024;
const SIGNED_AT_DISTANCE_MS_MAX = 15 * 60_000;

/** Thrown along a request's way by a watch that cuts it. */
const CUT = new Error("cut");

/** Points of a request's way, in their order. "taken" only comes when its logs are kept. */
export type Moment = "headers" | "half" | "whole" | "taken" | "answered";

export type StandInOptions = {
  /** The one key whose requests are taken. */
  readonly key: { readonly region: string; readonly accessKeyId: string; readonly accessKeySecret: string };
  /**
   * How a request, counted from 0, is treated; undefined lets it be taken. Asked when its headers are there. A promise holds the
   * request until it is settled.
   */
  readonly answerTo?: (requestIndex: number) => Treatment | undefined | Promise<Treatment | undefined>;
  /** Refuses a whole request for one of its logs, as SLS does. The first log that is refused decides. */
  readonly refuses?: (log: ReceivedLog) => Treatment | undefined;
  /**
   * Told each point of a request's way, and waited for: what it does happens exactly there. "cut" breaks the connection; the rest
   * of the request is never read, and no answer sent.
   */
  readonly watch?: (moment: Moment, request: SeenRequest) => Promise<"cut" | undefined>;
  /** Largest LogGroup before compression that is taken; another one is answered 413. */
  readonly logGroupBytesMax?: number;
  /**
   * "digests" keeps only the count and the digest sum, for more logs than memory should hold. "requests" keeps what was sent as it
   * came, until it is taken apart: for times that the sink's own work must not add to.
   */
  readonly keep?: "logs" | "digests" | "requests";
};

/** A log as it was received. */
export type ReceivedLog = {
  readonly project: string;
  readonly logstore: string;
  readonly topic: string;
  readonly time: number;
  /** The value of its one content `event`. */
  readonly event: string;
  readonly jobId: string | undefined;
  readonly batchId: string | undefined;
  /** Which request brought it. */
  readonly requestIndex: number;
};

/** One request, whatever became of it. Times are of performance.now(). */
export type SeenRequest = {
  readonly index: number;
  readonly project: string;
  readonly logstore: string;
  readonly beganAtMs: number;
  endedAtMs: number | null;
  /** Known once the whole request was read. */
  jobId: string | undefined;
  batchId: string | undefined;
  /** Logs that it brought, and whether they were kept. */
  logs: number;
  isTaken: boolean;
  /** What it was answered, whole and at once; else null. */
  status: number | null;
};

/**
 * An SLS for tests: takes PutLogs requests over HTTP on loopback, checks them, and keeps what they carry. Nothing in it is the
 * product's code, so a mistake of the product is not made twice. Like SLS it knows no identities: what is sent twice is there
 * twice. It can be told to treat requests as badly as any sink does. What is wrong with the product's requests themselves is
 * refused and listed in `faults`.
 */
export class LogServiceStandIn {
  /** All logs taken, in the order of their requests. */
  readonly logs: ReceivedLog[] = [];
  readonly requests: SeenRequest[] = [];
  /** What was wrong with requests, apart from what a test made be refused. */
  readonly faults: string[] = [];
  readonly #options: StandInOptions;
  readonly #server: Server;
  #wholeRequests: { readonly body: Buffer; readonly rawSize: number; readonly seen: SeenRequest }[] = [];
  #logCount = 0;
  #digestSum = 0n;

  private constructor(options: StandInOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        if (error !== CUT) {
          this.faults.push(String(error));
        }
        response.destroy();
      });
    });
  }

  /** A stand-in that listens on a free port of 127.0.0.1. */
  static async start(options: StandInOptions): Promise<LogServiceStandIn> {
    const standIn = new LogServiceStandIn(options);
    standIn.#server.listen(0, "127.0.0.1");
    await once(standIn.#server, "listening");
    return standIn;
  }

  get endpoint(): string {
    const address = this.#server.address() as AddressInfo | null;
    if (address === null) {
      throw new Error("the stand-in does not listen");
    }
    return `http://127.0.0.1:${address.port}`;
  }

  /** Requests so far, whatever they were answered. */
  get requestCount(): number {
    return this.requests.length;
  }

  /** Logs taken so far. */
  get logCount(): number {
    return this.#logCount;
  }

  /** Sum of the SHA-256 digests of all event texts taken, modulo 2^256, in hexadecimal. */
  get digestSum(): string {
    return this.#digestSum.toString(16).padStart(64, "0");
  }

  /** The logs of the requests that were kept whole, one request after the other; nothing of them is kept. */
  *takeApart(): Generator<ReceivedLog> {
    const requests = this.#wholeRequests;
    this.#wholeRequests = [];
    for (const { body, rawSize, seen } of requests) {
      yield* this.#decode(decompressWithLz4js(body, rawSize), seen);
    }
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = this.#register(request);
    await this.#tell("headers", seen);
    const treatment = (await this.#options.answerTo?.(seen.index)) ?? {};
    const answer = await this.#readAndJudge(request, seen, treatment);
    if (treatment.delayMs !== undefined) {
      await delay(treatment.delayMs);
    }
    seen.status = (answer.answer ?? "whole") === "whole" ? (answer.status ?? 200) : null;
    await answerAs(answer, response);
    seen.endedAtMs = performance.now();
    await this.#tell("answered", seen);
  }

  async #tell(moment: Moment, seen: SeenRequest): Promise<void> {
    if ((await this.#options.watch?.(moment, seen)) === "cut") {
      throw CUT;
    }
  }

  #register({ headers, url }: IncomingMessage): SeenRequest {
    const seen: SeenRequest = {
      index: this.requests.length,
      project: headers.host?.split(".")[0] ?? "",
      logstore: url?.split("/")[2] ?? "",
      beganAtMs: performance.now(),
      endedAtMs: null,
      jobId: undefined,
      batchId: undefined,
      logs: 0,
      isTaken: false,
      status: null,
    };
    this.requests.push(seen);
    return seen;
  }

  /** Reads the request as far as the treatment wants it, takes its logs when they are to be taken, and says how to answer. */
  async #readAndJudge(request: IncomingMessage, seen: SeenRequest, treatment: Treatment): Promise<Treatment> {
    const { reads = "whole" } = treatment;
    if (reads === "nothing") {
      return treatment;
    }
    const body = await readBody(request, reads, () => this.#tell("half", seen));
    if (body === null) {
      return reads === "half" ? treatment : { answer: "reset" };
    }
    const fault = this.#faultOf(request, body);
    if (fault !== null) {
      this.faults.push(fault);
      return refusal(400, "PostBodyInvalid", fault);
    }
    const rawSize = Number(request.headers["x-log-bodyrawsize"]);
    if (this.#options.keep === "requests") {
      this.#wholeRequests.push({ body, rawSize, seen });
      seen.isTaken = true;
      return treatment;
    }
    const logs = this.#decode(decompressWithLz4js(body, rawSize), seen);
    await this.#tell("whole", seen);
    if (treatment.takes ?? (treatment.status ?? 200) === 200) {
      const refused = this.#refusalOf(rawSize, logs);
      if (refused !== undefined) {
        return refused;
      }
      for (const log of logs) {
        this.#keep(log);
      }
      seen.isTaken = true;
      await this.#tell("taken", seen);
    }
    return treatment;
  }

  #decode(logGroupBytes: Uint8Array, seen: SeenRequest): ReceivedLog[] {
    const logGroup = decodeWithProtobufjs(logGroupBytes);
    const tags = new Map(logGroup.LogTags.map(({ Key, Value }) => [Key, Value]));
    seen.jobId = tags.get("backtrail_job_id");
    seen.batchId = tags.get("backtrail_batch_id");
    seen.logs = logGroup.Logs.length;
    const common = {
      project: seen.project,
      logstore: seen.logstore,
      topic: logGroup.Topic ?? "",
      jobId: seen.jobId,
      batchId: seen.batchId,
      requestIndex: seen.index,
    };
    return logGroup.Logs.map(({ Time, Contents }) => {
      const [content] = Contents;
      if (Contents.length !== 1 || content?.Key !== "event") {
        this.faults.push(`a log with the contents ${Contents.map(({ Key }) => Key)}`);
      }
      return { ...common, time: Time, event: content?.Value ?? "" };
    });
  }

  #refusalOf(rawSize: number, logs: readonly ReceivedLog[]): Treatment | undefined {
    if (rawSize > (this.#options.logGroupBytesMax ?? LOG_GROUP_BYTES_MAX)) {
      return refusal(413, "PostBodyTooLarge", `a LogGroup of ${rawSize} bytes is too large`);
    }
    const { refuses } = this.#options;
    for (const log of refuses === undefined ? [] : logs) {
      const refused = refuses?.(log);
      if (refused !== undefined) {
        return refused;
      }
    }
    return undefined;
  }

  #keep(log: ReceivedLog): void {
    this.#logCount++;
    const digest = createHash("sha256").update(log.event).digest("hex");
    this.#digestSum = BigInt.asUintN(256, this.#digestSum + BigInt(`0x${digest}`));
    if (this.#options.keep !== "digests") {
      this.logs.push(log);
    }
  }

  #faultOf(request: IncomingMessage, body: Buffer): string | null {
    const { headers, method = "", url = "" } = request;
    if (method !== "POST" || !/^\/logstores\/[a-z0-9_-]+\/shards\/lb$/.test(url)) {
      return `not PutLogs: ${method} ${url}`;
    }
    if (headers.authorization !== expectedAuthorization({ method, path: url, headers }, body, this.#options.key)) {
      return "the signature does not match";
    }
    if (!(Math.abs(signedAtOf(headers).getTime() - Date.now()) <= SIGNED_AT_DISTANCE_MS_MAX)) {
      return `signed at ${headers["x-log-date"]}, which is not now`;
    }
    if (headers["content-md5"] !== createHash("md5").update(body).digest("hex").toUpperCase()) {
      return "Content-MD5 is not that of the body as it was sent";
    }
    if (headers["content-type"] !== "application/x-protobuf" || headers["x-log-apiversion"] !== "0.6.0") {
      return "not protobuf of version 0.6.0";
    }
    return headers["x-log-compresstype"] === "lz4" ? null : "not LZ4";
  }
}
