import type { Client } from "pg";
import { asOwner } from "./owner.ts";

/**
 * Fills an account's history with what `fill` inserts into it, and its rollup with what recording would have left there. The indexes of
 * history are made anew behind it, which is several times as fast as to keep them while it fills; nobody else may use the database
 * meanwhile.
 */
export async function fillInBulk(accountId: string, fill: (owner: Client) => Promise<void>): Promise<void> {
  await asOwner(async (owner) => {
    const { rows: indexes } = await owner.query<{ name: string; definition: string }>(
      `SELECT class.relname AS name, pg_get_indexdef(indexrelid) AS definition
       FROM pg_index JOIN pg_class AS class ON class.oid = indexrelid
       WHERE indrelid = '"event"'::regclass AND NOT indisprimary`,
    );
    await owner.query(indexes.map(({ name }) => `DROP INDEX "${name}";`).join(""));
    await fill(owner);
    await owner.query("SET maintenance_work_mem = '512MB'");
    for (const { definition } of indexes) {
      // Of the table and all its days, though it was taken from the table alone.
      await owner.query(definition.replace(" ON ONLY ", " ON "));
    }
    await owner.query(INSERT_COUNTS, [accountId]);
    await owner.query("VACUUM ANALYZE event");
    await owner.query("ANALYZE event_count");
  });
}

const INSERT_COUNTS = `
  INSERT INTO event_count (account_id, granularity, region, starts_at, event_rw, count)
  SELECT account_id, unit, region, date_trunc(unit, starts_at, 'UTC'), event_rw, sum(count)
  FROM (
    SELECT account_id, region, date_trunc('hour', event_time, 'UTC') AS starts_at, coalesce(event_rw, '') AS event_rw, count(*) AS count
    FROM event WHERE account_id = $1 GROUP BY 1, 2, 3, 4
  ) AS hours, (VALUES ('day'), ('hour')) AS units (unit)
  GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT ON CONSTRAINT event_count_pkey DO UPDATE SET count = excluded.count`;
