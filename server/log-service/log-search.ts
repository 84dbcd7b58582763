import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope.ts";
import { jsonLeaves } from "@/domain/log-service/json-leaves.ts";
import { type LogKey, logKeyText } from "@/domain/log-service/log-key.ts";
import type { LogstoreName } from "@/domain/log-service/log-service.ts";
import { type LogCondition, matchesLog, type Preselection, preselectionOf } from "@/domain/log-service/query.ts";
import type { LogDto, LogPageDto, LogSummaryDto } from "@/domain/log-service/schema.ts";
import { pool } from "@/server/db.ts";
import { requireLogstoreId } from "./logstore-queries.ts";

/** What is searched for: a span of event times (ISO 8601, `to` not included, null for an open end) and a condition. */
export type LogSearch = { readonly from: string | null; readonly to: string | null; readonly condition: LogCondition };

/** Rows on a screen. */
const PAGE_SIZE = 50;

/** Logs that are fetched at a time to be looked at: bodies are up to 1 MB, though most are near 1 KB. */
const CHUNK_SIZE = 200;

/** Logs that one statement has to look through at most, but for an hour with more: some 100 ms of reading. */
const SPAN_LOGS_MAX = 20_000;

/** How long a person waits for a page; then they are shown what was found, and from where to go on. */
const BUDGET_MS = 2_500;

/**
 * One page of the logs that a search finds, newest event first, behind the log that a page before it named. Each log of the span is found
 * once. Where little fits, the search ends after some seconds with what it has, says so, and goes on from there when asked.
 * @throws DomainError SlsProjectDoesNotExistException when the account has no such logstore of the built-in log service
 */
export async function searchLogs(
  scope: AccountScope,
  name: LogstoreName,
  search: LogSearch,
  before: LogKey | null,
): Promise<LogPageDto> {
  const logstoreId = await requireLogstoreId(scope, name);
  const deadline = performance.now() + BUDGET_MS;
  const found: LogRow[] = [];
  let place = before;
  for await (const step of walk(logstoreId, search, before)) {
    found.push(...step.found);
    place = step.place;
    if (found.length > PAGE_SIZE) {
      break;
    }
    if (performance.now() > deadline) {
      return { logs: found.map(toSummary), next: place && logKeyText(place), isCutShort: true };
    }
  }
  const logs = found.slice(0, PAGE_SIZE).map(toSummary);
  const last = logs.at(-1);
  return { logs, next: found.length > PAGE_SIZE && last !== undefined ? logKeyText(last) : null, isCutShort: false };
}

/**
 * All logs that a search finds, newest event first, some hundred at a time, each read when it is asked for.
 * @throws DomainError as searchLogs
 */
export async function streamLogs(
  scope: AccountScope,
  name: LogstoreName,
  search: LogSearch,
): Promise<AsyncIterable<readonly LogDto[]>> {
  const logstoreId = await requireLogstoreId(scope, name);
  const pages = async function* () {
    for await (const { found } of walk(logstoreId, search, null)) {
      yield found.map(toLog);
    }
  };
  return pages();
}

/** The log of this key, or null. @throws DomainError as searchLogs */
export async function findLog(scope: AccountScope, name: LogstoreName, key: LogKey): Promise<LogDto | null> {
  const logstoreId = await requireLogstoreId(scope, name);
  const { rows } = await pool().query<LogRow>(
    `SELECT ${COLUMNS} FROM log
     WHERE logstore_id = $1 AND region = $2 AND event_time = $3::timestamptz AND event_id = $4`,
    [logstoreId, key.region, key.eventTime, key.eventId],
  );
  const [row] = rows;
  return row === undefined ? null : toLog(row);
}

type LogRow = {
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
  readonly other_bytes: number;
};

const COLUMNS = `region, event_time, event_id, event_rw, event, time, topic, source, tags, job_id, received_at,
  COALESCE(octet_length(other_contents), 0) AS other_bytes`;

/** What one statement found, and how far the search is then. */
type Step = { readonly found: readonly LogRow[]; readonly place: LogKey };

/**
 * Goes through the logs of a span by key, backwards. The rollup says which hours have logs at all and how many, so that each statement
 * looks through a bounded number of them, in few partitions.
 */
async function* walk(logstoreId: number, search: LogSearch, before: LogKey | null): AsyncGenerator<Step> {
  const preselection = preselectionOf(search.condition);
  let place = before;
  for (const span of await listSpans(logstoreId, search, before)) {
    for (;;) {
      const rows: LogRow[] = await readChunk(logstoreId, span, preselection, place);
      const last = rows.at(-1);
      const isSpanDone = rows.length < CHUNK_SIZE || last === undefined;
      // Behind a span that is done: before its first moment, whatever the id.
      place = isSpanDone ? { eventTime: span.from.toISOString(), eventId: "", region: "" } : keyOf(last);
      yield { found: rows.filter((row) => matchesLog(search.condition, searched(row))), place };
      if (isSpanDone) {
        break;
      }
    }
  }
}

type Span = { readonly from: Date; readonly to: Date; readonly regions: readonly string[] };

const HOUR_MS = 3_600_000;

/** The hours with logs, newest first, in spans of not too many logs; cut to what is asked for. */
async function listSpans(logstoreId: number, { from, to }: LogSearch, before: LogKey | null): Promise<Span[]> {
  const { rows } = await pool().query<{ starts_at: Date; count: number; regions: string[] }>(
    `SELECT starts_at, sum(count)::int8 AS count, array_agg(DISTINCT region) AS regions
     FROM log_count
     WHERE logstore_id = $1 AND granularity = 'hour'
       AND ($2::timestamptz IS NULL OR starts_at > $2::timestamptz - interval '1 hour')
       AND ($3::timestamptz IS NULL OR starts_at < $3)
       AND ($4::timestamptz IS NULL OR starts_at <= $4)
     GROUP BY starts_at
     ORDER BY starts_at DESC`,
    [logstoreId, from, to, before?.eventTime ?? null],
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
    if (open === null || open.count + count > SPAN_LOGS_MAX) {
      close();
      open = { first: starts_at, end: new Date(starts_at.getTime() + HOUR_MS), count: 0, regions: new Set() };
    }
    open.first = starts_at;
    open.count += count;
    for (const region of regions) {
      open.regions.add(region);
    }
  }
  close();
  return spans;
}

/** The next logs of a span that the preselection lets through: for each region a walk down the key, merged. */
async function readChunk(
  logstoreId: number,
  { from, to, regions }: Span,
  preselection: Preselection,
  place: LogKey | null,
): Promise<LogRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = [
    `logstore_id = ${bind(logstoreId)}`,
    `region = of.region`,
    `event_time >= ${bind(from)}::timestamptz`,
    `event_time < ${bind(to)}::timestamptz`,
  ];
  if (place !== null) {
    const [time, id] = [`${bind(place.eventTime)}::timestamptz`, `${bind(place.eventId)}::text`];
    conditions.push(
      `event_time <= ${time}`,
      `(event_time, event_id) <= (${time}, ${id})`,
      `NOT (event_time = ${time} AND event_id = ${id} AND region >= ${bind(place.region)})`,
    );
  }
  const selected = preselectionInSql(preselection, bind);
  const limit = bind(CHUNK_SIZE);
  const { rows } = await pool().query<LogRow>(
    `SELECT found.*
     FROM unnest(${bind(regions)}::text[]) AS of (region)
     CROSS JOIN LATERAL (
       SELECT ${COLUMNS} FROM log
       WHERE ${conditions.join(" AND ")} AND ${selected}
       ORDER BY event_time DESC, event_id DESC
       LIMIT ${limit}
     ) AS found
     ORDER BY found.event_time DESC, found.event_id COLLATE "C" DESC, found.region COLLATE "C" DESC
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
      // An event may write any sign as an escape; one that has some is handed over to be read.
      return `(${contained.join(" OR ")} OR strpos(event, '\\u') > 0)`;
    }
  }
}

/** Any client may have sent anything; what is stored as tags is a list of keys and values all the same (mapping.ts). */
const tagsSchema = z.array(z.object({ key: z.string(), value: z.string() })).catch([]);

function searched({ event, topic, source, tags }: LogRow) {
  return { event, topic, source, tags: tagsSchema.parse(tags) };
}

function keyOf(row: LogRow): LogKey {
  return { eventTime: row.event_time.toISOString(), eventId: row.event_id, region: row.region };
}

/** Longer texts are in the log itself. */
const SUMMARY_LENGTH_MAX = 200;

function toSummary(row: LogRow): LogSummaryDto {
  const leaves = new Map<string, string>();
  for (const { path, text } of jsonLeaves(row.event)) {
    if (!leaves.has(path)) {
      leaves.set(path, text);
    }
  }
  const leaf = (path: string) => leaves.get(path)?.slice(0, SUMMARY_LENGTH_MAX) ?? null;
  return {
    ...keyOf(row),
    eventName: leaf("eventName"),
    serviceName: leaf("serviceName"),
    userName: leaf("userIdentity.userName"),
    errorCode: leaf("errorCode"),
    eventRW: row.event_rw,
    receivedAt: row.received_at.toISOString(),
  };
}

function toLog(row: LogRow): LogDto {
  return {
    ...toSummary(row),
    event: row.event,
    time: new Date(row.time * 1_000).toISOString(),
    topic: row.topic,
    source: row.source,
    tags: tagsSchema.parse(row.tags),
    jobId: row.job_id,
    otherBytes: row.other_bytes,
  };
}
