import "server-only";
import { z } from "zod";
import type { LogKey } from "@/domain/log-service/log-key.ts";
import type { LogCondition } from "@/domain/log-service/query.ts";
import { matchesLog, type SearchedLog } from "@/domain/log-service/query-match.ts";
import { type Preselection, preselectionOf } from "@/domain/log-service/query-preselection.ts";
import { pool } from "@/server/db.ts";
import { decodeContents } from "@/server/sls/log-group.ts";

/** What is searched for: a span of event times (ISO 8601, `to` not included, null for an open end) and a condition. */
export type LogSearch = { readonly from: string | null; readonly to: string | null; readonly condition: LogCondition };

/** Logs that are fetched at a time to be looked at: bodies are up to 1 MB, though most are near 1 KB. */
const CHUNK_SIZE = 200;

/** Logs that one statement has to look through at most, but for an hour with more: some 100 ms of reading. */
const SPAN_LOGS_MAX = 20_000;

/** A stored log with an event of valid identity. */
export type LogRow = {
  readonly region: string;
  readonly event_time: Date;
  readonly event_id: string;
  readonly event_rw: string | null;
  readonly event: string;
  readonly time: number;
  readonly topic: string;
  readonly source: string;
  readonly tags: unknown;
  readonly job_id: number | null;
  readonly received_at: Date;
  readonly other_contents: Buffer | null;
};

export const LOG_COLUMNS =
  "region, event_time, event_id, event_rw, event, time, topic, source, tags, job_id, received_at, other_contents";

/** What one statement found, and how far the search is then. */
type Step = { readonly found: readonly LogRow[]; readonly place: LogKey };

/** In which order of event times a walk goes, and the log that it begins behind; null for all of the span. */
export type Direction = { readonly order: "newest" | "oldest"; readonly beyond: LogKey | null };

/**
 * Goes through the logs of a span by key and finds those that meet the condition. The rollup says which hours have logs at all and how
 * many, so that each statement looks through a bounded number of them, in few partitions.
 */
export async function* walkLogs(
  logstoreId: number,
  search: LogSearch,
  { order, beyond }: Direction,
): AsyncGenerator<Step> {
  const preselection = preselectionOf(search.condition);
  let place = beyond;
  for (const span of await listSpans(logstoreId, search, { order, beyond })) {
    for (;;) {
      const rows: LogRow[] = await readChunk(logstoreId, span, preselection, { order, beyond: place });
      const last = rows.at(-1);
      const isSpanDone = rows.length < CHUNK_SIZE || last === undefined;
      // Behind a span that is done: before its first moment or at its end, whatever the id.
      const edge = order === "newest" ? span.from : span.to;
      place = isSpanDone ? { eventTime: edge.toISOString(), eventId: "", region: "" } : keyOf(last);
      yield { found: rows.filter((row) => matchesLog(search.condition, searchedLog(row))), place };
      if (isSpanDone) {
        break;
      }
    }
  }
}

const SQL_OF_ORDER = {
  newest: { direction: "DESC", notBefore: "<=", isPassed: ">=" },
  oldest: { direction: "ASC", notBefore: ">=", isPassed: "<=" },
} as const;

type Span = { readonly from: Date; readonly to: Date; readonly regions: readonly string[] };

const HOUR_MS = 3_600_000;

/** The hours with logs, in the walk's order, in spans of not too many logs; cut to what is asked for. */
async function listSpans(logstoreId: number, { from, to }: LogSearch, { order, beyond }: Direction): Promise<Span[]> {
  const { rows } = await pool().query<{ starts_at: Date; count: number; regions: string[] }>(
    `SELECT starts_at, sum(count)::int8 AS count, array_agg(DISTINCT region) AS regions
     FROM log_count
     WHERE logstore_id = $1 AND granularity = 'hour'
       AND ($2::timestamptz IS NULL OR starts_at > $2::timestamptz - interval '1 hour')
       AND ($3::timestamptz IS NULL OR starts_at < $3)
       AND ($4::timestamptz IS NULL OR ${order === "newest" ? "starts_at <= $4" : "starts_at > $4::timestamptz - interval '1 hour'"})
     GROUP BY starts_at
     ORDER BY starts_at ${SQL_OF_ORDER[order].direction}`,
    [logstoreId, from, to, beyond?.eventTime ?? null],
  );
  const spans: Span[] = [];
  let open: { first: Date; end: Date; count: number; regions: Set<string> } | null = null;
  const close = () => {
    if (open !== null) {
      spans.push({
        from: from !== null && new Date(from) > open.first ? new Date(from) : open.first,
        to: to !== null && new Date(to) < open.end ? new Date(to) : open.end,
        regions: [...open.regions],
      });
    }
  };
  for (const { starts_at, count, regions } of rows) {
    const endsAt = new Date(starts_at.getTime() + HOUR_MS);
    if (open === null || open.count + count > SPAN_LOGS_MAX) {
      close();
      open = { first: starts_at, end: endsAt, count: 0, regions: new Set() };
    }
    if (order === "newest") {
      open.first = starts_at;
    } else {
      open.end = endsAt;
    }
    open.count += count;
    for (const region of regions) {
      open.regions.add(region);
    }
  }
  close();
  return spans;
}

/** The next logs of a span that the preselection lets through: for each region a walk along the key, merged. */
async function readChunk(
  logstoreId: number,
  { from, to, regions }: Span,
  preselection: Preselection,
  { order, beyond }: Direction,
): Promise<LogRow[]> {
  const { direction, notBefore, isPassed } = SQL_OF_ORDER[order];
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = [
    `logstore_id = ${bind(logstoreId)}`,
    `region = of.region`,
    `event_time >= ${bind(from)}::timestamptz`,
    `event_time < ${bind(to)}::timestamptz`,
  ];
  if (beyond !== null) {
    const [time, id] = [`${bind(beyond.eventTime)}::timestamptz`, `${bind(beyond.eventId)}::text`];
    conditions.push(
      `event_time ${notBefore} ${time}`,
      `(event_time, event_id) ${notBefore} (${time}, ${id})`,
      `NOT (event_time = ${time} AND event_id = ${id} AND region ${isPassed} ${bind(beyond.region)})`,
    );
  }
  const selected = preselectionInSql(preselection, bind);
  const limit = bind(CHUNK_SIZE);
  const { rows } = await pool().query<LogRow>(
    `SELECT found.*
     FROM unnest(${bind(regions)}::text[]) AS of (region)
     CROSS JOIN LATERAL (
       SELECT ${LOG_COLUMNS} FROM log
       WHERE ${conditions.join(" AND ")} AND ${selected}
       ORDER BY event_time ${direction}, event_id ${direction}
       LIMIT ${limit}
     ) AS found
     ORDER BY found.event_time ${direction}, found.event_id COLLATE "C" ${direction}, found.region COLLATE "C" ${direction}
     LIMIT ${limit}`,
    values,
  );
  return rows;
}

/** A preselection as a condition on a row of log. Every text is a bound parameter; lower() under "C" is foldCase. */
function preselectionInSql(selection: Preselection, bind: (value: unknown) => string): string {
  switch (selection.kind) {
    case "any":
      return "TRUE";
    case "and":
    case "or":
      return `(${selection.of.map((part) => preselectionInSql(part, bind)).join(` ${selection.kind.toUpperCase()} `)})`;
    case "contains": {
      const literal = `${bind(selection.literal)}::text`;
      const columns = selection.within === "event" ? ["event"] : ["event", "topic", "source", "tags::text"];
      const contained = columns.map((column) => `strpos(lower((${column}) COLLATE "C"), ${literal}) > 0`);
      // An event may write any sign as an escape; one that has some is handed over to be read, and so are further contents.
      return `(${contained.join(" OR ")} OR strpos(event, '\\u') > 0 OR other_contents IS NOT NULL)`;
    }
  }
}

/** Any client may have sent anything; what is stored as tags is a list of keys and values all the same (mapping.ts). */
const tagsSchema = z.array(z.object({ key: z.string(), value: z.string() })).catch([]);

/** The tags of a stored log. */
export function tagsOf({ tags }: { readonly tags: unknown }): { key: string; value: string }[] {
  return tagsSchema.parse(tags);
}

/** Contents in wire form, as they read: bytes that are not UTF-8 are replaced. */
export function contentsOf(stored: Buffer | null): { key: string; value: string }[] {
  return stored === null
    ? []
    : decodeContents(stored).map(({ key, value }) => ({ key, value: value.toString("utf8") }));
}

function searchedLog(row: LogRow): SearchedLog {
  const { event, topic, source } = row;
  return { event, topic, source, tags: tagsOf(row), contents: contentsOf(row.other_contents) };
}

export function keyOf(row: LogRow): LogKey {
  return { eventTime: row.event_time.toISOString(), eventId: row.event_id, region: row.region };
}
