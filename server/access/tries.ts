import "server-only";
import { createHash } from "node:crypto";
import { pool } from "@/server/db.ts";

/** So often at most within a window that begins with the first try. */
export type TryLimit = { readonly max: number; readonly windowS: number };

/** Counts that are older than the longest window are of no use to anybody. */
const KEPT_S = 24 * 3_600;

/** One new key in sixty-four takes the old ones away: often enough, and no work for each of a flood. */
const PRUNING_KEYS = "A";

/** `first-refused` is the one after the last that is allowed: what is noted of a flood, without noting all of it. */
export type TryOutcome = "allowed" | "first-refused" | "refused";

/**
 * Counts one try of something and says whether it is still within its limit.
 * @param what as of countTries
 */
export async function countTry(what: readonly string[], { max, windowS }: TryLimit): Promise<TryOutcome> {
  const count = await countTries(what, windowS);
  if (count <= max) {
    return "allowed";
  }
  return count === max + 1 ? "first-refused" : "refused";
}

/**
 * Counts one try of something and says how many there were, this one included, in a window of so many seconds that begins with the first. The
 * count is in the database, so that it holds over any number of processes; it is one statement, so that parallel tries are counted one by one.
 * @param what names the thing tried and by whom; of any length, because part of it may come from a client
 */
export async function countTries(what: readonly string[], windowS: number): Promise<number> {
  const key = keyOf(what);
  const { rows } = await pool().query<{ count: number }>(
    `INSERT INTO try_count AS t (key, count, since) VALUES ($1, 1, now())
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN t.since <= now() - make_interval(secs => $2) THEN 1 ELSE t.count + 1 END,
       since = CASE WHEN t.since <= now() - make_interval(secs => $2) THEN now() ELSE t.since END
     RETURNING count`,
    [key, windowS],
  );
  const count = rows[0]?.count ?? 0;
  if (count === 1 && key.startsWith(PRUNING_KEYS)) {
    await pool().query("DELETE FROM try_count WHERE since < now() - make_interval(secs => $1)", [KEPT_S]);
  }
  return count;
}

function keyOf(what: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(what)).digest("base64url");
}
