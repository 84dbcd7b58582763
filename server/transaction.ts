import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseError, type PoolClient } from "pg";
import { pool } from "./db.ts";

/** Everybody takes rows in one order, so deadlocks are rare; this many in a row are a fault that must be seen. */
const ATTEMPTS_MAX = 5;
const RETRY_DELAY_MS_MAX = 100;

/** deadlock_detected and serialization_failure: PostgreSQL's own advice for both is to run the transaction again. */
const CODES_TO_TRY_AGAIN: readonly (string | undefined)[] = ["40P01", "40001"];

/**
 * Runs `work` in one transaction over `pg`, whole or not at all. READ COMMITTED whatever the server's default is: each
 * statement sees what was committed while the one before it waited. After a deadlock it is run again, up to five times, so
 * `work` must have no effects outside the transaction.
 */
export async function inTransaction<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool().connect();
    try {
      await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
      const result = await work(client);
      await client.query("COMMIT");
      client.release();
      return result;
    } catch (error) {
      // Closing the connection ends its transaction too, whatever state both are in.
      client.release(true);
      const mayTryAgain = error instanceof DatabaseError && CODES_TO_TRY_AGAIN.includes(error.code);
      if (!mayTryAgain || attempt === ATTEMPTS_MAX) {
        throw error;
      }
      await sleep(Math.random() * RETRY_DELAY_MS_MAX * attempt);
    }
  }
}
