import "server-only";
import { DatabaseError, type PoolClient } from "pg";
import { DomainError } from "@/domain/errors.ts";
import { inTransaction } from "@/server/transaction.ts";

/**
 * Runs statements that look events up, in a transaction that the server ends after a time.
 *
 * Every look-up has an index that gives its rows in order, and reads no more of it than it answers. The planner, which goes by
 * statistics that a new day does not have yet, may believe in collecting and sorting instead, and is told not to.
 * @throws DomainError ServiceUnavailable (lookup-too-slow) after `limitMs`
 */
export async function lookingUp<Result>(
  limitMs: number,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  try {
    return await inTransaction(async (client) => {
      await client.query(
        `SELECT set_config('statement_timeout', $1, true), set_config('enable_seqscan', 'off', true),
           set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true), set_config('jit', 'off', true)`,
        [String(limitMs)],
      );
      return work(client);
    });
  } catch (error) {
    throw isStatementTimeout(error) ? new DomainError("ServiceUnavailable", { why: "lookup-too-slow" }) : error;
  }
}

/** query_canceled: what statement_timeout ends a statement with. */
function isStatementTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === "57014";
}
