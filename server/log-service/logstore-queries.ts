import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import type { LogstoreName } from "@/domain/log-service/log-service.ts";
import type { LogstoreDto } from "@/domain/log-service/schema.ts";
import { slsDestinationOf } from "@/domain/trail/trail.ts";
import { pool, prisma } from "@/server/db.ts";

/** The account's logstores of the built-in log service, by region, project and name, with what has arrived in each. */
export async function listLogstores(scope: AccountScope): Promise<LogstoreDto[]> {
  return readLogstores(scope, null);
}

/** As listLogstores, of one. @throws DomainError SlsProjectDoesNotExistException when the account has no such logstore here */
export async function getLogstore(scope: AccountScope, name: LogstoreName): Promise<LogstoreDto> {
  const [logstore] = await readLogstores(scope, name);
  if (logstore === undefined) {
    throw new DomainError("SlsProjectDoesNotExistException");
  }
  return logstore;
}

/** @throws DomainError SlsProjectDoesNotExistException when the account has no such logstore here */
export async function requireLogstoreId(
  scope: AccountScope,
  { region, project, logstore }: LogstoreName,
): Promise<number> {
  const row = await prisma().logstore.findFirst({
    where: { name: logstore, logProject: { accountId: scope.accountId, region, name: project, endpoint: null } },
    select: { id: true },
  });
  if (row === null) {
    throw new DomainError("SlsProjectDoesNotExistException");
  }
  return row.id;
}

type LogstoreRow = {
  region: string;
  project: string;
  name: string;
  created_at: Date;
  logs: number;
  plain_logs: number;
  bytes: number;
  first_at: Date | null;
  last_at: Date | null;
  first_day: Date | null;
  last_day: Date | null;
  job_count: number;
  last_job_id: number | null;
};

/** Counts come from rollups, so that a logstore of any size costs the same. */
async function readLogstores(scope: AccountScope, one: LogstoreName | null): Promise<LogstoreDto[]> {
  const { accountId } = scope;
  const [{ rows }, trails] = await Promise.all([
    pool().query<LogstoreRow>(
      `SELECT p.region, p.name AS project, l.name, l.created_at,
         c.logs, a.plain_logs, a.bytes, a.first_at, a.last_at, c.first_day, c.last_day, j.job_count, j.last_job_id
       FROM log_project p
       JOIN logstore l ON l.log_project_id = p.id
       CROSS JOIN LATERAL (
         SELECT COALESCE(sum(count), 0)::int8 AS logs, min(starts_at) AS first_day, max(starts_at) AS last_day
         FROM log_count WHERE logstore_id = l.id AND granularity = 'day'
       ) c
       CROSS JOIN LATERAL (
         SELECT COALESCE(sum(plain_logs), 0)::int8 AS plain_logs, COALESCE(sum(bytes), 0)::int8 AS bytes,
           min(first_at) AS first_at, max(last_at) AS last_at
         FROM log_arrival WHERE logstore_id = l.id
       ) a
       CROSS JOIN LATERAL (
         SELECT count(*)::int8 AS job_count, max(id) AS last_job_id
         FROM delivery_history_job
         WHERE account_id = p.account_id AND project_region = p.region AND project_name = p.name AND logstore_name = l.name
           AND deleted_at IS NULL
       ) j
       WHERE p.account_id = $1 AND p.endpoint IS NULL
         AND ($2::text IS NULL OR (p.region = $2 AND p.name = $3 AND l.name = $4))
       ORDER BY p.region, p.name, l.name`,
      [accountId, one?.region ?? null, one?.project ?? null, one?.logstore ?? null],
    ),
    prisma().trail.findMany({
      where: { accountId, slsProjectArn: { not: null } },
      select: { name: true, slsProjectArn: true },
    }),
  ]);
  const trailOf = new Map(
    trails.flatMap((trail) => {
      const to = slsDestinationOf(trail);
      return to === null ? [] : [[`${to.projectRegion}/${to.projectName}/${to.logstoreName}`, trail.name] as const];
    }),
  );
  return rows.map((row) => ({
    region: row.region,
    project: row.project,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    logs: row.logs,
    plainLogs: row.plain_logs,
    bytes: row.bytes,
    firstArrivalAt: row.first_at?.toISOString() ?? null,
    lastArrivalAt: row.last_at?.toISOString() ?? null,
    firstEventDay: row.first_day?.toISOString().slice(0, 10) ?? null,
    lastEventDay: row.last_day?.toISOString().slice(0, 10) ?? null,
    trail: trailOf.get(`${row.region}/${row.project}/${row.name}`) ?? null,
    jobCount: row.job_count,
    lastJobId: row.last_job_id,
  }));
}
