import { randomBytes, randomUUID } from "node:crypto";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from "fastify";
import type { AddressRange } from "@/domain/network/address-range.ts";
import { STRICT_TRANSPORT } from "@/domain/network/strict-transport.ts";
import { writeWaitingUses } from "@/server/access/last-uses.ts";
import { env } from "@/server/env.ts";
import { checkReadiness, closeHealthConnection } from "@/server/health.ts";
import { log } from "@/server/log.ts";
import { clientAddress, isForwardedTls } from "@/server/network/client-address.ts";
import { answerBroken } from "./broken-request.ts";
import { answerTo, answerToFault, NOT_FOUND } from "./error-table.ts";
import { BODY_TIMEOUT_MS, rpcRoutes } from "./rpc.ts";
import { LOGS_TIMEOUT_MS, logServiceRoutes } from "./sls.ts";

/** A little more than the longest that a call waits for its body; without a bound, half a request would hold its socket for ever. */
const REQUEST_TIMEOUT_MS = LOGS_TIMEOUT_MS + 10_000;

/**
 * The vendor API's process, not listening yet: its RPC calls at `/`, the built-in log service and the probes. Every answer names its
 * request in `x-acs-request-id` or `x-log-requestid`, which is also in the log.
 * @param timeouts how long the body of an RPC call may take, and how long one of the log service's
 */
export function buildServer({
  bodyTimeoutMs = BODY_TIMEOUT_MS,
  logsTimeoutMs = LOGS_TIMEOUT_MS,
} = {}): FastifyInstance {
  const { TRUSTED_PROXIES } = env();
  const server = fastify({
    loggerInstance: log as FastifyBaseLogger,
    // Twenty requests a second for each delivery would bury what must be read; refusals are logged below.
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A path that cannot be decoded comes past all hooks.
    frameworkErrors: (error, request, reply) =>
      refuse(error, request, reply.headers(headersOfAnswer(request, TRUSTED_PROXIES))),
    clientErrorHandler: answerBroken,
    genReqId: ({ url = "" }) => (isRpcTarget(url) ? randomUUID() : randomBytes(12).toString("hex")).toUpperCase(),
  });
  server.addHook("onRequest", async (request, reply) => {
    // The rules are the console's, not Fastify's own, so that both know a client by the same address and connection.
    Object.defineProperty(request, "ip", { value: clientAddressOf(request, TRUSTED_PROXIES) });
    Object.defineProperty(request, "protocol", { value: protocolOf(request, TRUSTED_PROXIES) });
    reply.headers(headersOfAnswer(request, TRUSTED_PROXIES));
  });
  server.setErrorHandler((error, request, reply) => refuse(error, request, reply));
  server.setNotFoundHandler((_request, reply) => reply.status(NOT_FOUND.status).send(NOT_FOUND.body));
  server.get("/healthz", async () => ({ status: "alive" }));
  server.get("/readyz", async (_request, reply) => {
    const readiness = await checkReadiness();
    return reply.status(readiness.status === "ready" ? 200 : 503).send(readiness);
  });
  server.addHook("onClose", closeHealthConnection);
  server.addHook("onClose", writeWaitingUses);
  server.register(rpcRoutes, { bodyTimeoutMs });
  server.register(logServiceRoutes, { logsTimeoutMs });
  return server;
}

/** Headers of every answer, for a browser that somebody points here as well. */
function headersOfAnswer(request: FastifyRequest, proxies: readonly AddressRange[]): Record<string, string> {
  return {
    "x-log-requestid": request.id,
    "x-content-type-options": "nosniff",
    ...(protocolOf(request, proxies) === "https" && { "strict-transport-security": STRICT_TRANSPORT }),
  };
}

/** Each protocol has a form of its own for the id of a request. */
function isRpcTarget(url: string): boolean {
  return url === "/" || url.startsWith("/?");
}

/** Answers what was thrown as the log service does, which is all that is not RPC. */
function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const answer = answerTo(error) ?? answerToFault(request.id);
  if (answer.status >= 500) {
    request.log.error({ err: error }, "request failed");
  } else {
    request.log.warn({ ...answer.body, status: answer.status, from: request.ip, url: request.url }, "request refused");
  }
  if (!request.raw.complete) {
    // What is still on its way is not waited for.
    reply.header("connection", "close");
  }
  return reply.status(answer.status).send(answer.body);
}

function clientAddressOf({ headers, socket }: FastifyRequest, proxies: readonly AddressRange[]): string {
  return clientAddress(socket.remoteAddress ?? null, String(headers["x-forwarded-for"] ?? ""), proxies) ?? "unknown";
}

/** This process itself listens without TLS. */
function protocolOf({ headers, socket }: FastifyRequest, proxies: readonly AddressRange[]): "http" | "https" {
  const forwardedProto = String(headers["x-forwarded-proto"] ?? "");
  return isForwardedTls(socket.remoteAddress ?? null, forwardedProto, proxies) ? "https" : "http";
}
