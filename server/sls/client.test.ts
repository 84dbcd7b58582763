import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { verdictOn } from "@/domain/log-service/rules.ts";
import { decodeWithProtobufjs } from "@/testing/log-proto.ts";
import { decompressWithLz4js } from "@/testing/lz4-block.ts";
import { expectedAuthorization } from "@/testing/sls-signature.ts";
import { putLogs, type SlsTarget } from "./client.ts";
import { LogGroupWriter } from "./log-group.ts";
import { contentMd5 } from "./signed-request.ts";

const signedAt = new Date("2026-11-22T10:00:00.000Z");
const key = { region: "cn-hangzhou", accessKeyId: "LTAI5tExample", accessKeySecret: "secret" };
const shortTimeouts = { headers: 200, body: 200, total: 400 };

let close: (() => Promise<void>) | undefined;

afterEach(async () => {
  await close?.();
  close = undefined;
});

/** A sink that answers as told, once it has the whole request. */
async function startSink(answer: (response: ServerResponse, request: IncomingMessage, body: Buffer) => void) {
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    answer(response, request, Buffer.concat(chunks));
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return targetAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function targetAt(endpoint: string): SlsTarget {
  return { ...key, endpoint, project: "backtrail-audit", isBuiltIn: false };
}

function oneLog(): Uint8Array {
  const writer = new LogGroupWriter({ topic: "t", source: "", tags: [] });
  writer.add({ time: 1, event: Buffer.from('{"eventId":"1"}') });
  return writer.finish();
}

function put(target: SlsTarget, timeouts = { headers: 5_000, body: 5_000, total: 10_000 }) {
  return putLogs(target, "audit", oneLog(), { signedAt, signal: new AbortController().signal, timeouts });
}

describe("putLogs", () => {
  it.each<[number, string, Record<string, string>, { code: string; message?: string; retryAfterMs: number | null }]>([
    [
      403,
      '{"errorCode":"WriteQuotaExceed","errorMessage":"Write quota is exceeded."}',
      {},
      { code: "WriteQuotaExceed", message: "Write quota is exceeded.", retryAfterMs: null },
    ],
    [
      401,
      '{"errorCode":"SignatureNotMatch","errorMessage":"no"}',
      {},
      { code: "SignatureNotMatch", retryAfterMs: null },
    ],
    [429, "", { "retry-after": "7" }, { code: "BadResponse", retryAfterMs: 7_000 }],
    [503, "", { "retry-after": "soon" }, { code: "BadResponse", retryAfterMs: null }],
    [503, "", { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }, { code: "BadResponse", retryAfterMs: 0 }],
    [500, "<html><body>Bad gateway</body></html>", {}, { code: "BadResponse", retryAfterMs: null }],
    [500, '{"errorCode":5}', {}, { code: "BadResponse", retryAfterMs: null }],
    [500, "x".repeat(100_000), {}, { code: "BadResponse", retryAfterMs: null }],
    [302, "", { location: "http://127.0.0.1:9/" }, { code: "BadResponse", retryAfterMs: null }],
    [204, "", {}, { code: "BadResponse", retryAfterMs: null }],
  ])("takes status %i with %j and %j for a refusal", async (status, body, headers, expected) => {
    const target = await startSink((response) => response.writeHead(status, headers).end(body));
    expect(await put(target)).toMatchObject({ kind: "refused", status, ...expected });
  });

  it("waits until the date that the sink names", async () => {
    const target = await startSink((response) =>
      response.writeHead(503, { "retry-after": new Date(signedAt.getTime() + 100_000).toUTCString() }).end(),
    );
    const answer = await put(target);
    expect(answer.kind === "refused" ? answer.retryAfterMs : null).toBeGreaterThan(90_000);
    expect(answer.kind === "refused" ? answer.retryAfterMs : null).toBeLessThanOrEqual(100_000);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["a connection that is reset before the answer", (response) => response.socket?.resetAndDestroy()],
    [
      "a connection that is reset in the middle of the answer",
      (response) => {
        response
          .writeHead(200, { "content-length": "100" })
          .write('{"new":1', () => response.socket?.resetAndDestroy());
      },
    ],
    ["no answer at all", () => undefined],
    [
      "an answer that stops in the middle",
      (response) => {
        response.writeHead(200, { "content-length": "100" }).write('{"new":1');
      },
    ],
    [
      "an answer that comes a byte at a time",
      (response) => {
        response.writeHead(200, { "content-length": "100" });
        const timer = setInterval(() => response.write(" "), 50);
        response.on("close", () => clearInterval(timer));
      },
    ],
    ["a success with an endless answer", (response) => response.writeHead(200).end("x".repeat(100_000))],
    ["something that is not HTTP", (response) => response.socket?.end("SSH-2.0-OpenSSH_9.2\r\n")],
  ])("does not know what became of the logs after %s", async (_, answer) => {
    const target = await startSink(answer);
    expect(await put(target, shortTimeouts)).toEqual({ kind: "unanswered", message: expect.any(String) });
  });

  it.each([
    ["http://127.0.0.1:1", /^nothing listens at the endpoint/],
    ["http://no-such-host.invalid", /^the name of the endpoint (is not known|could not be looked up) .*no-such-host/],
  ])("says in words why it does not reach %s", async (endpoint, words) => {
    expect(await put(targetAt(endpoint))).toEqual({ kind: "unanswered", message: expect.stringMatching(words) });
  });

  it("takes no words of a sink that the database could not store", async () => {
    const target = await startSink((response) =>
      response
        .writeHead(400)
        .end(String.raw`{"errorCode":"Bad\u0000Code","errorMessage":"NUL \u0000, half \ud83d of a character"}`),
    );
    expect(await put(target)).toMatchObject({
      code: "Bad\uFFFDCode",
      message: "NUL \uFFFD, half \uFFFD of a character",
    });
  });

  it("gives up on a sink that takes the request ever more slowly", async () => {
    const sockets: Socket[] = [];
    const server = createTcpServer((socket) => sockets.push(socket.pause()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) {
          socket.destroy();
        }
      });
    const target = targetAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const writer = new LogGroupWriter({ topic: "t", source: "", tags: [] });
    writer.add({ time: 1, event: Buffer.from(randomBytes(4_000_000).toString("hex")) });
    const began = performance.now();
    const answer = await putLogs(target, "audit", writer.finish(), {
      signedAt,
      signal: new AbortController().signal,
      timeouts: { headers: 60_000, body: 60_000, total: 500 },
    });
    expect(answer).toEqual({ kind: "unanswered", message: "no answer within 500 ms" });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("throws the reason when it is aborted, before and during the exchange", async () => {
    const controller = new AbortController();
    const reason = new Error("the job was cancelled");
    const target = await startSink(() => controller.abort(reason));
    const options = { signedAt, signal: controller.signal };
    await expect(putLogs(target, "audit", oneLog(), options)).rejects.toBe(reason);
    await expect(putLogs(target, "audit", oneLog(), options)).rejects.toBe(reason);
  });

  it.each([
    ["", null],
    ['{"new":2,"present":1,"conflicts":[0,3]}', { new: 2, present: 1, conflicts: [0, 3] }],
    ['{"new":"2"}', null],
    ["OK", null],
  ])("takes 200 with %j for an acknowledgement", async (body, counts) => {
    const target = await startSink((response) => response.writeHead(200).end(body));
    expect(await put(target)).toEqual({ kind: "accepted", counts });
  });

  it.each(["", "OK", "<html></html>"])("takes 200 with %j for no answer of the built-in log service", async (body) => {
    const target = await startSink((response) => response.writeHead(200).end(body));
    const answer = await put({ ...target, isBuiltIn: true });
    expect(answer).toMatchObject({
      kind: "refused",
      code: "BadResponse",
      message: expect.stringContaining("built-in"),
    });
    expect(verdictOn(answer)).toBe("stop-job");
  });

  it("sends what SLS expects, to the project in Host", async () => {
    let received: { request: IncomingMessage; body: Buffer } | undefined;
    const target = await startSink((response, request, body) => {
      received = { request, body };
      response.writeHead(200).end();
    });
    await put(target);
    const { headers, method, url } = received?.request ?? {};
    const body = received?.body ?? Buffer.alloc(0);
    expect({ method, url }).toEqual({ method: "POST", url: "/logstores/audit/shards/lb" });
    expect(headers).toMatchObject({
      host: `backtrail-audit.${new URL(target.endpoint).host}`,
      "content-type": "application/x-protobuf",
      "content-md5": contentMd5(body),
      "x-log-date": "20261122T100000Z",
      authorization: expectedAuthorization({ method: "POST", path: url ?? "", headers: headers ?? {} }, body, key),
    });
    const raw = decompressWithLz4js(body, Number(headers?.["x-log-bodyrawsize"]));
    expect(decodeWithProtobufjs(raw).Logs[0]?.Contents).toEqual([{ Key: "event", Value: '{"eventId":"1"}' }]);
  });

  it("uses its connection again", async () => {
    const ports = new Set<number | undefined>();
    const target = await startSink((response, request) => {
      ports.add(request.socket.remotePort);
      response.writeHead(200).end();
    });
    for (let request = 0; request < 10; request++) {
      await put(target);
    }
    // On a busy machine an answer is read a moment before its connection counts as free, and a second one is opened.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});
