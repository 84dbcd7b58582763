import "server-only";
import { createHash } from "node:crypto";
import type { QueryResult } from "pg";
import type { RpcAction } from "@/domain/rpc/calls.ts";
import { pool } from "@/server/db.ts";

/** One use of a key, whose signature is verified. */
export type KeyUse = {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly nonce: string;
  /** Until when the request would be taken again, but for its nonce. */
  readonly freshUntil: Date;
  readonly action: RpcAction;
};

/** What had been used before this. */
export type KeyUsed = {
  readonly isNonceNew: boolean;
  /** Calls of the account in this second, this one included. */
  readonly callsInSecond: number;
  /** Until the next second. */
  readonly retryAfterMs: number;
};

/** A nonce outlives its request by this: forgotten a moment too early, it would let a replay in; too late, it takes a little room. */
const NONCE_MARGIN_MS = 60_000;

type UseRow = { readonly is_new: boolean; readonly calls: number | null; readonly retry_after_ms: number };

/**
 * Notes a use of a key in one statement: its nonce, and the call in its account's second. Of several uses of one nonce at once,
 * on whatever processes, the table's key makes exactly one the first. A replay counts as no call. Seconds are the database's.
 */
export async function noteKeyUse(use: KeyUse): Promise<KeyUsed> {
  const { rows } = await pool().query<UseRow>({
    name: "note-key-use",
    text: `
      WITH "used" AS (
        INSERT INTO "request_nonce" ("access_key_id", "digest", "expires_at") VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING RETURNING 1
      ), "counted" AS (
        INSERT INTO "call_count" ("account_id", "action", "second", "calls")
        SELECT $4, $5, date_trunc('second', clock_timestamp()), 1 FROM "used"
        ON CONFLICT ("account_id", "action") DO UPDATE SET
          "calls" = CASE WHEN "call_count"."second" < EXCLUDED."second" THEN 1 ELSE "call_count"."calls" + 1 END,
          "second" = GREATEST("call_count"."second", EXCLUDED."second")
        RETURNING "calls"
      )
      SELECT EXISTS (SELECT FROM "used") AS "is_new", (SELECT "calls" FROM "counted") AS "calls",
        ceil(1000 - extract(milliseconds FROM clock_timestamp())::numeric % 1000)::int AS "retry_after_ms"`,
    values: [
      use.accessKeyId,
      createHash("sha256").update(use.nonce).digest(),
      new Date(use.freshUntil.getTime() + NONCE_MARGIN_MS).toISOString(),
      use.accountId,
      use.action,
    ],
  });
  const [row] = rows;
  if (row === undefined) {
    throw new Error("the note of a key's use gave no row");
  }
  return { isNonceNew: row.is_new, callsInSecond: row.calls ?? 0, retryAfterMs: row.retry_after_ms };
}

/** Rows that one statement forgets: few enough that nobody waits for it. */
const FORGOTTEN_AT_ONCE = 5_000;

/** Forgets nonces of requests that are too old to be taken anyway. Safe to run anywhere, at once and again. */
export async function forgetOldNonces(): Promise<void> {
  let count: number | null = FORGOTTEN_AT_ONCE;
  while (count === FORGOTTEN_AT_ONCE) {
    const result: QueryResult = await pool().query(
      `DELETE FROM "request_nonce" WHERE ("access_key_id", "digest") IN (
         SELECT "access_key_id", "digest" FROM "request_nonce" WHERE "expires_at" < now()
         ORDER BY "expires_at" LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED)`,
    );
    count = result.rowCount;
  }
}
