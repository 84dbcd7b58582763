import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import type { LogProjectChoiceDto, TrailDto } from "@/domain/trail/schema.ts";
import { slsProjectArn } from "@/domain/trail/trail.ts";
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
