import "server-only";
import { hash } from "node:crypto";
import type { PoolClient } from "pg";
import type { HistoryEvent } from "@/domain/event/event.ts";
import { byteaArray, textArray, timestamptzArray } from "@/server/binary-array.ts";
import { addToRollup } from "@/server/rollup.ts";
import { arrivalLockKey } from "./arrival-lock.ts";

/** What became of an event that was offered to history: recorded, there already, or there with another body. */
export type RecordingOutcome = "recorded" | "present" | "conflict";

/** An event with what is computed from it. */
type Candidate = { readonly event: HistoryEvent; readonly key: string; readonly digest: Buffer };

/**
 * Records events in the transaction that is open on `client`, which has to be READ COMMITTED and to end soon after, and says what
 * became of each, in their order. Of several with one identity the first is the one that may be recorded.
 *
 * The order of the statements is the rule (design 3.1, "The set"): the account's lock first and alone; the events and the
 * conflicts, each in the order of their keys, so that two recorders of the same events wait for each other instead of
 * deadlocking; the rollup last, because every recorder of the account wants its few rows.
 */
export async function recordInTransaction(
  client: PoolClient,
  accountId: string,
  events: readonly HistoryEvent[],
): Promise<RecordingOutcome[]> {
  const candidates = events.map(toCandidate);
  const firstByKey = new Map(candidates.toReversed().map((candidate) => [candidate.key, candidate]));

  await client.query("SELECT pg_advisory_xact_lock_shared($1, $2)", [...arrivalLockKey(accountId)]);
  const recordedKeys = await insertEvents(client, accountId, [...firstByKey.values()]);
  const isRecorded = (candidate: Candidate) =>
    recordedKeys.has(candidate.key) && firstByKey.get(candidate.key) === candidate;
  const recorded = candidates.filter(isRecorded);
  const others = candidates.filter((candidate) => !isRecorded(candidate));
  const conflicts = await findConflicts(client, accountId, others);
  await insertConflicts(client, accountId, conflicts);
  await addToRollup(
    client,
    "event_count",
    accountId,
    recorded.map(({ event }) => event),
  );
  const conflicting = new Set(conflicts);
  return candidates.map((candidate) => {
    if (isRecorded(candidate)) {
      return "recorded";
    }
    return conflicting.has(candidate) ? "conflict" : "present";
  });
}

function toCandidate(event: HistoryEvent): Candidate {
  return {
    event,
    key: keyOf(event.region, event.eventTime.getTime(), event.eventId),
    digest: hash("sha256", event.body, "buffer"),
  };
}

/** No part of an identity contains NUL (domain/event), so two identities never share a key. */
function keyOf(region: string, eventTimeMs: number, eventId: string): string {
  return `${region}\0${eventTimeMs}\0${eventId}`;
}

type IdentityRow = { readonly region: string; readonly event_time_ms: number; readonly event_id: string };

/**
 * Inserts the events that history does not have, and returns their keys. The arrival number is the column's default: it
 * is drawn row by row, after the lock and after the sort. Waits for other recorders of the same identities to end.
 */
async function insertEvents(
  client: PoolClient,
  accountId: string,
  candidates: readonly Candidate[],
): Promise<Set<string>> {
  const column = (read: (event: HistoryEvent) => string | null) =>
    textArray(candidates.map(({ event }) => read(event)));
  const { rows } = await client.query<IdentityRow>(
    `INSERT INTO "event" (
       "account_id", "region", "event_time", "event_id", "event_rw", "service_name", "event_name", "event_type",
       "user_name", "access_key_id", "source_ip_address", "resource_type", "resource_name", "sensitive_action", "error_code",
       "body", "digest"
     )
     SELECT $1::text, "new".*
     FROM unnest(
       $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::bytea[]
     ) AS "new" ("region", "event_time", "event_id")
     ORDER BY "new"."region" COLLATE "C", "new"."event_time", "new"."event_id" COLLATE "C"
     ON CONFLICT DO NOTHING
     RETURNING "region", (extract(epoch FROM "event_time") * 1000)::bigint AS "event_time_ms", "event_id"`,
    [
      accountId,
      column((event) => event.region),
      timestamptzArray(candidates.map(({ event }) => event.eventTime)),
      column((event) => event.eventId),
      column((event) => event.eventRW),
      column((event) => event.serviceName),
      column((event) => event.eventName),
      column((event) => event.eventType),
      column((event) => event.userName),
      column((event) => event.accessKeyId),
      column((event) => event.sourceIpAddress),
      column((event) => event.resourceType),
      column((event) => event.resourceName),
      column((event) => event.sensitiveAction),
      column((event) => event.errorCode),
      column((event) => event.body),
      byteaArray(candidates.map(({ digest }) => digest)),
    ],
  );
  return new Set(rows.map((row) => keyOf(row.region, row.event_time_ms, row.event_id)));
}

/**
 * Those candidates whose identity history holds with another body. OFFSET 0 keeps the look-up by key in place: joined
 * freely, the planner reads whole days to compare them. The bounds on the time spare it planning over all other days.
 */
async function findConflicts(
  client: PoolClient,
  accountId: string,
  candidates: readonly Candidate[],
): Promise<Candidate[]> {
  if (candidates.length === 0) {
    return [];
  }
  const times = candidates.map(({ event }) => event.eventTime.getTime());
  const { rows } = await client.query<IdentityRow & { readonly digest: Buffer }>(
    `SELECT "stored".*
     FROM unnest($2::text[], $3::timestamptz[], $4::text[]) AS "wanted" ("region", "event_time", "event_id"),
       LATERAL (
         SELECT "region", (extract(epoch FROM "event_time") * 1000)::bigint AS "event_time_ms", "event_id", "digest"
         FROM "event"
         WHERE "account_id" = $1 AND "region" = "wanted"."region" AND "event_time" = "wanted"."event_time"
           AND "event_id" = "wanted"."event_id" AND "event_time" BETWEEN $5 AND $6
         OFFSET 0
       ) AS "stored"`,
    [
      accountId,
      textArray(candidates.map(({ event }) => event.region)),
      timestamptzArray(candidates.map(({ event }) => event.eventTime)),
      textArray(candidates.map(({ event }) => event.eventId)),
      new Date(Math.min(...times)).toISOString(),
      new Date(Math.max(...times)).toISOString(),
    ],
  );
  const digests = new Map(rows.map((row) => [keyOf(row.region, row.event_time_ms, row.event_id), row.digest]));
  return candidates.filter(({ key, digest }) => {
    const stored = digests.get(key);
    if (stored === undefined) {
      throw new Error(`history neither took nor holds the event ${key.replaceAll("\0", " ")}`);
    }
    return !stored.equals(digest);
  });
}

/** Lists each conflicting body once, however often it comes. */
async function insertConflicts(client: PoolClient, accountId: string, conflicts: readonly Candidate[]): Promise<void> {
  if (conflicts.length === 0) {
    return;
  }
  await client.query(
    `INSERT INTO "event_conflict" ("account_id", "region", "event_time", "event_id", "digest", "body")
     SELECT $1::text, "new".*
     FROM unnest($2::text[], $3::timestamptz[], $4::text[], $5::bytea[], $6::text[])
       AS "new" ("region", "event_time", "event_id", "digest", "body")
     ORDER BY "new"."region" COLLATE "C", "new"."event_time", "new"."event_id" COLLATE "C", "new"."digest"
     ON CONFLICT DO NOTHING`,
    [
      accountId,
      textArray(conflicts.map(({ event }) => event.region)),
      timestamptzArray(conflicts.map(({ event }) => event.eventTime)),
      textArray(conflicts.map(({ event }) => event.eventId)),
      byteaArray(conflicts.map(({ digest }) => digest)),
      textArray(conflicts.map(({ event }) => event.body)),
    ],
  );
}
