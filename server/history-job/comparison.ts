import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { Checksum } from "@/domain/event/checksum.ts";
import type { VerificationMethod } from "@/domain/history-job/history-job.ts";
import type { TrailEventRW } from "@/domain/trail/trail.ts";
import { pool } from "@/server/db.ts";
import { isDayKept } from "@/server/event/kept-days.ts";
import type { EventKey } from "./slices.ts";

/**
 * Events or logs that one statement looks at. Small enough that a statement with the largest bodies there can be takes
 * seconds and a few hundred kB of digests; many more would gain little, since each is looked up by its key anyway.
 */
const PAGE_SIZE = 5_000;

/** A slice of an ended job, with what is needed to find its events and its logs. */
export type ComparableSlice = {
  readonly jobId: number;
  readonly region: string;
  /** UTC day, YYYY-MM-DD. */
  readonly day: string;
  readonly eventRW: TrailEventRW;
  /** The part of the job's window that lies in the day, [from, to). */
  readonly from: Date;
  readonly to: Date;
  readonly arrivalMax: number;
  /** Events that history had when the job was created, without those that had gone before they were read. */
  readonly recorded: number;
  readonly delivered: number;
  /** The last event that was delivered or given up, in key order; null when there was none. */
  readonly cursor: EventKey | null;
  /** Sum of the delivered bodies' digests, 32 bytes. */
  readonly checksum: Uint8Array;
};

/** What a comparison found of one slice; the counts' meaning is in docs/decisions, "Verification". */
export type Comparison = {
  readonly method: Exclude<VerificationMethod, "acknowledged">;
  readonly inHistory: number | null;
  readonly inSink: number;
  readonly missing: number | null;
  readonly conflicts: number | null;
  readonly checksumHere: Uint8Array;
  readonly checksumThere: Uint8Array;
};

/**
 * Compares what a slice should have delivered with what its logstore of ours holds (design 5, report). Reads only, page by page:
 * memory and the time of a statement do not grow with the slice. The job must have ended; when it goes on meanwhile, the result is
 * of no use.
 * @param logstore its id; null when it is gone, and all that was in it
 */
export async function compareSlice(
  scope: AccountScope,
  slice: ComparableSlice,
  logstore: number | null,
): Promise<Comparison> {
  // No logstore has the id 0: one that is gone is an empty one.
  const logstoreId = logstore ?? 0;
  if (await isDayKept(slice.day)) {
    const found = await compareByIdentity(scope, slice, logstoreId);
    // Asked again, because the day may have gone while its pages were read.
    if (await isDayKept(slice.day)) {
      return found.inHistory === slice.recorded ? found : withCarriedChecksum(found, slice, logstoreId);
    }
  }
  return compareByChecksum(slice, logstoreId);
}

/**
 * History does not have the events that it had: a log whose event is gone from it was not looked at, and must not count as lost by
 * the logstore. Which logs are the job's is then told by its batches.
 */
async function withCarriedChecksum(found: Comparison, slice: ComparableSlice, logstoreId: number): Promise<Comparison> {
  const { checksumThere } = await compareByChecksum(slice, logstoreId);
  return { ...found, checksumThere };
}

type IdentityPage = {
  looked_at: number;
  last_time: Date | null;
  last_id: string | null;
  in_history: number;
  in_sink: number;
  missing: number;
  delivered_there: Uint8Array | null;
};

async function compareByIdentity(scope: AccountScope, slice: ComparableSlice, logstoreId: number): Promise<Comparison> {
  let inHistory = 0;
  let inSink = 0;
  let missing = 0;
  const there = new Checksum();
  let after: EventKey | null = null;
  for (;;) {
    const page: IdentityPage = await readIdentityPage(scope.accountId, slice, logstoreId, after);
    inHistory += page.in_history;
    inSink += page.in_sink;
    missing += page.missing;
    addDigests(there, page.delivered_there);
    if (page.looked_at < PAGE_SIZE || page.last_time === null || page.last_id === null) {
      break;
    }
    after = { eventTime: page.last_time, eventId: page.last_id };
  }
  return {
    method: "identity",
    inHistory,
    inSink,
    missing,
    conflicts: inHistory - inSink - missing,
    checksumHere: slice.checksum,
    checksumThere: there.toBytes(),
  };
}

/**
 * The next events of the slice in history, each with the log of its identity. The page is cut before the filter, so that no
 * statement walks a day of others' events. OFFSET 0 keeps the look-up by key in place: joined freely, the planner reads whole
 * days to compare them; the bounds beside the keys spare it planning over all other days. Both digests are computed from the texts
 * now: the stored ones would not notice a text that was changed in its place.
 */
async function readIdentityPage(
  accountId: string,
  slice: ComparableSlice,
  logstoreId: number,
  after: EventKey | null,
): Promise<IdentityPage> {
  const { rows } = await pool().query<IdentityPage>(
    `WITH page AS MATERIALIZED (
       SELECT e.event_time, e.event_id, e.arrival <= $10 AND ($11 = 'All' OR e.event_rw = $11) AS is_expected,
         CASE WHEN e.arrival <= $10 AND ($11 = 'All' OR e.event_rw = $11) THEN sha256(convert_to(e.body, 'UTF8')) END AS digest
       FROM event e
       WHERE e.account_id = $1 AND e.region = $2 AND e.event_time >= $3 AND e.event_time < $4
         AND ($12::text IS NULL OR (e.event_time, e.event_id) > ($3, $12))
       ORDER BY e.event_time, e.event_id
       LIMIT ${PAGE_SIZE}
     ), compared AS MATERIALIZED (
       SELECT page.digest AS here, stored.digest AS there, ${isDelivered("page")} AS is_delivered
       FROM page
       LEFT JOIN LATERAL (
         SELECT sha256(convert_to(l.event, 'UTF8')) AS digest
         FROM log l
         WHERE l.logstore_id = $5 AND l.region = $2 AND l.event_time = page.event_time AND l.event_id = page.event_id
           AND l.event_time >= $3 AND l.event_time < $4
         OFFSET 0
       ) stored ON true
       WHERE page.is_expected
     ), last AS (
       SELECT event_time, event_id FROM page ORDER BY event_time DESC, event_id DESC LIMIT 1
     )
     SELECT (SELECT count(*) FROM page) AS looked_at, (SELECT event_time FROM last) AS last_time,
       (SELECT event_id FROM last) AS last_id, count(*) AS in_history, count(*) FILTER (WHERE there = here) AS in_sink,
       count(*) FILTER (WHERE there IS NULL) AS missing,
       string_agg(there, ''::bytea) FILTER (WHERE is_delivered) AS delivered_there
     FROM compared`,
    [
      accountId,
      slice.region,
      after?.eventTime ?? slice.from,
      slice.to,
      logstoreId,
      ...deliveredParameters(slice),
      slice.arrivalMax,
      slice.eventRW,
      after?.eventId ?? null,
    ],
  );
  return firstOf(rows);
}

type CarriedPage = {
  looked_at: number;
  last_time: Date | null;
  last_id: string | null;
  carried: number;
  carried_digests: Uint8Array | null;
};

async function compareByChecksum(slice: ComparableSlice, logstoreId: number): Promise<Comparison> {
  let found = 0;
  const there = new Checksum();
  let after: EventKey | null = null;
  for (;;) {
    const page: CarriedPage = await readCarriedPage(slice, logstoreId, after);
    found += page.carried;
    addDigests(there, page.carried_digests);
    if (page.looked_at < PAGE_SIZE || page.last_time === null || page.last_id === null) {
      break;
    }
    after = { eventTime: page.last_time, eventId: page.last_id };
  }
  return {
    method: "checksum",
    inHistory: null,
    inSink: found,
    missing: Math.max(0, slice.delivered - found),
    conflicts: null,
    checksumHere: slice.checksum,
    checksumThere: there.toBytes(),
  };
}

/** The next logs of the slice's region and time, with the digests of those that batches of the job have carried and it counts. */
async function readCarriedPage(
  slice: ComparableSlice,
  logstoreId: number,
  after: EventKey | null,
): Promise<CarriedPage> {
  const { rows } = await pool().query<CarriedPage>(
    `WITH page AS MATERIALIZED (
       SELECT l.event_time, l.event_id,
         CASE WHEN (l.job_id = $6 OR EXISTS (SELECT FROM unnest(l.batch_ids) AS b (id) WHERE starts_with(b.id, $10)))
             AND ${isDelivered("l")}
           THEN sha256(convert_to(l.event, 'UTF8')) END AS digest
       FROM log l
       WHERE l.logstore_id = $1 AND l.region = $2 AND l.event_time >= $3 AND l.event_time < $4
         AND ($5::text IS NULL OR (l.event_time, l.event_id) > ($3, $5))
       ORDER BY l.event_time, l.event_id
       LIMIT ${PAGE_SIZE}
     ), last AS (
       SELECT event_time, event_id FROM page ORDER BY event_time DESC, event_id DESC LIMIT 1
     )
     SELECT count(*) AS looked_at, (SELECT event_time FROM last) AS last_time, (SELECT event_id FROM last) AS last_id,
       count(digest) AS carried, string_agg(digest, ''::bytea) AS carried_digests
     FROM page`,
    [
      logstoreId,
      slice.region,
      after?.eventTime ?? slice.from,
      slice.to,
      after?.eventId ?? null,
      ...deliveredParameters(slice),
      `${slice.jobId}-`,
    ],
  );
  return firstOf(rows);
}

/**
 * Whether a row's identity is among those that the job counts as delivered: up to the cursor, which only moves over an unbroken
 * prefix, and not listed as undeliverable. What a batch beyond the cursor has stored may be in the sink and is counted by nobody.
 * Wants the region as $2 and deliveredParameters as $6 to $9.
 */
function isDelivered(row: "page" | "l"): string {
  return `((${row}.event_time, ${row}.event_id) <= ($8::timestamptz, $9::text) AND NOT EXISTS (
    SELECT FROM undeliverable u
    WHERE u.job_id = $6 AND u.day = $7 AND u.region = $2 AND u.event_time = ${row}.event_time AND u.event_id = ${row}.event_id
  ))`;
}

function deliveredParameters({ jobId, day, cursor }: ComparableSlice) {
  return [jobId, day, cursor?.eventTime ?? null, cursor?.eventId ?? null];
}

function addDigests(sum: Checksum, digests: Uint8Array | null): void {
  for (let at = 0; digests !== null && at < digests.length; at += 32) {
    sum.add(digests.subarray(at, at + 32));
  }
}

function firstOf<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) {
    throw new Error("a comparison found nothing to count");
  }
  return row;
}
