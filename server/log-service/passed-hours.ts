import "server-only";
import { pool } from "@/server/db.ts";

/** A span of times, whole seconds, [from, to), of whose logs so many are passed over. */
type PassedSpan = {
  readonly from: Date;
  readonly to: Date;
  readonly offset: number;
  /** Whether the newest are the first. */
  readonly isReversed: boolean;
};

const HOUR_MS = 3_600_000;

/**
 * The part of a span that is left once whole hours of its logs are passed over, and how many are to be passed over in it still. Hours
 * are counted: those of logs with an event by the rollup, all others by index; so a late page does not read all before it. For
 * readings that want every log.
 */
export async function passWholeHours(logstoreId: number, span: PassedSpan): Promise<PassedSpan> {
  const { from, to, isReversed } = span;
  const counts = await countHours(logstoreId, span);
  const hours = [...counts.keys()].toSorted((one, other) => (isReversed ? other - one : one - other));
  let { offset } = span;
  let edge = isReversed ? to : from;
  for (const hour of hours) {
    const count = counts.get(hour) ?? 0;
    if (count > offset) {
      break;
    }
    offset -= count;
    edge = isReversed ? later(new Date(hour), from) : earlier(new Date(hour + HOUR_MS), to);
  }
  return isReversed ? { ...span, to: edge, offset } : { ...span, from: edge, offset };
}

/** Logs of the span by the hour's start, in milliseconds. An hour that the span ends in is not counted but endless: nothing follows it. */
async function countHours(logstoreId: number, { from, to, isReversed }: PassedSpan): Promise<Map<number, number>> {
  const [events, plain] = await Promise.all([
    pool().query<{ starts_at: Date; count: number; regions: string[] }>(
      `SELECT starts_at, sum(count)::int8 AS count, array_agg(DISTINCT region) AS regions
       FROM log_count
       WHERE logstore_id = $1 AND granularity = 'hour' AND starts_at > $2::timestamptz - interval '1 hour' AND starts_at < $3
       GROUP BY starts_at`,
      [logstoreId, from, to],
    ),
    pool().query<{ hour: number; count: number }>(
      `SELECT time / 3600 AS hour, count(*) AS count
       FROM plain_log
       WHERE logstore_id = $1 AND time >= $2 AND time < $3
       GROUP BY 1`,
      [logstoreId, from.getTime() / 1_000, to.getTime() / 1_000],
    ),
  ]);
  const counts = new Map(plain.rows.map(({ hour, count }) => [hour * HOUR_MS, count]));
  for (const { starts_at: start, count, regions } of events.rows) {
    const end = new Date(start.getTime() + HOUR_MS);
    const isLast = isReversed ? start < from : end > to;
    const isCut = isReversed ? end > to : start < from;
    const own = isLast
      ? Number.POSITIVE_INFINITY
      : isCut
        ? await countWithin(logstoreId, regions, later(start, from), earlier(end, to))
        : count;
    counts.set(start.getTime(), own + (counts.get(start.getTime()) ?? 0));
  }
  return counts;
}

async function countWithin(logstoreId: number, regions: readonly string[], from: Date, to: Date): Promise<number> {
  const { rows } = await pool().query<{ count: number }>(
    `SELECT count(*) AS count FROM log
     WHERE logstore_id = $1 AND region = ANY ($2) AND event_time >= $3 AND event_time < $4`,
    [logstoreId, regions, from, to],
  );
  return rows[0]?.count ?? 0;
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
