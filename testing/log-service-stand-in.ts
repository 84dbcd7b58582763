import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import { decodeWithProtobufjs } from "./log-proto.ts";
import { decompressWithLz4js } from "./lz4-block.ts";
import { expectedAuthorization } from "./sls-signature.ts";

/** How the stand-in answers a request instead of taking it: with a status, or by closing the connection, or not at all. */
type ScriptedAnswer =
  | { readonly status: number; readonly headers?: OutgoingHttpHeaders; readonly body?: string }
  | "reset"
  | "silence";

export type StandInOptions = {
  /** The one key whose requests are taken. */
  readonly key: { readonly region: string; readonly accessKeyId: string; readonly accessKeySecret: string };
  /**
   * What a request, counted from 0, is answered; undefined lets it be taken. Asked before anything is checked. A promise
   * holds the request until it is settled.
   */
  readonly answerTo?: (requestIndex: number) => ScriptedAnswer | undefined | Promise<ScriptedAnswer | undefined>;
  /** "digests" keeps only the count and the digest sum, for more logs than memory should hold. */
  readonly keep?: "logs" | "digests";
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
};

/**
 * An SLS for tests: takes PutLogs requests over HTTP on loopback, checks them, and keeps what they carry. Nothing in it is the
 * product's code, so a mistake of the product is not made twice. Like SLS it knows no identities: what is sent twice is there
 * twice. Requests that SLS would refuse are refused and listed in `faults`.
 */
export class LogServiceStandIn {
  /** All logs taken, in the order of their requests. */
  readonly logs: ReceivedLog[] = [];
  /** Why requests were refused, apart from the scripted answers. */
  readonly faults: string[] = [];
  readonly #options: StandInOptions;
  readonly #server: Server;
  #requestCount = 0;
  #logCount = 0;
  #digestSum = 0n;

  private constructor(options: StandInOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        this.faults.push(String(error));
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
    const address = this.#server.address();
    if (address === null || typeof address === "string") {
      throw new Error("the stand-in does not listen");
    }
    return `http://127.0.0.1:${address.port}`;
  }

  /** Requests so far, whatever they were answered. */
  get requestCount(): number {
    return this.#requestCount;
  }

  /** Logs taken so far. */
  get logCount(): number {
    return this.#logCount;
  }

  /** Sum of the SHA-256 digests of all event texts taken, modulo 2^256, in hexadecimal. */
  get digestSum(): string {
    return this.#digestSum.toString(16).padStart(64, "0");
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const scripted = await this.#options.answerTo?.(this.#requestCount++);
    if (scripted === undefined) {
      this.#take(request, Buffer.concat(chunks), response);
    } else if (scripted === "reset") {
      response.socket?.resetAndDestroy();
    } else if (scripted !== "silence") {
      response.writeHead(scripted.status, scripted.headers).end(scripted.body);
    }
  }

  #take(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const fault = this.#faultOf(request, body);
    if (fault !== null) {
      this.faults.push(fault);
      response.writeHead(400).end(JSON.stringify({ errorCode: "PostBodyInvalid", errorMessage: fault }));
      return;
    }
    const rawSize = Number(request.headers["x-log-bodyrawsize"]);
    const logGroup = decodeWithProtobufjs(decompressWithLz4js(body, rawSize));
    const tags = new Map(logGroup.LogTags.map(({ Key, Value }) => [Key, Value]));
    const common = {
      project: request.headers.host?.split(".")[0] ?? "",
      logstore: request.url?.split("/")[2] ?? "",
      topic: logGroup.Topic ?? "",
      jobId: tags.get("backtrail_job_id"),
      batchId: tags.get("backtrail_batch_id"),
    };
    for (const { Time, Contents } of logGroup.Logs) {
      const [content] = Contents;
      if (Contents.length !== 1 || content?.Key !== "event") {
        this.faults.push(`a log with the contents ${Contents.map(({ Key }) => Key)}`);
      }
      this.#keep({ ...common, time: Time, event: content?.Value ?? "" });
    }
    response.writeHead(200).end();
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
    if (headers["content-md5"] !== createHash("md5").update(body).digest("hex").toUpperCase()) {
      return "Content-MD5 is not that of the body as it was sent";
    }
    if (headers["content-type"] !== "application/x-protobuf" || headers["x-log-apiversion"] !== "0.6.0") {
      return "not protobuf of version 0.6.0";
    }
    return headers["x-log-compresstype"] === "lz4" ? null : "not LZ4";
  }
}
