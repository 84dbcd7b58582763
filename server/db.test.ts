import { setTimeout as delay } from "node:timers/promises";
import { expect, it, onTestFinished, vi } from "vitest";
import { pool } from "./db.ts";
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
