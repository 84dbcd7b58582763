import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RamAction } from "@/domain/access/action.ts";
import { PUT_EVENTS_BYTES_MAX } from "@/domain/event/put-events.ts";
import { RPC_CALLS } from "@/domain/rpc/calls.ts";
import { RpcError } from "@/domain/rpc/rpc-error.ts";
import { actorOf, mayAccessKey, scopeForAccessKey } from "@/server/access/access-key-gate.ts";
import { log } from "@/server/log.ts";
import { type BodyBounds, readBody } from "@/server/request-body.ts";
import { answerCall, answerText, envelopeOf } from "@/server/rpc/answer-call.ts";
import type { CallAnswer } from "@/server/rpc/calls.ts";
import { FAULT, refusalOfError } from "@/server/rpc/error-table.ts";
import { takeTurn, type VerifiedRequest, verifySigner } from "@/server/rpc/key-gate.ts";
import type { Parameter } from "@/server/rpc/percent-encoding.ts";
import { byName, mergeParameters, readParameters } from "@/server/rpc/request-parameters.ts";
import { mismatchFacts } from "@/server/rpc/signature.ts";
import { readSignatureLegacy } from "@/server/rpc/signature-legacy.ts";
import { isSignedBody, isSignedInV3, readSignatureV3 } from "@/server/rpc/signature-v3.ts";
import { forgetOldNonces } from "@/server/rpc/uses.ts";

/** Parameters of the longest call take a few kilobytes. */
const FORM_BYTES_MAX = 64 * 1024;

/** How long a body may take that fits into a few packets. */
export const BODY_TIMEOUT_MS = 10_000;

/** Leaves a slow uplink 70 KB/s for the largest body of events. */
const EVENTS_TIMEOUT_MS = 60_000;

/** Old nonces do no harm but take room: a few tens of thousands an hour at full rate. */
const NONCE_PRUNING_MS = 60_000;

/** What is known of a V3 request before its body is read; null for one that is signed otherwise. */
const VERIFIED = "verifiedRpcRequest";

/** The vendor's API, RPC style, at `/` (actiontrail.md, 1 to 3). */
export async function rpcRoutes(
  server: FastifyInstance,
  { bodyTimeoutMs }: { readonly bodyTimeoutMs: number },
): Promise<void> {
  server.decorateRequest(VERIFIED, null);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (request: FastifyRequest, body: IncomingMessage) => {
    if (takesEvents(request.getDecorator<VerifiedRequest | null>(VERIFIED))) {
      return readBody(body, boundsOf(PUT_EVENTS_BYTES_MAX, EVENTS_TIMEOUT_MS));
    }
    checkContentType(request);
    return readBody(body, boundsOf(FORM_BYTES_MAX, bodyTimeoutMs));
  });
  server.addHook("onRequest", async (request, reply) => {
    reply.removeHeader("x-log-requestid").header("x-acs-request-id", request.id);
  });
  server.setErrorHandler((error, request, reply) => refuse(error, request, reply));
  server.route({
    method: ["GET", "POST"],
    url: "/",
    exposeHeadRoute: false,
    // Before the body is read: with V3 a stranger cannot make us read one.
    onRequest: async (request) => {
      if (isSignedInV3(headersOf(request))) {
        request.setDecorator<VerifiedRequest>(VERIFIED, await verifyV3(request));
      }
    },
    handler: async (request, reply) => {
      const answer = await answerRequest(request, request.getDecorator<VerifiedRequest | null>(VERIFIED));
      return reply.type("application/json; charset=utf-8").send(answerText(answer, request.id));
    },
  });
  server.route({
    method: ["DELETE", "HEAD", "OPTIONS", "PATCH", "PUT"],
    url: "/",
    onRequest: async () => {
      throw new RpcError("UnsupportedHTTPMethod");
    },
    handler: async () => undefined,
  });
  pruneNonces(server);
}

function boundsOf(bytesMax: number, timeoutMs: number): BodyBounds {
  const refusalOf: BodyBounds["refusalOf"] = (fault) =>
    fault === "too-late"
      ? new RpcError("RequestTimeout")
      : new RpcError("RequestBodyTooLarge", { reason: `A body of this call has at most ${bytesMax} bytes.` });
  return { bytesMax, timeoutMs, refusalOf };
}

async function verifyV3(request: FastifyRequest): Promise<VerifiedRequest> {
  const { path, query } = targetOf(request);
  const presented = readSignatureV3({ method: request.method, path, query, headers: headersOf(request) });
  return verifySigner(presented, originOf(request));
}

async function answerRequest(request: FastifyRequest, verifiedV3: VerifiedRequest | null): Promise<CallAnswer> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const { path, query } = targetOf(request);
  if (verifiedV3 !== null && !isSignedBody(headersOf(request), body)) {
    throw new RpcError("SignatureDoesNotMatch", mismatchFacts(verifiedV3.presented));
  }
  const parameters = takesEvents(verifiedV3) ? query : mergeParameters(query, readParameters(body));
  const verified = verifiedV3 ?? (await verifyLegacy(request, path, parameters));
  await takeTurn(verified);
  const { action, key, client } = verified;
  const caller = {
    accountId: key.accountId,
    actor: actorOf(key, client),
    scopeFor: (ramAction: RamAction, resource: string) => scopeForAccessKey(key, ramAction, resource, client),
    may: (ramAction: RamAction, resource: string) => mayAccessKey(key, ramAction, resource, client),
  };
  return answerCall(action, caller, byName(parameters), {
    now: client.now,
    host: request.headers.host ?? "",
    body: { bytes: body, encoding: request.headers["content-encoding"] },
  });
}

async function verifyLegacy(
  request: FastifyRequest,
  path: string,
  parameters: readonly Parameter[],
): Promise<VerifiedRequest> {
  const presented = readSignatureLegacy({ method: request.method, path }, parameters);
  const verified = await verifySigner(presented, originOf(request));
  if (takesEvents(verified)) {
    throw new RpcError("IncompleteSignature", { reason: "The legacy signature is not over a body of events; use V3." });
  }
  return verified;
}

function takesEvents(verified: VerifiedRequest | null): boolean {
  return verified !== null && RPC_CALLS[verified.action].body === "events";
}

function checkContentType({ headers }: FastifyRequest): void {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw new RpcError("InvalidContentType", { reason: `A body in Content-Encoding ${encoding} is not read.` });
  }
  const [type = ""] = (headers["content-type"] ?? "").split(";");
  const isEmpty = headers["content-length"] === "0";
  if (!isEmpty && type.trim().toLowerCase() !== "application/x-www-form-urlencoded") {
    throw new RpcError("InvalidContentType", { reason: "A body has to be application/x-www-form-urlencoded." });
  }
}

function targetOf({ raw }: FastifyRequest): { path: string; query: readonly Parameter[] } {
  const url = raw.url ?? "";
  const mark = url.indexOf("?");
  const [path, query] = mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
  return { path, query: readParameters(Buffer.from(query, "latin1")) };
}

function headersOf({ headers }: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}

function originOf({ id, ip, protocol }: FastifyRequest) {
  return { address: ip, requestId: id, isSecure: protocol === "https" };
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const refusal = refusalOfError(error) ?? refusalOfError(refusalOfTransport(error)) ?? FAULT;
  const { status, code } = refusal;
  if (status >= 500) {
    request.log.error({ err: error }, "call failed");
  } else {
    request.log.warn({ code, ...refusal.extra, status, from: request.ip }, "call refused");
  }
  if (refusal.retryAfterMs !== undefined) {
    reply.header("x-acs-retry-after", String(refusal.retryAfterMs));
  }
  if (!request.raw.complete) {
    // What is still on its way is not waited for.
    reply.header("connection", "close");
  }
  return reply
    .status(status)
    .type("application/json; charset=utf-8")
    .send(envelopeOf(refusal, request.id, request.headers.host ?? ""));
}

/** What Fastify throws when a request breaks off or is not HTTP as it should be. */
function refusalOfTransport(error: unknown): RpcError | null {
  const isRefusal =
    error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" && error.statusCode < 500;
  return isRefusal ? new RpcError("InvalidQueryParameter", { reason: error.message }) : null;
}

function pruneNonces(server: FastifyInstance): void {
  const timer = setInterval(() => {
    forgetOldNonces().catch((error: unknown) => log.warn({ err: error }, "old nonces could not be forgotten"));
  }, NONCE_PRUNING_MS);
  timer.unref();
  server.addHook("onClose", async () => clearInterval(timer));
}
