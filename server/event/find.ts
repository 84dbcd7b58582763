import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import type { EventIdentity } from "@/domain/event/event.ts";
import type { EventDetailDto } from "@/domain/event/schema.ts";
import { pool } from "@/server/db.ts";

type EventRow = { readonly body: string; readonly digest: Buffer; readonly arrival: number };

/** The account's event of this identity, whole; null when history has none, or no longer. */
export async function findEvent(
  scope: AccountScope,
  { region, eventTime, eventId }: EventIdentity,
): Promise<EventDetailDto | null> {
  const { rows } = await pool().query<EventRow>(
    `SELECT "body", "digest", "arrival" FROM "event"
     WHERE "account_id" = $1 AND "region" = $2 AND "event_time" = $3 AND "event_id" = $4`,
    [scope.accountId, region, eventTime.toISOString(), eventId],
  );
  const row = rows[0];
  return row === undefined
    ? null
    : {
        region,
        eventTime: eventTime.toISOString(),
        eventId,
        body: row.body,
        digest: row.digest.toString("hex"),
        arrival: row.arrival,
      };
}

/** The regions in which history has events of the account, by name. */
export async function listEventRegions(scope: AccountScope): Promise<string[]> {
  // One step down the index of the rollup per region: it has a row for each day of each.
  const { rows } = await pool().query<{ region: string }>(
    `WITH RECURSIVE "found" AS (
       (SELECT "region" FROM "event_count" WHERE "account_id" = $1 AND "granularity" = 'day' ORDER BY "region" LIMIT 1)
       UNION ALL
       SELECT (
         SELECT "region" FROM "event_count"
         WHERE "account_id" = $1 AND "granularity" = 'day' AND "region" > "found"."region" ORDER BY "region" LIMIT 1
       ) FROM "found" WHERE "found"."region" IS NOT NULL
     )
     SELECT "region" FROM "found" WHERE "region" IS NOT NULL`,
    [scope.accountId],
  );
  return rows.map(({ region }) => region);
}
