import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import type { SinkTroubleDto } from "@/domain/history-job/schema.ts";
import { LogServiceError, type LogstoreName } from "@/domain/log-service/log-service.ts";
import { decryptSecret } from "@/server/access/secrets.ts";
import { pool, prisma, type Transaction } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import type { SlsTarget } from "@/server/sls/client.ts";
import { type CircuitFacts, type Sink, toSinkTroubleDto } from "./circuit.ts";

/**
 * Where a log project of the account is and the key that signs for it, or null when Backtrail does not know the project. Read it
 * when it is used: endpoints and keys change.
 */
export async function getSlsTarget(
  scope: AccountScope,
  { projectRegion: region, projectName: name }: { readonly projectRegion: string; readonly projectName: string },
): Promise<SlsTarget | null> {
  const row = await prisma().logProject.findUnique({
    where: { accountId_region_name: { accountId: scope.accountId, region, name } },
    include: { builtInKey: true },
  });
  if (row === null) {
    return null;
  }
  if (row.builtInKey !== null) {
    const { id, secretCiphertext } = row.builtInKey;
    return {
      isBuiltIn: true,
      endpoint: builtInEndpoint(),
      region,
      project: name,
      accessKeyId: id,
      accessKeySecret: decryptSecret(secretCiphertext, { purpose: "access-key", rowId: id }),
    };
  }
  const { id, endpoint, externalKeyId, externalSecretCiphertext } = row;
  if (endpoint === null || externalKeyId === null || externalSecretCiphertext === null) {
    throw new Error(`log project ${id} has neither a built-in key nor an endpoint with one`);
  }
  return {
    isBuiltIn: false,
    endpoint,
    region,
    project: name,
    accessKeyId: externalKeyId,
    accessKeySecret: decryptSecret(externalSecretCiphertext, { purpose: "log-project", rowId: id }),
  };
}

/**
 * What is wrong with the sink behind a log project of the account, for people; null while nothing is, and when Backtrail does not know the
 * project. One statement, because open consoles ask every second while a job runs.
 */
export async function findProjectTrouble(
  { accountId }: AccountScope,
  { projectRegion, projectName }: { readonly projectRegion: string; readonly projectName: string },
): Promise<SinkTroubleDto | null> {
  const { rows } = await pool().query<CircuitFacts>({
    name: "find-project-trouble",
    text: `SELECT c.opened_at AS "openedAt", c.tried_at AS "triedAt", c.retry_at AS "retryAt", c.failures, c.code, c.message
     FROM log_project p JOIN sink_circuit c ON c.endpoint = COALESCE(p.endpoint, $4) AND c.project = p.name
     WHERE p.account_id = $1 AND p.region = $2 AND p.name = $3`,
    values: [accountId, projectRegion, projectName, builtInEndpoint()],
  });
  return rows[0] === undefined ? null : toSinkTroubleDto(rows[0]);
}

/**
 * The sink of a job, read in the caller's transaction; null when Backtrail does not know its log project. For the engine, which
 * has all accounts' jobs to settle: the project is found by the job's own account.
 */
export async function findSinkOfJob(tx: Transaction, jobId: number): Promise<Sink | null> {
  const [row] = await tx.$queryRaw<{ endpoint: string | null; project: string }[]>`
    SELECT p.endpoint, p.name AS project
    FROM delivery_history_job j
    JOIN log_project p ON p.account_id = j.account_id AND p.region = j.project_region AND p.name = j.project_name
    WHERE j.id = ${jobId}`;
  return row === undefined ? null : { endpoint: row.endpoint ?? builtInEndpoint(), project: row.project };
}

/** The api process on this machine, unless the setting says where it is. */
export function builtInEndpoint(): string {
  const { LOG_SERVICE_ENDPOINT, HOST, API_PORT } = env();
  if (LOG_SERVICE_ENDPOINT !== undefined) {
    return LOG_SERVICE_ENDPOINT;
  }
  const listensEverywhere = HOST === "0.0.0.0" || HOST === "::";
  const host = listensEverywhere ? "127.0.0.1" : HOST;
  return `http://${host.includes(":") ? `[${host}]` : host}:${API_PORT}`;
}

/**
 * The id of a logstore of the built-in log service.
 * @throws LogServiceError ProjectNotExist, also for a project that is not ours to store in; LogStoreNotExist
 */
export async function getLogstoreId(scope: AccountScope, { region, project, logstore }: LogstoreName): Promise<number> {
  // Read once per request of a delivery, so past the typed client.
  const { rows } = await pool().query<{ id: number | null }>(
    `SELECT "logstore"."id"
     FROM "log_project"
     LEFT JOIN "logstore" ON "logstore"."log_project_id" = "log_project"."id" AND "logstore"."name" = $4
     WHERE "log_project"."account_id" = $1 AND "log_project"."region" = $2 AND "log_project"."name" = $3
       AND "log_project"."endpoint" IS NULL`,
    [scope.accountId, region, project, logstore],
  );
  const [row] = rows;
  if (row === undefined) {
    throw new LogServiceError("ProjectNotExist", `The Project does not exist : ${project}`);
  }
  if (row.id === null) {
    throw new LogServiceError("LogStoreNotExist", `logstore ${logstore} does not exist`);
  }
  return row.id;
}

/**
 * The region of the account's project that a request means which names none, as one that is signed in version 1: the home region's, where
 * that has a project of this name, or else the first by name. The home region when there is no such project. Part of the API signature's
 * gate, before there is a scope: it says nothing but where to look.
 */
export async function findProjectRegion(accountId: string, project: string): Promise<string> {
  const { rows } = await pool().query<{ region: string }>(
    `SELECT region FROM log_project
     WHERE account_id = $1 AND name = $2 AND endpoint IS NULL
     ORDER BY region = $3 DESC, region
     LIMIT 1`,
    [accountId, project, env().BACKTRAIL_REGION],
  );
  return rows[0]?.region ?? env().BACKTRAIL_REGION;
}

/** When a logstore was made. @throws LogServiceError as getLogstoreId */
export async function getLogstoreCreation(scope: AccountScope, name: LogstoreName): Promise<Date> {
  const id = await getLogstoreId(scope, name);
  const { createdAt } = await prisma().logstore.findUniqueOrThrow({ where: { id }, select: { createdAt: true } });
  return createdAt;
}

/** Which logstores of a project a client lists: those whose name holds a text, a page of them. */
export type LogstoreListing = { readonly contained: string; readonly offset: number; readonly size: number };

/**
 * The names of a project's logstores, in their order, and how many there are.
 * @throws LogServiceError ProjectNotExist
 */
export async function listLogstoreNames(
  { accountId }: AccountScope,
  { region, project }: Pick<LogstoreName, "region" | "project">,
  { contained, offset, size }: LogstoreListing,
): Promise<{ readonly names: string[]; readonly total: number }> {
  const row = await prisma().logProject.findUnique({
    where: { accountId_region_name: { accountId, region, name: project }, endpoint: null },
    select: {
      logstores: { where: { name: { contains: contained } }, orderBy: { name: "asc" }, select: { name: true } },
    },
  });
  if (row === null) {
    throw new LogServiceError("ProjectNotExist", `The Project does not exist : ${project}`);
  }
  const names = row.logstores.map(({ name }) => name);
  return { names: names.slice(offset, offset + size), total: names.length };
}
