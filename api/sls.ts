import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AccountScope } from "@/domain/access/scope.ts";
import {
  LOG_GROUP_BYTES_MAX,
  LOGSTORE_NAME_PATTERN,
  LogServiceError,
  type LogstoreName,
  logstoreArn,
  PROJECT_NAME_PATTERN,
} from "@/domain/log-service/log-service.ts";
import { findAccessKey, scopeForAccessKey } from "@/server/access/access-key-gate.ts";
import { readDatabaseTime } from "@/server/db.ts";
import { storeLogs } from "@/server/log-service/commands.ts";
import { decodeBody } from "@/server/sls/compression.ts";
import { type DecodedLogGroup, decodeLogGroup } from "@/server/sls/log-group.ts";
import { ProtobufError } from "@/server/sls/protobuf.ts";
import { checkBody, readSignatureV4, type SignedRequest, verifyV4 } from "@/server/sls/signature.ts";

/** The largest LogGroup as an LZ4 block that could not be made smaller: a byte more for every 255, and some. */
const BODY_BYTES_MAX = LOG_GROUP_BYTES_MAX + Math.ceil(LOG_GROUP_BYTES_MAX / 255) + 16;

type PutLogsRequest = FastifyRequest<{ Params: { logstore: string } }>;

/** What the gate found out about a request: who may write, and where. */
type Admission = { readonly scope: AccountScope; readonly name: LogstoreName };

const ADMISSION = "admission";

/** The built-in log service: SLS's PutLogs (actiontrail.md, 6). */
export async function logServiceRoutes(server: FastifyInstance): Promise<void> {
  server.decorateRequest(ADMISSION, null);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  server.post<{ Params: { logstore: string } }>(
    "/logstores/:logstore/shards/lb",
    {
      bodyLimit: BODY_BYTES_MAX,
      // Before the body is read: a stranger cannot make this process hold ten megabytes.
      onRequest: async (request) => {
        request.setDecorator<Admission>(ADMISSION, await admit(request));
      },
    },
    async (request, reply) => {
      const { scope, name } = request.getDecorator<Admission>(ADMISSION);
      const counts = await storeLogs(scope, name, await readLogGroup(request));
      // The vendor's clients expect an empty answer; ours asks what became of each log.
      return request.headers["x-backtrail-counts"] === "1" ? counts : reply.send();
    },
  );
}

/**
 * The gate. Signature, then names, then permission: a stranger learns nothing about what exists.
 * @throws LogServiceError, DomainError NoPermission
 */
async function admit(request: PutLogsRequest): Promise<Admission> {
  const signed = toSignedRequest(request);
  const presented = readSignatureV4(signed.headers);
  const [key, now] = await Promise.all([findAccessKey(presented.accessKeyId), readDatabaseTime()]);
  verifyV4(signed, presented, key?.secret ?? null, now);
  if (key === null) {
    throw new Error("a signature was verified without a key");
  }
  const name = { region: presented.region, ...readNames(request) };
  const resource = logstoreArn(key.accountId, name);
  const scope = await scopeForAccessKey(key, "log:PostLogStoreLogs", resource, {
    address: request.ip,
    isSecure: request.protocol === "https",
    now,
  });
  return { scope, name };
}

/** Names that could not exist are not looked up, nor put into an ARN that policies are matched with. */
function readNames(request: PutLogsRequest): { project: string; logstore: string } {
  const { logstore } = request.params;
  const [project = ""] = (request.headers.host ?? "").split(".");
  if (!PROJECT_NAME_PATTERN.test(project)) {
    throw new LogServiceError("ProjectNotExist", "The host name does not begin with a project.");
  }
  if (!LOGSTORE_NAME_PATTERN.test(logstore)) {
    throw new LogServiceError("LogStoreNotExist", `logstore ${logstore} does not exist`);
  }
  return { project, logstore };
}

function toSignedRequest({ method, raw, headers }: FastifyRequest): SignedRequest {
  const [path = "", query = ""] = (raw.url ?? "").split("?", 2);
  return {
    method,
    path,
    query: [...new URLSearchParams(query)],
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()])),
  };
}

async function readLogGroup({ body, headers }: PutLogsRequest): Promise<DecodedLogGroup> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const text = (name: string) => headers[name]?.toString();
  checkBody({ "x-log-content-sha256": text("x-log-content-sha256"), "content-md5": text("content-md5") }, bytes);
  const raw = await decodeBody(bytes, {
    compressType: text("x-log-compresstype"),
    rawSize: text("x-log-bodyrawsize"),
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
