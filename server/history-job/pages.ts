import "server-only";
import { claimStatement, historyPool } from "@/server/db.ts";
import type { EventKey, SliceClaim } from "./slices.ts";

/** One event as it goes into a batch. */
export type DeliverableEvent = EventKey & {
  /** The stored text, byte for byte. */
  readonly body: string;
  /** SHA-256 of the body. */
  readonly digest: Uint8Array;
};

/** Logs and bytes of bodies at which a page, and with it a batch, ends. */
export type PageLimits = { readonly logsMax: number; readonly bytesMax: number };

/** The events of one batch. */
export type Page = {
  readonly events: readonly DeliverableEvent[];
  /** Whether there is none behind it; a page that is full does not know. */
  readonly isLast: boolean;
};

/**
 * The next events of a slice behind a cursor, in key order: as many as fit into one batch, none when the slice has
 * been read to its end. A page ends with the event that reaches `bytesMax`, so the largest page holds bytesMax plus one body.
 * Because history within arrivalMax does not change, the same cursor gives the same page again: a batch that is sent twice
 * has the same content.
 */
export async function readPage(claim: SliceClaim, after: EventKey | null, limits: PageLimits): Promise<Page> {
  // event_time >= $4 looks redundant beside the row comparison, but only it prunes partitions. The running sum is over the
  // key's own order, so the index gives it without a sort, and bodies behind the cut are never read from the disk. Not a prepared
  // statement: for one of those PostgreSQL makes a plan over all days, to find that one over a single day is better.
  const { rows } = await historyPool().query<{ event_time: Date; event_id: string; body: string; digest: Uint8Array }>(
    claimStatement(
      `SELECT page.event_time, page.event_id, page.body, page.digest
       FROM (
         SELECT e.event_time, e.event_id, e.body, e.digest,
           sum(octet_length(e.body)) OVER (ORDER BY e.event_time, e.event_id ROWS UNBOUNDED PRECEDING) - octet_length(e.body) AS before
         FROM event e
         WHERE e.account_id = $1 AND e.region = $2 AND e.event_time < $3 AND e.event_time >= $4
           ${after === null ? "" : "AND (e.event_time, e.event_id) > ($4, $9)"}
           AND e.arrival <= $5 AND ($6 = 'All' OR e.event_rw = $6)
         ORDER BY e.event_time, e.event_id
         LIMIT $7
       ) page
       WHERE page.before < $8
       ORDER BY page.event_time, page.event_id`,
      [
        claim.scope.accountId,
        claim.region,
        claim.to,
        after?.eventTime ?? claim.from,
        claim.arrivalMax,
        claim.eventRW,
        limits.logsMax,
        limits.bytesMax,
        ...(after === null ? [] : [after.eventId]),
      ],
    ),
  );
  const events = rows.map((row) => ({
    eventTime: row.event_time,
    eventId: row.event_id,
    body: row.body,
    digest: row.digest,
  }));
  const bytes = events.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
  return { events, isLast: events.length < limits.logsMax && bytes < limits.bytesMax };
}

/** Events of a slice that an earlier run of its job could not deliver, in key order. */
export type UndeliverablePage = {
  readonly events: readonly DeliverableEvent[];
  /** Those that history no longer has. */
  readonly gone: readonly EventKey[];
  /** Behind which the next page begins; null when there is none. */
  readonly last: EventKey | null;
};

/**
 * The next undeliverable events of a slice behind a key, looked up in history by identity: as many as fit into one batch, as in
 * readPage. What this run has settled is no longer among them, so that a claim which starts anew goes on where the last one
 * was left.
 */
export async function readUndeliverable(
  claim: SliceClaim,
  after: EventKey | null,
  limits: PageLimits,
): Promise<UndeliverablePage> {
  // The claim's own bounds prune the partitions when the statement is planned; the key finds the one row.
  const { rows } = await historyPool().query<{
    event_time: Date;
    event_id: string;
    body: string | null;
    digest: Uint8Array;
  }>(
    claimStatement(
      `SELECT page.event_time, page.event_id, page.body, page.digest
     FROM (
       SELECT u.event_time, u.event_id, e.body, e.digest,
         sum(coalesce(octet_length(e.body), 0)) OVER (ORDER BY u.event_time, u.event_id ROWS UNBOUNDED PRECEDING)
           - coalesce(octet_length(e.body), 0) AS before
       FROM undeliverable u
       LEFT JOIN event e ON e.account_id = $5 AND e.region = u.region AND e.event_time = u.event_time AND e.event_id = u.event_id
         AND e.event_time >= $6 AND e.event_time < $7 AND e.arrival <= $8
       WHERE u.job_id = $1 AND u.day = $2 AND u.region = $3 AND u.run < $4
         AND ($11::timestamptz IS NULL OR (u.event_time, u.event_id) > ($11, $12))
       ORDER BY u.event_time, u.event_id
       LIMIT $9
     ) page
     WHERE page.before < $10
     ORDER BY page.event_time, page.event_id`,
      [
        claim.jobId,
        claim.day,
        claim.region,
        claim.run,
        claim.scope.accountId,
        claim.from,
        claim.to,
        claim.arrivalMax,
        limits.logsMax,
        limits.bytesMax,
        after?.eventTime ?? null,
        after?.eventId ?? null,
      ],
    ),
  );
  const events: DeliverableEvent[] = [];
  const gone: EventKey[] = [];
  for (const { event_time: eventTime, event_id: eventId, body, digest } of rows) {
    if (body === null) {
      gone.push({ eventTime, eventId });
    } else {
      events.push({ eventTime, eventId, body, digest });
    }
  }
  const lastRow = rows.at(-1);
  return { events, gone, last: lastRow ? { eventTime: lastRow.event_time, eventId: lastRow.event_id } : null };
}
