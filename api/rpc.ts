import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { rwOf } from "@/domain/access/action.ts";
import { PUT_EVENTS_BYTES_MAX } from "@/domain/event/put-events.ts";
import { RPC_CALLS, type RpcAction, type RpcRequest } from "@/domain/rpc/calls.ts";
import { refusalOf, type WireParameters } from "@/domain/rpc/parameters.ts";
import { RpcError } from "@/domain/rpc/rpc-error.ts";
import { REGION_PATTERN } from "@/domain/trail/trail.ts";
import { actorOf, scopeForAccessKey } from "@/server/access/access-key-gate.ts";
import { writeRefusal } from "@/server/access/audit.ts";
import { log } from "@/server/log.ts";
import { resourceOfCall } from "@/server/rpc/call-gate.ts";
import { takeTurn, type VerifiedRequest, verifySigner } from "@/server/rpc/key-gate.ts";
import type { Parameter } from "@/server/rpc/percent-encoding.ts";
import { readBody } from "@/server/rpc/request-body.ts";
import { byName, mergeParameters, readParameters } from "@/server/rpc/request-parameters.ts";
import { mismatchFacts } from "@/server/rpc/signature.ts";
import { readSignatureLegacy } from "@/server/rpc/signature-legacy.ts";
import { isSignedBody, isSignedInV3, readSignatureV3 } from "@/server/rpc/signature-v3.ts";
import { forgetOldNonces } from "@/server/rpc/uses.ts";
import { CALLS, type CallAnswer, type CallContext, regionOf, type ScopeOf } from "./rpc-calls.ts";
import { FAULT, type RpcRefusal, refusalOfError } from "./rpc-error-table.ts";

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
      return readBody(body, { bytesMax: PUT_EVENTS_BYTES_MAX, timeoutMs: EVENTS_TIMEOUT_MS });
    }
    checkContentType(request);
    return readBody(body, { bytesMax: FORM_BYTES_MAX, timeoutMs: bodyTimeoutMs });
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
      const answer = await answerCall(request, request.getDecorator<VerifiedRequest | null>(VERIFIED));
      return reply.type("application/json; charset=utf-8").send(textOf(answer, request.id));
    },
  });
  server.route({
    method: ["DELETE", "PATCH", "PUT"],
    url: "/",
    onRequest: async () => {
      throw new RpcError("UnsupportedHTTPMethod");
    },
    handler: async () => undefined,
  });
  pruneNonces(server);
}

async function verifyV3(request: FastifyRequest): Promise<VerifiedRequest> {
  const { path, query } = targetOf(request);
  const presented = readSignatureV3({ method: request.method, path, query, headers: headersOf(request) });
  return verifySigner(presented, originOf(request));
}

async function answerCall(request: FastifyRequest, verifiedV3: VerifiedRequest | null): Promise<CallAnswer> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const { path, query } = targetOf(request);
  if (verifiedV3 !== null && !isSignedBody(headersOf(request), body)) {
    throw new RpcError("SignatureDoesNotMatch", mismatchFacts(verifiedV3.presented));
  }
  const parameters = takesEvents(verifiedV3) ? query : mergeParameters(query, readParameters(body));
  const verified = verifiedV3 ?? (await verifyLegacy(request, path, parameters));
  await takeTurn(verified);
  return callAs(verified, byName(parameters), {
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

async function callAs(
  { action, key, client }: VerifiedRequest,
  parameters: WireParameters,
  request: Pick<CallContext, "host" | "body">,
): Promise<CallAnswer> {
  const { ramAction, subject, request: schema } = RPC_CALLS[action];
  const context: CallContext = { ...request, now: client.now, regionNamed: regionNamedIn(parameters) };
  checkFormat(parameters);
  if (ramAction === null) {
    return run(action, null, parameters, context);
  }
  const { accountId } = key;
  const resource = await resourceOfCall(accountId, ramAction, subject, parameters, regionOf(context));
  const scope = await scopeForAccessKey(key, ramAction, resource, client);
  try {
    return await run(action, scope, parameters, context);
  } catch (error) {
    // Commands note what they refuse themselves; this is what never came to one.
    if (error instanceof RpcError && rwOf(ramAction) === "Write") {
      const actor = actorOf(key, client);
      const details = { parameters: pick(parameters, Object.keys(schema.shape)) };
      await writeRefusal({ accountId, actor, action: ramAction, errorCode: codeOf(error), resource, details });
    }
    throw error;
  }
}

/** The schema and the call of one action belong together, which their types cannot say once the action is any of them. */
function run<Action extends RpcAction>(
  action: Action,
  scope: unknown,
  parameters: WireParameters,
  context: CallContext,
): Promise<CallAnswer> {
  const parsed = RPC_CALLS[action].request.safeParse(parameters);
  if (!parsed.success) {
    throw refusalOf(parsed.error);
  }
  return CALLS[action](scope as ScopeOf<Action>, parsed.data as RpcRequest<Action>, context);
}

function regionNamedIn({ RegionId = "" }: WireParameters): string | null {
  if (RegionId === "") {
    return null;
  }
  if (RegionId.length > 64 || !REGION_PATTERN.test(RegionId)) {
    throw new RpcError("InvalidParameterValue", { parameter: "RegionId" });
  }
  return RegionId;
}

/** Answers are JSON. Who asks for XML by name could not read one, and is told so at once. */
function checkFormat({ Format = "JSON" }: WireParameters): void {
  if (!/^json$/i.test(Format)) {
    throw new RpcError("InvalidParameterValue", { parameter: "Format", reason: "Answers are in JSON only." });
  }
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

function originOf({ ip, protocol }: FastifyRequest) {
  return { address: ip, isSecure: protocol === "https" };
}

function pick(parameters: WireParameters, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (name in parameters ? [[name, parameters[name]?.slice(0, 1_000) ?? ""]] : [])),
  );
}

function codeOf(error: RpcError): string {
  return refusalOfError(error)?.code ?? error.code;
}

/** The answer as JSON. Events are put in as they are stored: to parse them and write them anew could change them. */
function textOf({ fields, events }: CallAnswer, requestId: string): string {
  const text = JSON.stringify({ RequestId: requestId, ...fields });
  return events === undefined ? text : `${text.slice(0, -1)},"Events":[${events.join(",")}]}`;
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
  return reply.status(status).type("application/json; charset=utf-8").send(envelopeOf(refusal, request));
}

/** The vendor's error envelope (actiontrail.md, 2.1), and our own fields behind it. */
function envelopeOf({ code, message, extra }: RpcRefusal, { id, headers }: FastifyRequest) {
  return {
    RequestId: id,
    HostId: headers.host ?? "",
    Code: code,
    Message: message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&product=Actiontrail&requestId=${id}`,
    ...extra,
  };
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
