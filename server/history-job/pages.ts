import "server-only";
import { pool } from "@/server/db.ts";
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

/**
 * The next events of a slice behind a cursor, in key order: as many as fit into one batch, an empty array when the slice has
 * been read to its end. A page ends with the event that reaches `bytesMax`, so the largest page holds bytesMax plus one body.
 * Because history within arrivalMax does not change, the same cursor gives the same page again: a batch that is sent twice
 * has the same content.
 */
export async function readPage(
  claim: SliceClaim,
  after: EventKey | null,
  limits: PageLimits,
): Promise<DeliverableEvent[]> {
  // event_time >= $4 looks redundant beside the row comparison, but only it prunes partitions. The running sum is over the
  // key's own order, so the index gives it without a sort, and bodies behind the cut are never read from the disk.
  const { rows } = await pool().query<{ event_time: Date; event_id: string; body: string; digest: Uint8Array }>({
    name: `history-page-${after === null ? "first" : "next"}`,
    text: `SELECT page.event_time, page.event_id, page.body, page.digest
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
    values: [
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
  });
  return rows.map((row) => ({ eventTime: row.event_time, eventId: row.event_id, body: row.body, digest: row.digest }));
}
