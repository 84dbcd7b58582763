import type { FastifyRequest } from "fastify";
import type { RamAction } from "@/domain/access/action.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import {
  LOGSTORE_NAME_PATTERN,
  LogServiceError,
  type LogstoreName,
  logstoreArn,
  PROJECT_NAME_PATTERN,
} from "@/domain/log-service/log-service.ts";
import { auditInactiveKey, noteLastUse, readAccessKey, scopeForAccessKey } from "@/server/access/access-key-gate.ts";
import { findProjectRegion } from "@/server/log-service/queries.ts";
import { checkBody, type PresentedSignature, readSignature, verifySignature } from "@/server/sls/signature.ts";
import { readQuery, type SignedRequest, signatureRefusal } from "@/server/sls/signed-request.ts";

/** What the gate found out about a request: who may do what, and where. */
export type Admission = {
  readonly scope: AccountScope;
  /** Its logstore is `*` where the request is about all of a project. */
  readonly name: LogstoreName;
  readonly query: ReadonlyMap<string, string>;
  readonly presented: PresentedSignature;
};

/**
 * The gate. Signature, then names, then permission: a stranger learns nothing about what exists, and who signs with a key that is
 * switched off learns no more, but is in the account's audit. Before the body is read: a stranger cannot make this process hold ten
 * megabytes either.
 * @throws LogServiceError, DomainError NoPermission
 */
export async function admit(request: FastifyRequest, action: RamAction): Promise<Admission> {
  const signed = toSignedRequest(request);
  const presented = readSignature(signed.headers);
  const { key: found, now } = await readAccessKey(presented.accessKeyId);
  const key = verifySignature(signed, presented, found, now);
  const client = { address: request.ip, requestId: request.id, isSecure: request.protocol === "https", now };
  if (!key.isActive) {
    await auditInactiveKey(key, client, action);
    throw signatureRefusal();
  }
  await noteLastUse(key, client, action);
  const { project, logstore } = readNames(request);
  const region = presented.version === 4 ? presented.region : await findProjectRegion(key.accountId, project);
  const name = { region, project, logstore };
  const scope = await scopeForAccessKey(key, action, logstoreArn(key.accountId, name), client);
  return { scope, name, query: new Map(signed.query), presented };
}

/**
 * The request's body, when it is the one that was signed; empty where there is none.
 * @throws LogServiceError
 */
export function admittedBody(request: FastifyRequest, { presented }: Admission): Buffer {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  checkBody(presented, headersOf(request), body);
  return body;
}

export function headersOf({ headers }: FastifyRequest): SignedRequest["headers"] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}

/** Names that could not exist are not looked up, nor put into an ARN that policies are matched with. */
function readNames({ params, headers }: FastifyRequest): { project: string; logstore: string } {
  const [project = ""] = (headers.host ?? "").split(".");
  if (!PROJECT_NAME_PATTERN.test(project)) {
    throw new LogServiceError("ProjectNotExist", "The host name does not begin with a project.");
  }
  const { logstore } = params as { readonly logstore?: string };
  if (logstore !== undefined && !LOGSTORE_NAME_PATTERN.test(logstore)) {
    throw new LogServiceError("LogStoreNotExist", `logstore ${logstore} does not exist`);
  }
  return { project, logstore: logstore ?? "*" };
}

function toSignedRequest(request: FastifyRequest): SignedRequest {
  const url = request.raw.url ?? "";
  const mark = url.indexOf("?");
  const [path, query] = mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
  const { method } = request;
  const headers = headersOf(request);
  if (method === "GET" && ((headers["content-length"] ?? "0") !== "0" || headers["transfer-encoding"] !== undefined)) {
    // Nobody reads it, so nobody could say that it is the signed one.
    throw new LogServiceError("PostBodyInvalid", "A request with GET has no body.");
  }
  return { method, path, query: readQuery(query), headers };
}
