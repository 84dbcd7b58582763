import "server-only";
import { escapeLiteral } from "pg";
import { copyOut } from "@/server/copy-out.ts";
import { claimStatement, historyPool } from "@/server/db.ts";
import { PageRows } from "./page-rows.ts";
import type { EventKey, SliceClaim } from "./slices.ts";

/** One event as it goes into a batch. */
export type DeliverableEvent = EventKey & {
  /** The stored text, byte for byte, in UTF-8. */
  readonly body: Uint8Array;
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

/** What a body has when nothing is known yet. Rows are asked for by it: too few cost another statement, too many are read in vain. */
const TYPICAL_BODY_BYTES = 1_100;

/** More rows than seem to be needed, because bodies differ. */
const SPARE_SHARE = 1.05;

/**
 * The next events of a slice behind a cursor, in key order: as many as fit into one batch, none when the slice has
 * been read to its end. A page ends with the event that reaches `bytesMax`, so the largest page holds bytesMax plus one body.
 * Because history within arrivalMax does not change, the same cursor gives the same page again: a batch that is sent twice
 * has the same content.
 */
export async function readPage(claim: SliceClaim, after: EventKey | null, limits: PageLimits): Promise<Page> {
  const rows = new PageRows(limits);
  for (;;) {
    const asked = rowsToAskFor(rows, limits);
    rows.beginCopy();
    await copyOut(historyPool(), pageCopy(claim, rows.events.at(-1) ?? after, asked), (message) => rows.take(message));
    if (rows.isFull || rows.rowCount < asked) {
      return { events: rows.events, isLast: !rows.isFull };
    }
  }
}

function rowsToAskFor({ events, bodyBytes }: PageRows, { logsMax, bytesMax }: PageLimits): number {
  const bytesEach = events.length === 0 ? TYPICAL_BODY_BYTES : Math.max(1, bodyBytes / events.length);
  return Math.min(logsMax - events.length, Math.ceil((SPARE_SHARE * (bytesMax - bodyBytes)) / bytesEach));
}

/** COPY takes no parameters. event_time >= … looks redundant beside the row comparison, but only it prunes partitions. */
function pageCopy(claim: SliceClaim, after: EventKey | null, rowsMax: number): string {
  const from = instant(after?.eventTime ?? claim.from);
  const conditions = [
    `account_id = ${escapeLiteral(claim.scope.accountId)}`,
    `region = ${escapeLiteral(claim.region)}`,
    `event_time >= ${from}`,
    `event_time < ${instant(claim.to)}`,
    `arrival <= ${claim.arrivalMax}`,
    ...(after === null ? [] : [`(event_time, event_id) > (${from}, ${escapeLiteral(after.eventId)})`]),
    ...(claim.eventRW === "All" ? [] : [`event_rw = ${escapeLiteral(claim.eventRW)}`]),
  ];
  return `COPY (
    SELECT event_time, event_id, digest, body FROM event WHERE ${conditions.join(" AND ")}
    ORDER BY event_time, event_id LIMIT ${rowsMax}
  ) TO STDOUT (FORMAT binary)`;
}

function instant(time: Date): string {
  return escapeLiteral(time.toISOString());
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
      events.push({ eventTime, eventId, body: Buffer.from(body), digest });
    }
  }
  const lastRow = rows.at(-1);
  return { events, gone, last: lastRow ? { eventTime: lastRow.event_time, eventId: lastRow.event_id } : null };
}
