import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { jsonLeaves } from "@/domain/log-service/json-leaves.ts";
import { type LogKey, logKeyText } from "@/domain/log-service/log-key.ts";
import type { LogstoreName } from "@/domain/log-service/log-service.ts";
import type { LogDto, LogPageDto, LogSummaryDto } from "@/domain/log-service/schema.ts";
import { pool } from "@/server/db.ts";
import { keyOf, LOG_COLUMNS, type LogRow, type LogSearch, tagsOf, walkLogs } from "./log-walk.ts";
import { requireLogstoreId } from "./logstore-queries.ts";

/** Rows on a screen. */
const PAGE_SIZE = 50;

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
  for await (const step of walkLogs(logstoreId, search, { order: "newest", beyond: before })) {
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
    for await (const { found } of walkLogs(logstoreId, search, { order: "newest", beyond: null })) {
      yield found.map(toLog);
    }
  };
  return pages();
}

/** The log of this key, or null. @throws DomainError as searchLogs */
export async function findLog(scope: AccountScope, name: LogstoreName, key: LogKey): Promise<LogDto | null> {
  const logstoreId = await requireLogstoreId(scope, name);
  const { rows } = await pool().query<LogRow>(
    `SELECT ${LOG_COLUMNS} FROM log
     WHERE logstore_id = $1 AND region = $2 AND event_time = $3::timestamptz AND event_id = $4`,
    [logstoreId, key.region, key.eventTime, key.eventId],
  );
  const [row] = rows;
  return row === undefined ? null : toLog(row);
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
    tags: tagsOf(row),
    jobId: row.job_id,
    otherBytes: row.other_contents?.length ?? 0,
  };
}
