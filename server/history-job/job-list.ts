import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { type JobFilter, type JobOrder, type JobPlace, jobPlaceInText } from "@/domain/history-job/job-list.ts";
import type { HistoryJobDto, HistoryJobListDto, WatchedJobsDto } from "@/domain/history-job/schema.ts";
import { pool, prisma, readDatabaseTime } from "@/server/db.ts";
import { findSlotJob, toDtos } from "./queries.ts";

/** Jobs that are read at a time: two screens of them. */
const PAGE_SIZE = 50;

/** Names offered to choose from. An account with more trails than this types no name by choosing. */
const TRAILS_MAX = 500;

type Statement = { readonly text: string; readonly values: readonly unknown[] };

/** Column list and direction of each order. The id makes every place unique, and by id a later start is a larger one. */
const ORDERS: Readonly<
  Record<JobOrder, { readonly bySize: boolean; readonly sign: "<" | ">"; readonly way: "ASC" | "DESC" }>
> = {
  newest: { bySize: false, sign: "<", way: "DESC" },
  oldest: { bySize: false, sign: ">", way: "ASC" },
  largest: { bySize: true, sign: "<", way: "DESC" },
  smallest: { bySize: true, sign: ">", way: "ASC" },
};

/**
 * The jobs of a list behind a place, deleted ones too, read-only evidence that they are. Each job of the list is in one
 * answer exactly, whatever is created meanwhile: it is paged by key.
 * @param after null for the first ones
 */
export async function listJobs(
  scope: AccountScope,
  filter: JobFilter,
  order: JobOrder,
  after: JobPlace | null,
): Promise<HistoryJobListDto> {
  // Before the rows are read: a job that is created in between is then counted as newer by the next poll, and not left out for good.
  const whole = after === null ? await countJobs(scope, filter, null) : null;
  const [jobs, now] = await Promise.all([
    readJobs(scope, pageStatement(scope, filter, order, after, PAGE_SIZE + 1)),
    readDatabaseTime(),
  ]);
  const page = jobs.slice(0, PAGE_SIZE);
  const last = page.at(-1);
  return {
    now: now.toISOString(),
    jobs: page,
    next: jobs.length > PAGE_SIZE && last !== undefined ? jobPlaceInText(last) : null,
    totalCount: whole?.count ?? null,
    newestId: whole?.newestId ?? null,
  };
}

type Watched = {
  readonly ids: readonly number[];
  readonly newestId: number;
  /** The job that the asker saw in the slot last; null when it was free. */
  readonly slotJobId: number | null;
};

/**
 * Jobs of the account by their ids, as they are now, whichever of them there are; how many jobs of a list have a later id than
 * `newestId`; and the slot.
 */
export async function watchJobs(
  scope: AccountScope,
  filter: JobFilter,
  { ids, newestId, slotJobId }: Watched,
): Promise<WatchedJobsDto> {
  const [rows, newer, { now, ...slot }] = await Promise.all([
    prisma().deliveryHistoryJob.findMany({
      where: { accountId: scope.accountId, id: { in: [...ids] } },
      orderBy: { id: "desc" },
    }),
    countJobs(scope, filter, newestId),
    findSlotJob(scope, slotJobId),
  ]);
  return { now, jobs: await toDtos(rows), newerCount: newer.count, slot };
}

/** The trails that the account's jobs are of, by name. One look into the index for each, however many jobs there are. */
export async function listJobTrails(scope: AccountScope): Promise<string[]> {
  const { rows } = await pool().query<{ trail_name: string }>(
    `WITH RECURSIVE names AS (
       (SELECT trail_name FROM delivery_history_job WHERE account_id = $1 ORDER BY trail_name LIMIT 1)
       UNION ALL
       SELECT (
         SELECT trail_name FROM delivery_history_job
         WHERE account_id = $1 AND trail_name > names.trail_name ORDER BY trail_name LIMIT 1
       ) FROM names WHERE names.trail_name IS NOT NULL
     )
     SELECT trail_name FROM names WHERE trail_name IS NOT NULL LIMIT $2`,
    [scope.accountId, TRAILS_MAX],
  );
  return rows.map((row) => row.trail_name);
}

/** The keys of a page. Exported so that a test can look at its plan. */
export function pageStatement(
  scope: AccountScope,
  filter: JobFilter,
  order: JobOrder,
  after: JobPlace | null,
  limit: number,
): Statement {
  const { bySize, sign, way } = ORDERS[order];
  const { conditions, values } = conditionsOf(scope, filter);
  if (after !== null) {
    const place = bySize ? [after.expected, after.id] : [after.id];
    const parameters = place.map((part) => `$${values.push(part)}`).join(", ");
    conditions.push(`(${bySize ? "expected, id" : "id"}) ${sign} (${parameters})`);
  }
  const columns = bySize ? `expected ${way}, id ${way}` : `id ${way}`;
  return {
    text: `SELECT id FROM delivery_history_job WHERE ${conditions.join(" AND ")} ORDER BY ${columns} LIMIT $${values.push(limit)}`,
    values,
  };
}

type JobCount = {
  readonly count: number;
  /** The last id among them; 0 when there are none. */
  readonly newestId: number;
};

/** How many jobs of a list there are. @param newestId counts those with a later id only; null for all */
async function countJobs(scope: AccountScope, filter: JobFilter, newestId: number | null): Promise<JobCount> {
  const { conditions, values } = conditionsOf(scope, filter);
  if (newestId !== null) {
    conditions.push(`id > $${values.push(newestId)}`);
  }
  const { rows } = await pool().query<JobCount>(
    `SELECT count(*)::int AS count, coalesce(max(id), 0) AS "newestId" FROM delivery_history_job WHERE ${conditions.join(" AND ")}`,
    values,
  );
  return rows[0] ?? { count: 0, newestId: 0 };
}

function conditionsOf({ accountId }: AccountScope, { phase, trailName, who, from, to }: JobFilter) {
  const values: unknown[] = [accountId];
  const conditions = ["account_id = $1"];
  const demand = (value: string | null, condition: (parameter: string) => string) => {
    if (value !== null) {
      conditions.push(condition(`$${values.push(value)}`));
    }
  };
  demand(phase, (parameter) => `phase = ${parameter}`);
  demand(trailName, (parameter) => `trail_name = ${parameter}`);
  demand(who, (parameter) => `position(lower(${parameter}) IN lower(created_by)) > 0`);
  demand(from, (parameter) => `created_at >= ${parameter}`);
  demand(to, (parameter) => `created_at < ${parameter}`);
  return { conditions, values };
}

/** The jobs whose ids a statement gives, in its order. */
async function readJobs(scope: AccountScope, { text, values }: Statement): Promise<HistoryJobDto[]> {
  const { rows } = await pool().query<{ id: number }>(text, [...values]);
  const ids = rows.map((row) => row.id);
  const jobs = await toDtos(
    await prisma().deliveryHistoryJob.findMany({ where: { accountId: scope.accountId, id: { in: ids } } }),
  );
  const byId = new Map(jobs.map((job) => [job.id, job]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
