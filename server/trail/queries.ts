import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import type { DayCount } from "@/domain/event/day-count.ts";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import type { LogProjectChoiceDto, TrailDto } from "@/domain/trail/schema.ts";
import { slsDestinationOf, slsProjectArn } from "@/domain/trail/trail.ts";
import { pool, prisma } from "@/server/db.ts";
import { toTrailDto } from "./mapping.ts";

/** The account's trails, each with its newest redelivery, by home region and name. */
export async function listTrails(scope: AccountScope): Promise<TrailDto[]> {
  const [rows, lastJobs] = await Promise.all([
    prisma().trail.findMany({
      where: { accountId: scope.accountId },
      orderBy: [{ homeRegion: "asc" }, { name: "asc" }],
    }),
    listLastJobs(scope),
  ]);
  return rows.map((row) => toTrailDto(row, lastJobs.get(row.name) ?? null));
}

/** The account's trail of this name with its newest redelivery, or null. */
export async function findTrail(scope: AccountScope, name: string): Promise<TrailDto | null> {
  const [row, lastJobs] = await Promise.all([
    prisma().trail.findUnique({ where: { accountId_name: { accountId: scope.accountId, name } } }),
    listLastJobs(scope, name),
  ]);
  return row === null ? null : toTrailDto(row, lastJobs.get(name) ?? null);
}

/** As findTrail. @throws DomainError TrailNotFoundException */
export async function getTrail(scope: AccountScope, name: string): Promise<TrailDto> {
  const trail = await findTrail(scope, name);
  if (trail === null) {
    throw new DomainError("TrailNotFoundException");
  }
  return trail;
}

/** The log projects of the account, which its trails may deliver to, by region and name. */
export async function listLogProjectChoices({ accountId }: AccountScope): Promise<LogProjectChoiceDto[]> {
  const rows = await prisma().logProject.findMany({
    where: { accountId },
    select: { region: true, name: true, endpoint: true },
    orderBy: [{ region: "asc" }, { name: "asc" }],
  });
  return rows.map(({ region, name, endpoint }) => ({
    arn: slsProjectArn(region, accountId, name),
    region,
    name,
    isBuiltIn: endpoint === null,
  }));
}

/** The region that a trail is at home in, or null when the account has none of this name. Part of the API signature's gate. */
export async function findHomeRegion(accountId: string, name: string): Promise<string | null> {
  const row = await prisma().trail.findUnique({
    where: { accountId_name: { accountId, name } },
    select: { homeRegion: true },
  });
  return row?.homeRegion ?? null;
}

/** What is known of a trail's delivery to its logstore, from its history jobs: they are what delivers here. */
export type TrailDelivery = {
  /** Whether the logstore is there, as far as it can be told: one at another endpoint is taken to be. */
  readonly isLogstoreThere: boolean;
  /** The sink's last acknowledgement. */
  readonly acknowledgedAt: Date | null;
  /** How its newest job ended, when it failed. */
  readonly failure: string | null;
};

export async function findTrailDelivery({ accountId }: AccountScope, trail: TrailDto): Promise<TrailDelivery> {
  const [isLogstoreThere, { rows }, newest] = await Promise.all([
    hasLogstore(accountId, trail),
    pool().query<{ at: Date | null }>(
      `SELECT max(s.acknowledged_at) AS "at" FROM delivery_history_job j JOIN delivery_slice s ON s.job_id = j.id
        WHERE j.account_id = $1 AND j.trail_name = $2 AND j.deleted_at IS NULL`,
      [accountId, trail.name],
    ),
    prisma().deliveryHistoryJob.findFirst({
      where: { accountId, trailName: trail.name, deletedAt: null },
      orderBy: { id: "desc" },
      select: { phase: true, failureCode: true, failureMessage: true },
    }),
  ]);
  const failure = newest?.phase === "failed" ? `${newest.failureCode}: ${newest.failureMessage}` : null;
  return { isLogstoreThere, acknowledgedAt: rows[0]?.at ?? null, failure };
}

async function hasLogstore(accountId: string, trail: TrailDto): Promise<boolean> {
  const destination = slsDestinationOf(trail);
  if (destination === null) {
    return false;
  }
  const { projectRegion: region, projectName: name, logstoreName } = destination;
  const project = await prisma().logProject.findUnique({
    where: { accountId_region_name: { accountId, region, name } },
    select: { endpoint: true, logstores: { where: { name: logstoreName }, select: { id: true } } },
  });
  return project !== null && (project.endpoint !== null || project.logstores.length > 0);
}

/** How many of the account's trails there were at the end of each of these UTC days; those that were deleted since are not known. */
export async function countTrailsOfDays({ accountId }: AccountScope, days: readonly string[]): Promise<DayCount[]> {
  const { rows } = await pool().query<DayCount>(
    `SELECT d.day::text AS "day", count(t.name) AS "count"
       FROM unnest($2::date[]) WITH ORDINALITY AS d (day, place)
       LEFT JOIN trail t ON t.account_id = $1 AND t.created_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'
      GROUP BY d.day, d.place ORDER BY d.place`,
    [accountId, days],
  );
  return rows;
}

type LastJobRow = {
  trailName: string;
  id: number;
  phase: JobPhase;
  undeliverable: number;
  createdAt: Date;
  endedAt: Date | null;
};

/**
 * The newest job of each trail, or of the one named, that is not deleted; one step down the index per trail, however many
 * jobs there are. The count of a running job is summed over its slices, because only an ended one stores it.
 */
async function listLastJobs(scope: AccountScope, name?: string): Promise<Map<string, TrailDto["lastJob"]>> {
  const { rows } = await pool().query<LastJobRow>(
    `SELECT t.name AS "trailName", j.id, j.phase, j.created_at AS "createdAt", j.ended_at AS "endedAt",
            COALESCE(j.undeliverable, s.undeliverable, 0)::int8 AS "undeliverable"
       FROM trail t
      CROSS JOIN LATERAL (
            SELECT * FROM delivery_history_job
             WHERE account_id = t.account_id AND trail_name = t.name AND deleted_at IS NULL
             ORDER BY id DESC LIMIT 1) j
      CROSS JOIN LATERAL (SELECT sum(undeliverable) AS undeliverable FROM delivery_slice WHERE job_id = j.id) s
      WHERE t.account_id = $1 AND ($2::text IS NULL OR t.name = $2)`,
    [scope.accountId, name ?? null],
  );
  return new Map(
    rows.map(({ trailName, createdAt, endedAt, ...job }) => [
      trailName,
      { ...job, createdAt: createdAt.toISOString(), endedAt: endedAt?.toISOString() ?? null },
    ]),
  );
}
