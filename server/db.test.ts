import { setTimeout as delay } from "node:timers/promises";
import { Client, escapeIdentifier } from "pg";
import { expect, it, onTestFinished, vi } from "vitest";
import { closeDatabase, pool, prisma } from "./db.ts";
import { inTransaction } from "./transaction.ts";

it("survives the loss of a connection in the middle of a transaction, and works on over another", async () => {
  const uncaught = vi.fn();
  process.on("uncaughtException", uncaught);
  onTestFinished(() => void process.off("uncaughtException", uncaught));
  const work = inTransaction(async (client) => {
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    await pool().query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
    // Between two statements nobody waits for an answer that could say it.
    await delay(100);
    await client.query("SELECT 1");
  });
  await expect(work).rejects.toThrow();
  expect(uncaught).not.toHaveBeenCalled();
  expect((await pool().query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
});

it("writes and reads the same instants by Prisma as by pg, whatever zone the server is set to", async () => {
  const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
  await owner.connect();
  onTestFinished(() => owner.end());
  await owner.query(`ALTER DATABASE ${escapeIdentifier(owner.database ?? "")} SET timezone TO 'Asia/Shanghai'`);
  // Only sessions that begin now take the zone.
  await closeDatabase();
  const written = new Date("2026-11-22T23:30:00.123Z");
  await prisma().account.create({ data: { id: "1000000000000009", name: "zone", createdAt: written } });
  const byPrisma = await prisma().account.findUniqueOrThrow({ where: { id: "1000000000000009" } });
  const byPg = await owner.query("SELECT created_at FROM account WHERE id = '1000000000000009'");
  expect([byPrisma.createdAt, byPg.rows[0].created_at]).toEqual([written, written]);
});

it("reads what was committed while it waited, whatever isolation the server is set to", async () => {
  const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
  await owner.connect();
  onTestFinished(() => owner.end());
  const database = escapeIdentifier(owner.database ?? "");
  await owner.query(`ALTER DATABASE ${database} SET default_transaction_isolation TO 'repeatable read'`);
  await closeDatabase();
  const { rows } = await pool().query("SHOW transaction_isolation");
  expect(rows).toEqual([{ transaction_isolation: "read committed" }]);
});

it("lets no process that does nothing keep a transaction open, and with it its locks", async () => {
  const { rows } = await pool().query("SHOW idle_in_transaction_session_timeout");
  expect(rows).toEqual([{ idle_in_transaction_session_timeout: "30s" }]);
});
