import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { resolveWindow } from "@/domain/history-job/rules.ts";
import type { HistoryPreviewDto, MeasuredSpeed, TimeWindowRequest } from "@/domain/history-job/schema.ts";
import { regionsOf, slsDestinationOf } from "@/domain/trail/trail.ts";
import { prisma, readDatabaseTime, type Transaction } from "@/server/db.ts";
import { countEventsByDay } from "@/server/event/queries.ts";
import { log } from "@/server/log.ts";
import { countLogsByDay } from "@/server/log-service/counts.ts";
import type { RegionDayCount } from "@/server/rollup-counts.ts";
import { getTrail } from "@/server/trail/queries.ts";

/**
 * What one count may take. The rollup answers within milliseconds, so only a database in trouble needs longer, and somebody
 * who waits for the dialog should soon hear that there is no count. Too short would hide counts from a busy installation.
 */
const COUNT_LIMIT_MS = 2_000;

/**
 * The same of each of the two statements that measure the speed. They read some ten jobs; a preview without an expected duration is
 * better than counts that come late for its sake, so too long is the worse mistake here.
 */
const SPEED_LIMIT_MS = 200;

/**
 * What a redelivery of this trail and window would send, and how much of that kind its logstore has already, by region and UTC
 * day, counted from the rollups as of now. The job itself counts again when it is created; events that arrive in between are
 * the only difference. `inSink` is null where the sink cannot be read, or could not be counted just now; `speed` where none could be
 * measured at once.
 *
 * Rejects with the database's error when the expected events cannot be counted within 2 s.
 * @throws DomainError TrailNotFoundException, TrailNotValid, InvalidParameterCombination, InvalidParameterStartTimeOutOfDate
 */
export async function previewHistory(
  scope: AccountScope,
  { trailName, window }: { readonly trailName: string; readonly window: TimeWindowRequest },
): Promise<HistoryPreviewDto> {
  const [trail, now] = await Promise.all([getTrail(scope, trailName), readDatabaseTime()]);
  const resolved = resolveWindow(
    window,
    trail.startLoggingTime === null ? null : new Date(trail.startLoggingTime),
    now,
  );
  if (resolved.kind === "refuse") {
    throw new DomainError(resolved.code, resolved.details);
  }
  const filter = {
    regions: regionsOf(trail.trailRegion),
    eventRW: trail.eventRW,
    from: resolved.from,
    to: resolved.to,
  };
  const destination = slsDestinationOf(trail);
  const [expected, inSink, speed] = await Promise.all([
    withinLimit(COUNT_LIMIT_MS, (tx) => countEventsByDay(tx, scope.accountId, filter)),
    destination === null
      ? null
      : withinLimit(COUNT_LIMIT_MS, (tx) => countLogsByDay(tx, scope, destination, filter)).catch((error: unknown) => {
          log.warn({ err: error, trailName }, "the logstore could not be counted for a preview");
          return null;
        }),
    withinLimit(SPEED_LIMIT_MS, (tx) => measureSpeed(tx, scope)).catch((error: unknown) => {
      log.warn({ err: error, trailName }, "no speed could be measured for a preview");
      return null;
    }),
  ]);
  return {
    asOf: now.toISOString(),
    windowFrom: resolved.from.toISOString(),
    windowTo: resolved.to.toISOString(),
    expected: sumOf(expected),
    inSink: inSink && sumOf(inSink),
    days: joinByDay(expected, inSink),
    speed,
  };
}

/** A count in a transaction of its own, whose statements the server ends after so long. */
function withinLimit<Counts>(limitMs: number, count: (tx: Transaction) => Promise<Counts>): Promise<Counts> {
  return prisma().$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT set_config('statement_timeout', ${String(limitMs)}, true)`;
      return count(tx);
    },
    { maxWait: limitMs },
  );
}

/** Enough that one odd job does not decide, few enough that the speed is today's. */
const MEASURED_JOBS_MAX = 5;

/** The account's own jobs speak first: they went to its own sinks. */
async function measureSpeed(tx: Transaction, scope: AccountScope): Promise<MeasuredSpeed | null> {
  const own = await measureLatestJobs(tx, scope.accountId);
  if (own !== null) {
    return { ...own, of: "account" };
  }
  const any = await measureLatestJobs(tx, null);
  return any && { ...any, of: "installation" };
}

/**
 * Delivered events by the time in which slices were open, overlaps once, of the latest jobs that say something about an
 * unhindered one: complete, in one run, and without a ceiling all along, which the audit tells of one that was taken away again.
 * A pause counts where a slice was open meanwhile.
 */
async function measureLatestJobs(tx: Transaction, accountId: string | null): Promise<Omit<MeasuredSpeed, "of"> | null> {
  const [row] = await tx.$queryRaw<{ jobs: bigint; delivered: bigint; seconds: number }[]>`
    WITH job AS (
      SELECT id FROM delivery_history_job j
      WHERE (${accountId}::text IS NULL OR account_id = ${accountId}) AND phase = 'complete'
        AND delivered > 0 AND run = 1 AND events_per_second_max IS NULL AND NOT EXISTS (
          SELECT FROM audit_entry a
          WHERE a.account_id = j.account_id AND a.at BETWEEN j.created_at AND j.ended_at
            AND a.action = 'backtrail:LimitDeliveryHistoryJob' AND a.outcome = 'allowed'
            AND a.details @> jsonb_build_object('jobId', j.id) AND a.details ->> 'eventsPerSecondMax' IS NOT NULL
        )
      ORDER BY id DESC LIMIT ${MEASURED_JOBS_MAX}
    ), slice AS (
      SELECT s.job_id, s.delivered, s.started_at, s.ended_at, max(s.ended_at) OVER (
        PARTITION BY s.job_id ORDER BY s.started_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS counted_to
      FROM delivery_slice s JOIN job ON job.id = s.job_id
      WHERE s.started_at IS NOT NULL AND s.ended_at IS NOT NULL
    )
    SELECT count(DISTINCT job_id) AS jobs, coalesce(sum(delivered), 0)::bigint AS delivered,
      coalesce(sum(extract(epoch FROM greatest(ended_at - greatest(started_at, counted_to), interval '0'))), 0)::float8 AS seconds
    FROM slice`;
  const delivered = Number(row?.delivered ?? 0);
  return row === undefined || delivered === 0 || row.seconds <= 0
    ? null
    : { eventsPerSecond: delivered / row.seconds, jobs: Number(row.jobs) };
}

function sumOf(counts: readonly RegionDayCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/** A row for each region and day that either has, by day, then region. */
function joinByDay(
  expected: readonly RegionDayCount[],
  inSink: readonly RegionDayCount[] | null,
): HistoryPreviewDto["days"] {
  const expectedOf = new Map(expected.map((row) => [keyOf(row), row.count]));
  const inSinkOf = inSink && new Map(inSink.map((row) => [keyOf(row), row.count]));
  const rows = new Map([...expected, ...(inSink ?? [])].map((row) => [keyOf(row), row]));
  return [...rows]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, { region, day }]) => ({
      region,
      day,
      expected: expectedOf.get(key) ?? 0,
      inSink: inSinkOf && (inSinkOf.get(key) ?? 0),
    }));
}

/** Sorts by day, then region: days are of one length. */
function keyOf({ day, region }: RegionDayCount): string {
  return `${day} ${region}`;
}
