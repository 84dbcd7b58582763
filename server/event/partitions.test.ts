import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isDayKept } from "./kept-days.ts";
import { dropExpiredPartitions, ensurePartitions } from "./partitions.ts";

const DAY_MS = 86_400_000;
const NOW = new Date();
const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });

beforeAll(() => owner.connect());
afterAll(() => owner.end());

function daysLater(days: number): Date {
  return new Date(NOW.getTime() + days * DAY_MS);
}

async function listPartitions(table: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT relname AS "name" FROM pg_inherits JOIN pg_class ON oid = inhrelid
     WHERE inhparent = $1::regclass AND relkind = 'r' ORDER BY 1`,
    [table],
  );
  return rows.map(({ name }) => name);
}

function nameOf(table: string, day: Date): string {
  return `${table}_${day.toISOString().slice(0, 10).replaceAll("-", "")}`;
}

async function insertLog(eventTime: Date): Promise<void> {
  await owner.query(
    `INSERT INTO "log" ("logstore_id", "region", "event_time", "event_id", "time", "topic", "source", "tags", "event", "digest")
     VALUES (1, 'cn-hangzhou', $1, 'ahead', 0, '', '', '{}', '{}', $2)`,
    [eventTime.toISOString(), Buffer.alloc(32)],
  );
}

describe("ensurePartitions", () => {
  it.each(["event", "log"])(
    "gives %s a partition for each day from 91 back to 7 ahead, however often",
    async (table) => {
      await ensurePartitions(owner, NOW);
      await ensurePartitions(owner, NOW);
      const days = Array.from({ length: 99 }, (_, index) => nameOf(table, daysLater(index - 91)));
      expect(await listPartitions(table)).toEqual(table === "log" ? [...days, "log_default"] : days);
    },
  );

  it("makes each partition once when several run at once", async () => {
    const clients = Array.from(
      { length: 3 },
      () => new Client({ connectionString: process.env.MIGRATION_DATABASE_URL }),
    );
    await Promise.all(clients.map((client) => client.connect()));
    await Promise.all(clients.map((client) => ensurePartitions(client, daysLater(1))));
    await Promise.all(clients.map((client) => client.end()));
    expect(await listPartitions("event")).toContain(nameOf("event", daysLater(8)));
  });

  it("gives a partition the table's key and checks", async () => {
    const { rows } = await owner.query(
      `SELECT pg_get_constraintdef(oid) AS "definition" FROM pg_constraint
       WHERE conrelid = $1::regclass AND contype IN ('p', 'c') ORDER BY 1`,
      [nameOf("event", NOW)],
    );
    const { rows: wanted } = await owner.query(
      `SELECT pg_get_constraintdef(oid) AS "definition" FROM pg_constraint
       WHERE conrelid = 'event'::regclass AND contype IN ('p', 'c') ORDER BY 1`,
    );
    expect(rows).toEqual(wanted);
  });

  it("moves logs that came before their day's partition was made", async () => {
    await insertLog(daysLater(20));
    await ensurePartitions(owner, daysLater(14));
    const { rows } = await owner.query(
      `SELECT tableoid::regclass::text AS "table" FROM "log" WHERE "event_id" = 'ahead'`,
    );
    expect(rows).toEqual([{ table: nameOf("log", daysLater(20)) }]);
  });

  it("leaves the connection usable when it fails", async () => {
    await owner.query(`CREATE TABLE "${nameOf("event", daysLater(30))}" ()`);
    await expect(ensurePartitions(owner, daysLater(25))).rejects.toThrow();
    await owner.query(`DROP TABLE "${nameOf("event", daysLater(30))}"`);
    await ensurePartitions(owner, daysLater(25));
    expect(await listPartitions("event")).toContain(nameOf("event", daysLater(30)));
  });
});

describe("dropExpiredPartitions", () => {
  it("drops no day whose end is less than 91 days old, and no log", async () => {
    const before = [await listPartitions("event"), await listPartitions("log")];
    await dropExpiredPartitions(owner, NOW);
    expect([await listPartitions("event"), await listPartitions("log")]).toEqual(before);
  });

  it("drops older days with their counts and conflicts", async () => {
    const [expired, kept] = [daysLater(-91), daysLater(-90)].map(
      (day) => `${day.toISOString().slice(0, 10)}T12:00:00Z`,
    );
    for (const at of [expired, kept]) {
      await owner.query(`INSERT INTO "event_count" VALUES ('1', 'hour', 'cn-hangzhou', $1, '', 1)`, [at]);
      await owner.query(
        `INSERT INTO "event_conflict" VALUES ('1', 'cn-hangzhou', $1, 'one', decode(repeat('00', 32), 'hex'), '{}')`,
        [at],
      );
    }
    await dropExpiredPartitions(owner, daysLater(1));
    const partitions = await listPartitions("event");
    expect(partitions).not.toContain(nameOf("event", daysLater(-91)));
    expect(partitions).toContain(nameOf("event", daysLater(-90)));
    const counts = await owner.query(`SELECT "starts_at" AS "at" FROM "event_count"`);
    const conflicts = await owner.query(`SELECT "event_time" AS "at" FROM "event_conflict"`);
    expect([counts.rows, conflicts.rows]).toEqual([[{ at: new Date(kept ?? "") }], [{ at: new Date(kept ?? "") }]]);
  });

  it("finishes what an interrupted run left detached", async () => {
    const name = nameOf("event", daysLater(-90));
    await owner.query(`ALTER TABLE "event" DETACH PARTITION "${name}"`);
    await dropExpiredPartitions(owner, daysLater(2));
    const { rows } = await owner.query("SELECT to_regclass($1) AS found", [name]);
    expect(rows).toEqual([{ found: null }]);
  });

  it("finishes what an interrupted run left half detached, and such a day counts as gone", async () => {
    const day = daysLater(-89);
    const name = nameOf("event", day);
    const isoDay = day.toISOString().slice(0, 10);
    expect(await isDayKept(isoDay)).toBe(true);
    const reader = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
    await reader.connect();
    await reader.query("BEGIN");
    await reader.query(`SELECT FROM "${name}"`);
    // It waits for the reader, and is interrupted there.
    await owner.query("SET statement_timeout = 500");
    await expect(owner.query(`ALTER TABLE "event" DETACH PARTITION "${name}" CONCURRENTLY`)).rejects.toThrow("timeout");
    await owner.query("RESET statement_timeout");
    await reader.end();

    expect(await isDayKept(isoDay)).toBe(false);
    await dropExpiredPartitions(owner, daysLater(3));
    const { rows } = await owner.query("SELECT to_regclass($1) AS found", [name]);
    expect(rows).toEqual([{ found: null }]);
  });
});
