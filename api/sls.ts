import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import type { RamAction } from "@/domain/access/action.ts";
import { LOG_GROUP_BYTES_MAX, LogServiceError } from "@/domain/log-service/log-service.ts";
import { storeLogs } from "@/server/log-service/commands.ts";
import { type ReadLogs, readLogs } from "@/server/log-service/log-reading.ts";
import { createClientLogstore } from "@/server/log-service/logstore-commands.ts";
import { getLogstoreCreation, listLogstoreNames } from "@/server/log-service/queries.ts";
import { type BodyBounds, readBody } from "@/server/request-body.ts";
import { decodeBody } from "@/server/sls/compression.ts";
import { logObject, readGetLogs, readGetLogsBody } from "@/server/sls/get-logs.ts";
import { type DecodedLogGroup, decodeLogGroup } from "@/server/sls/log-group.ts";
import { readListing, readLogstoreName } from "@/server/sls/logstore-parameters.ts";
import { ProtobufError } from "@/server/sls/protobuf.ts";
import { type Admission, admit, admittedBody, headersOf } from "./sls-gate.ts";

/** The largest LogGroup as an LZ4 block that could not be made smaller: a byte more for every 255, and some. */
const BODY_BYTES_MAX = LOG_GROUP_BYTES_MAX + Math.ceil(LOG_GROUP_BYTES_MAX / 255) + 16;

/** Parameters of every call but PutLogs take some hundred bytes, a query up to 2,000 characters. */
const PARAMETERS_BYTES_MAX = 64 * 1024;

/** Leaves a slow uplink 90 KB/s for the largest body; without a bound, half a request would hold its socket for ever. */
export const LOGS_TIMEOUT_MS = 120_000;

const ADMISSION = "admission";

/** What a call does with an admitted request. */
type Call = (admission: Admission, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** The built-in log service: as much of SLS as its own clients need to write and read logs (actiontrail.md, 6; SLS, 2020-12-30). */
export async function logServiceRoutes(
  server: FastifyInstance,
  { logsTimeoutMs }: { readonly logsTimeoutMs: number },
): Promise<void> {
  server.decorateRequest(ADMISSION, null);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (request: FastifyRequest, body: IncomingMessage) =>
    readBody(body, boundsOf(request.routeOptions.bodyLimit ?? 0, logsTimeoutMs)),
  );

  const get = (url: string, gate: Gate) => server.get(url, { ...gate.options, exposeHeadRoute: false }, gate.handler);
  const post = (url: string, bodyLimit: number, gate: Gate) =>
    server.post(url, { ...gate.options, bodyLimit }, gate.handler);

  get(
    "/logstores",
    gated(() => "log:ListLogStores", listLogstores),
  );
  post(
    "/logstores",
    PARAMETERS_BYTES_MAX,
    gated(() => "log:CreateLogStore", createLogstore),
  );
  // One address for two calls, told apart by the parameter `type`.
  get(
    "/logstores/:logstore",
    gated(
      (request) => (isGetLogs(request) ? "log:GetLogStoreLogs" : "log:GetLogStore"),
      (admission, request, reply) =>
        isGetLogs(request) ? getLogs(admission, request, reply) : getLogstore(admission, request, reply),
    ),
  );
  post(
    "/logstores/:logstore/logs",
    PARAMETERS_BYTES_MAX,
    gated(() => "log:GetLogStoreLogs", getLogsV2),
  );
  post(
    "/logstores/:logstore/shards/lb",
    BODY_BYTES_MAX,
    gated(() => "log:PostLogStoreLogs", putLogs),
  );
  post(
    "/logstores/:logstore/shards/route",
    BODY_BYTES_MAX,
    gated(() => "log:PostLogStoreLogs", putLogsByKey),
  );
}

function boundsOf(bytesMax: number, timeoutMs: number): BodyBounds {
  const refusalOf: BodyBounds["refusalOf"] = (fault) =>
    fault === "too-late"
      ? new LogServiceError("RequestTimeout", `The body was not there within ${timeoutMs} ms.`)
      : new LogServiceError("PostBodyTooLarge", `The body must not be larger than ${bytesMax} bytes.`);
  return { bytesMax, timeoutMs, refusalOf };
}

type Gate = {
  readonly options: { readonly onRequest: (request: FastifyRequest) => Promise<void> };
  readonly handler: RouteHandlerMethod;
};

function gated(actionOf: (request: FastifyRequest) => RamAction, call: Call): Gate {
  return {
    options: {
      onRequest: async (request) => {
        request.setDecorator<Admission>(ADMISSION, await admit(request, actionOf(request)));
      },
    },
    handler: (request, reply) => call(request.getDecorator<Admission>(ADMISSION), request, reply),
  };
}

function isGetLogs({ query }: FastifyRequest): boolean {
  return (query as Record<string, unknown>).type !== undefined;
}

const listLogstores: Call = async ({ scope, name, query }) => {
  const { names, total } = await listLogstoreNames(scope, name, readListing(query));
  return { count: names.length, total, logstores: names };
};

const createLogstore: Call = async (admission, request, reply) => {
  const body = admittedBody(request, admission);
  await createClientLogstore(admission.scope, { ...admission.name, logstore: readLogstoreName(body) });
  return reply.send();
};

const getLogstore: Call = async ({ scope, name }) => {
  const createdAt = Math.floor((await getLogstoreCreation(scope, name)).getTime() / 1_000);
  return {
    logstoreName: name.logstore,
    // The vendor's word for "for ever".
    ttl: 3_650,
    shardCount: 1,
    autoSplit: false,
    maxSplitShard: 1,
    enable_tracking: false,
    appendMeta: false,
    telemetryType: "",
    mode: "standard",
    createTime: createdAt,
    lastModifyTime: createdAt,
  };
};

const getLogs: Call = async ({ scope, name, query }, _request, reply) => {
  if (query.get("type") !== "log") {
    throw new LogServiceError("ParameterInvalid", "Of the types of query only log is offered.");
  }
  const found = await readLogs(scope, name, readGetLogs(query));
  reply
    .header("x-log-count", found.logs.length)
    .header("x-log-progress", progressOf(found))
    .header("x-log-has-sql", "false");
  return found.logs.map(logObject);
};

const getLogsV2: Call = async (admission, request) => {
  const parameters = readGetLogsBody(admittedBody(request, admission));
  const found = await readLogs(admission.scope, admission.name, readGetLogs(parameters));
  return {
    meta: { progress: progressOf(found), count: found.logs.length, hasSQL: false, isAccurate: true },
    data: found.logs.map(logObject),
  };
};

const putLogs: Call = async (admission, request, reply) => {
  const body = admittedBody(request, admission);
  const counts = await storeLogs(admission.scope, admission.name, await readLogGroup(body, request));
  // The vendor's clients expect an empty answer; ours asks what became of each log.
  return request.headers["x-backtrail-counts"] === "1" ? counts : reply.send();
};

/** The key, an MD5, chooses one of the vendor's shards, for the order of what is written; here everything is in one. */
const putLogsByKey: Call = async (admission, request, reply) => {
  if (!/^[0-9a-f]{32}$/i.test(admission.query.get("key") ?? "")) {
    throw new LogServiceError("ParameterInvalid", "key has to be an MD5, 32 hexadecimal digits.");
  }
  return putLogs(admission, request, reply);
};

function progressOf({ isComplete }: ReadLogs): string {
  return isComplete ? "Complete" : "Incomplete";
}

async function readLogGroup(body: Buffer, request: FastifyRequest): Promise<DecodedLogGroup> {
  const headers = headersOf(request);
  const raw = await decodeBody(body, {
    compressType: headers["x-log-compresstype"],
    rawSize: headers["x-log-bodyrawsize"],
  });
  try {
    return decodeLogGroup(raw);
  } catch (error) {
    if (error instanceof ProtobufError) {
      throw new LogServiceError("PostBodyInvalid", `The body is not a LogGroup: ${error.message}.`);
    }
    throw error;
  }
}
