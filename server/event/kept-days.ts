import "server-only";
import { pool } from "@/server/db.ts";

/**
 * Whether history still keeps this UTC day, YYYY-MM-DD: its partition is there and not on its way out. A day goes as a whole,
 * so what was read while this holds, before and after, was read of a whole day.
 */
export async function isDayKept(day: string): Promise<boolean> {
  const { rowCount } = await pool().query(
    `SELECT FROM pg_inherits AS "link" JOIN pg_class AS "part" ON "part".oid = "link".inhrelid
     WHERE "link".inhparent = '"event"'::regclass AND "part".relname = 'event_' || $1 AND NOT "link".inhdetachpending`,
    [day.replaceAll("-", "")],
  );
  return rowCount === 1;
}
