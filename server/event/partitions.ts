import "server-only";
import type { ClientBase } from "pg";

const DAY_MS = 24 * 60 * 60 * 1000;

/** History and a day more, so that an event at the far edge of the 90 days has its place while the clock moves on. */
const DAYS_BACK = 91;

/** Long enough to notice that nobody makes partitions any more; each unused one costs a little planning time. */
const DAYS_AHEAD = 7;

/** One key for making and dropping, so that they never meet. The number means nothing. */
const PARTITION_LOCK_KEY = 7_303;

/**
 * How long a new partition may wait until readers and writers let go. New ones queue behind it meanwhile, so a bound too
 * long stops the product; one too short only leaves the work to a later run, and there are 7 days of them.
 */
const LOCK_TIMEOUT_MS = 5_000;

type DayTable = "event" | "log";

/**
 * Afterwards the tables "event" and "log" have a partition for each UTC day from 91 days before `now` to 7 days after it.
 * Needs a connection of the role that owns the schema, outside a transaction. Safe to repeat, and safe when several run
 * at once.
 */
export async function ensurePartitions(client: ClientBase, now: Date): Promise<void> {
  for (const table of ["event", "log"] as const) {
    await client.query("BEGIN");
    try {
      await client.query("SELECT pg_advisory_xact_lock($1)", [PARTITION_LOCK_KEY]);
      await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await addMissingPartitions(client, table, now);
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    }
  }
}

/**
 * Drops the days of "event" whose end is 91 days old, with what was counted and listed of them. Logs are kept for good.
 * Needs the same kind of connection as `ensurePartitions`. Safe to repeat and to interrupt; does nothing while another
 * run is at it.
 */
export async function dropExpiredPartitions(client: ClientBase, now: Date): Promise<void> {
  const { rows } = await client.query<{ locked: boolean }>("SELECT pg_try_advisory_lock($1) AS locked", [
    PARTITION_LOCK_KEY,
  ]);
  if (rows[0]?.locked !== true) {
    return;
  }
  try {
    await dropDaysBefore(client, new Date(startOfDay(now, -DAYS_BACK)));
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [PARTITION_LOCK_KEY]);
  }
}

/**
 * CREATE TABLE LIKE and ATTACH: a plain CREATE TABLE PARTITION OF takes an exclusive lock on the whole table and stops
 * every reader behind it.
 */
async function addMissingPartitions(client: ClientBase, table: DayTable, now: Date): Promise<void> {
  const dayTables = await listDayTables(client, table);
  const existing = new Set(dayTables.filter(({ state }) => state === "attached").map(({ name }) => name));
  const missing = Array.from({ length: DAYS_BACK + DAYS_AHEAD + 1 }, (_, index) => startOfDay(now, index - DAYS_BACK))
    .map((startMs) => ({ name: nameOf(table, startMs), from: toText(startMs), to: toText(startMs + DAY_MS) }))
    .filter(({ name }) => !existing.has(name));
  if (missing.length === 0) {
    return;
  }
  const statements = missing.map(
    ({ name, from, to }) => `
      CREATE TABLE "${name}" (LIKE "${table}" INCLUDING ALL);
      ${table === "log" ? moveFromDefault(name, from, to) : ""}
      ALTER TABLE "${table}" ATTACH PARTITION "${name}" FOR VALUES FROM ('${from}') TO ('${to}');`,
  );
  // Without this lock a log written between the move and ATTACH would make ATTACH fail: the default partition may hold
  // nothing of the new one's day.
  const lock = table === "log" ? `LOCK TABLE "log_default" IN ACCESS EXCLUSIVE MODE;` : "";
  await client.query(lock + statements.join(""));
}

function moveFromDefault(name: string, from: string, to: string): string {
  return `
    WITH moved AS (
      DELETE FROM "log_default" WHERE "event_time" >= '${from}' AND "event_time" < '${to}' RETURNING *
    ) INSERT INTO "${name}" SELECT * FROM moved;`;
}

/**
 * DETACH CONCURRENTLY, then DROP: a plain DROP waits for the table's readers and stops new ones behind it. An
 * interrupted run leaves a day that is half detached, or detached and not dropped; both are taken up again here.
 */
async function dropDaysBefore(client: ClientBase, limit: Date): Promise<void> {
  const limitName = nameOf("event", limit.getTime());
  const expired = (await listDayTables(client, "event")).filter(({ name }) => name < limitName);
  if (expired.length === 0) {
    return;
  }
  // Before the partitions go, because only their presence tells a later run that there is still something to do.
  await client.query(`DELETE FROM "event_count" WHERE "starts_at" < $1`, [limit.toISOString()]);
  await client.query(`DELETE FROM "event_conflict" WHERE "event_time" < $1`, [limit.toISOString()]);
  for (const { name, state } of expired) {
    if (state !== "detached") {
      const how = state === "detaching" ? "FINALIZE" : "CONCURRENTLY";
      await client.query(`ALTER TABLE "event" DETACH PARTITION "${name}" ${how}`);
    }
    await client.query(`DROP TABLE "${name}"`);
  }
}

type DayTableRow = { readonly name: string; readonly state: "attached" | "detaching" | "detached" };

/** The tables that are, or were, a day of `table`. Their names sort by day. */
async function listDayTables(client: ClientBase, table: DayTable): Promise<DayTableRow[]> {
  const { rows } = await client.query<DayTableRow>(
    `SELECT class.relname AS "name",
       CASE WHEN link.inhrelid IS NULL THEN 'detached' WHEN link.inhdetachpending THEN 'detaching' ELSE 'attached' END AS "state"
     FROM pg_class AS class
     LEFT JOIN pg_inherits AS link ON link.inhrelid = class.oid
     WHERE class.relkind = 'r' AND class.relname ~ $1
       AND class.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = $2::regclass)
     ORDER BY class.relname`,
    [`^${table}_[0-9]{8}$`, `"${table}"`],
  );
  return rows;
}

function nameOf(table: DayTable, startMs: number): string {
  return `${table}_${toText(startMs).slice(0, 10).replaceAll("-", "")}`;
}

function startOfDay(now: Date, days: number): number {
  return (Math.floor(now.getTime() / DAY_MS) + days) * DAY_MS;
}

function toText(ms: number): string {
  return new Date(ms).toISOString();
}
