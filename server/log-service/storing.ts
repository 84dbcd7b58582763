import "server-only";
import type { PoolClient } from "pg";
import type { StoredCounts } from "@/domain/log-service/log-service.ts";
import { bigintArray, byteaArray, textArray, timestamptzArray } from "@/server/binary-array.ts";
import { addToRollup } from "@/server/rollup.ts";
import type { IdentifiedLog, PlainLog, RequestFields, SortedLogs } from "./mapping.ts";

/**
 * Stores the logs of one request inside the client's transaction.
 *
 * The order of the statements is the rule: the logs in the order of their keys, so that two requests with the same logs
 * wait for each other instead of deadlocking; the rollup last, because all requests for a day want its few rows.
 */
export async function storeInTransaction(
  client: PoolClient,
  logstoreId: number,
  { request, identified, plain }: SortedLogs,
): Promise<StoredCounts> {
  const firstByKey = new Map(identified.toReversed().map((log) => [log.key, log]));
  const candidates = [...firstByKey.values()].sort(byKey);
  const heldPositions = await insertLogs(client, logstoreId, request, candidates);
  const held = candidates.filter(({ position }) => heldPositions.has(position));
  const inserted = candidates.filter(({ position }) => !heldPositions.has(position));
  const holders = await findHolders(client, logstoreId, held);
  const outcome = judge(identified, holders, request.jobId);
  await noteBatch(
    client,
    logstoreId,
    request.batchId,
    held.filter(({ key }) => outcome.presentKeys.has(key)),
  );
  await insertConflicts(client, logstoreId, request, outcome.conflicts);
  await insertPlainLogs(client, logstoreId, request, plain);
  await noteArrival(client, logstoreId, inserted, plain);
  await addToRollup(client, "log_count", logstoreId, inserted);
  return {
    new: outcome.newCount + plain.length,
    present: identified.length - outcome.newCount - outcome.conflicts.length,
    conflicts: outcome.conflicts.map(({ position }) => position),
  };
}

/** Sessions share a lane only where there are more than this many: two that do wait for each other's end of the transaction. */
const ARRIVAL_LANES = 64;

/** Adds what was stored now to the logstore's arrivals. The time is the logs' own, that of the transaction. */
async function noteArrival(
  client: PoolClient,
  logstoreId: number,
  inserted: readonly IdentifiedLog[],
  plain: readonly PlainLog[],
): Promise<void> {
  if (inserted.length + plain.length === 0) {
    return;
  }
  let bytes = 0;
  for (const { event, otherContents } of inserted) {
    bytes += event.length + (otherContents?.length ?? 0);
  }
  for (const { contents } of plain) {
    bytes += contents.length;
  }
  await client.query(
    `INSERT INTO "log_arrival" ("logstore_id", "hour", "lane", "first_at", "last_at", "logs", "plain_logs", "bytes")
     SELECT $1, date_trunc('hour', "now", 'UTC'), pg_backend_pid() % $2, "now", "now", $3, $4, $5
     FROM (SELECT now() AS "now") AS "clock"
     ON CONFLICT ("logstore_id", "hour", "lane") DO UPDATE
     SET "first_at" = least("log_arrival"."first_at", excluded."first_at"),
       "last_at" = greatest("log_arrival"."last_at", excluded."last_at"),
       "logs" = "log_arrival"."logs" + excluded."logs",
       "plain_logs" = "log_arrival"."plain_logs" + excluded."plain_logs",
       "bytes" = "log_arrival"."bytes" + excluded."bytes"`,
    [logstoreId, ARRIVAL_LANES, inserted.length, plain.length, bytes],
  );
}

/** What the logstore held of an identity before this request. */
type Holder = { readonly digest: Buffer; readonly jobId: number | null };

type Outcome = {
  readonly newCount: number;
  readonly conflicts: readonly IdentifiedLog[];
  /** Identities that were held with the text that came. */
  readonly presentKeys: ReadonlySet<string>;
};

/**
 * What became of each log. The text that counts is the held one, or else the first of the request; of several logs with that
 * text the first is new when it was stored now or by the same job before. So a request that is sent again is judged alike.
 */
function judge(
  identified: readonly IdentifiedLog[],
  holders: ReadonlyMap<string, Holder>,
  jobId: number | null,
): Outcome {
  const digests = new Map<string, Buffer>();
  const matchedKeys = new Set<string>();
  const conflicts: IdentifiedLog[] = [];
  let newCount = 0;
  for (const log of identified) {
    const holder = holders.get(log.key);
    const digest = holder?.digest ?? digests.get(log.key) ?? log.digest;
    digests.set(log.key, digest);
    if (!digest.equals(log.digest)) {
      conflicts.push(log);
    } else if (!matchedKeys.has(log.key)) {
      matchedKeys.add(log.key);
      newCount += holder === undefined || (jobId !== null && holder.jobId === jobId) ? 1 : 0;
    }
  }
  return { newCount, conflicts, presentKeys: matchedKeys };
}

function byKey(one: IdentifiedLog, other: IdentifiedLog): number {
  if (one.region !== other.region) {
    return one.region < other.region ? -1 : 1;
  }
  const timeDifference = one.eventTime.getTime() - other.eventTime.getTime();
  if (timeDifference !== 0) {
    return timeDifference;
  }
  return one.eventId < other.eventId ? -1 : 1;
}

function keyArrays(logs: readonly IdentifiedLog[]): [regions: Buffer, eventTimes: Buffer, eventIds: Buffer] {
  return [
    textArray(logs.map(({ region }) => region)),
    timestamptzArray(logs.map(({ eventTime }) => eventTime)),
    textArray(logs.map(({ eventId }) => eventId)),
  ];
}

/** The first and the last event time: in a statement beside the keys they spare it planning over all other days. */
function timeBounds(logs: readonly IdentifiedLog[]): [from: string, to: string] {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { eventTime } of logs) {
    from = Math.min(from, eventTime.getTime());
    to = Math.max(to, eventTime.getTime());
  }
  return [new Date(from).toISOString(), new Date(to).toISOString()];
}

/**
 * Inserts the logs whose identity the logstore does not hold, and returns the positions of the others, of which most requests have
 * none. Waits for other requests with the same identities to end.
 */
async function insertLogs(
  client: PoolClient,
  logstoreId: number,
  request: RequestFields,
  logs: readonly IdentifiedLog[],
): Promise<Set<number>> {
  if (logs.length === 0) {
    return new Set();
  }
  const { rows } = await client.query<{ position: number }>(
    `WITH "inserted" AS (
       INSERT INTO "log" (
         "logstore_id", "topic", "source", "tags", "job_id", "batch_ids",
         "region", "event_time", "event_id", "time", "event_rw", "event", "other_contents", "digest"
       )
       SELECT $1::int, $2::text, $3::text, $4::jsonb, $5::int, CASE WHEN $6::text IS NOT NULL THEN ARRAY[$6::text] END,
         "new".*
       FROM unnest($7::text[], $8::timestamptz[], $9::text[], $10::bigint[], $11::text[], $12::text[], $13::bytea[],
         $14::bytea[]) AS "new"
       ON CONFLICT DO NOTHING
       RETURNING "region", "event_time", "event_id"
     )
     SELECT "sent"."position"
     FROM unnest($7::text[], $8::timestamptz[], $9::text[], $15::bigint[])
       AS "sent" ("region", "event_time", "event_id", "position")
     WHERE NOT EXISTS (
       SELECT FROM "inserted"
       WHERE "inserted"."region" = "sent"."region" AND "inserted"."event_time" = "sent"."event_time"
         AND "inserted"."event_id" = "sent"."event_id"
     )`,
    [
      logstoreId,
      request.topic,
      request.source,
      request.tags,
      request.jobId,
      request.batchId,
      ...keyArrays(logs),
      bigintArray(logs.map(({ time }) => time)),
      textArray(logs.map(({ eventRW }) => eventRW)),
      textArray(logs.map(({ event }) => event)),
      byteaArray(logs.map(({ otherContents }) => otherContents)),
      byteaArray(logs.map(({ digest }) => digest)),
      bigintArray(logs.map(({ position }) => position)),
    ],
  );
  return new Set(rows.map(({ position }) => position));
}

/**
 * What the logstore holds of these identities, by key. A statement of its own, so that it sees what the insert waited for.
 * OFFSET 0 keeps the look-up by key in place: joined freely, the planner reads whole days to compare them.
 */
async function findHolders(
  client: PoolClient,
  logstoreId: number,
  logs: readonly IdentifiedLog[],
): Promise<Map<string, Holder>> {
  if (logs.length === 0) {
    return new Map();
  }
  const { rows } = await client.query<{ index: number; digest: Buffer; job_id: number | null }>(
    `SELECT "sent"."index", "stored"."digest", "stored"."job_id"
     FROM unnest($2::text[], $3::timestamptz[], $4::text[])
       WITH ORDINALITY AS "sent" ("region", "event_time", "event_id", "index"),
       LATERAL (
         SELECT "digest", "job_id"
         FROM "log"
         WHERE "logstore_id" = $1 AND "region" = "sent"."region" AND "event_time" = "sent"."event_time"
           AND "event_id" = "sent"."event_id" AND "event_time" BETWEEN $5 AND $6
         OFFSET 0
       ) AS "stored"`,
    [logstoreId, ...keyArrays(logs), ...timeBounds(logs)],
  );
  if (rows.length !== logs.length) {
    throw new Error(`the logstore took and holds only ${rows.length} of ${logs.length} logs`);
  }
  return new Map(
    rows.flatMap((row) => {
      const log = logs[row.index - 1];
      return log === undefined ? [] : [[log.key, { digest: row.digest, jobId: row.job_id }] as const];
    }),
  );
}

/** Adds the batch to logs that were held before it came, once. */
async function noteBatch(
  client: PoolClient,
  logstoreId: number,
  batchId: string | null,
  logs: readonly IdentifiedLog[],
): Promise<void> {
  if (batchId === null || logs.length === 0) {
    return;
  }
  await client.query(
    `UPDATE "log"
     SET "batch_ids" = array_append("batch_ids", $2)
     FROM unnest($3::text[], $4::timestamptz[], $5::text[]) AS "sent" ("region", "event_time", "event_id")
     WHERE "log"."logstore_id" = $1 AND "log"."region" = "sent"."region" AND "log"."event_time" = "sent"."event_time"
       AND "log"."event_id" = "sent"."event_id" AND "log"."event_time" BETWEEN $6 AND $7
       AND $2 <> ALL (COALESCE("log"."batch_ids", '{}'))`,
    [logstoreId, batchId, ...keyArrays(logs), ...timeBounds(logs)],
  );
}

/** Lists each conflicting text once, however often it comes. */
async function insertConflicts(
  client: PoolClient,
  logstoreId: number,
  request: RequestFields,
  conflicts: readonly IdentifiedLog[],
): Promise<void> {
  if (conflicts.length === 0) {
    return;
  }
  await client.query(
    `INSERT INTO "log_conflict" (
       "logstore_id", "job_id", "batch_id", "region", "event_time", "event_id", "digest", "event"
     )
     SELECT $1::int, $2::int, $3::text, "new".*
     FROM unnest($4::text[], $5::timestamptz[], $6::text[], $7::bytea[], $8::text[])
       AS "new" ("region", "event_time", "event_id", "digest", "event")
     ORDER BY "new"."region" COLLATE "C", "new"."event_time", "new"."event_id" COLLATE "C", "new"."digest"
     ON CONFLICT DO NOTHING`,
    [
      logstoreId,
      request.jobId,
      request.batchId,
      ...keyArrays(conflicts),
      byteaArray(conflicts.map(({ digest }) => digest)),
      textArray(conflicts.map(({ event }) => event)),
    ],
  );
}

async function insertPlainLogs(
  client: PoolClient,
  logstoreId: number,
  request: RequestFields,
  logs: readonly PlainLog[],
): Promise<void> {
  if (logs.length === 0) {
    return;
  }
  await client.query(
    `INSERT INTO "plain_log" ("logstore_id", "topic", "source", "tags", "time", "contents")
     SELECT $1::int, $2::text, $3::text, $4::jsonb, "new".*
     FROM unnest($5::bigint[], $6::bytea[]) AS "new"`,
    [
      logstoreId,
      request.topic,
      request.source,
      request.tags,
      bigintArray(logs.map(({ time }) => time)),
      byteaArray(logs.map(({ contents }) => contents)),
    ],
  );
}
