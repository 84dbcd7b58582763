import "server-only";
import { claimStatement, pool } from "@/server/db.ts";

/** What a job's ceiling says to a piece: go; wait and ask again; or be smaller, a second's worth of events at most. */
export type Pace =
  | { readonly kind: "go" }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "smaller" };

/** Who lost a race for the moment asks again after this. Longer would waste what the ceiling allows, shorter only asks more. */
const WAIT_MS_MIN = 10;

/**
 * Asks to send this many events of a job. Under a ceiling in events per second one conditional update lets one piece through at
 * a time, whichever worker asks, and moves the time for the next one on by what the piece is worth: the ceiling holds
 * over all slices and workers. No piece may be worth more than a second, so that a ceiling that is raised or lifted acts
 * within one; a job without a ceiling has no row touched. Each call that answers "go" counts.
 */
export async function askPace(jobId: number, events: number): Promise<Pace> {
  const { rows } = await pool().query<{ ceiling: number | null; has_gone: boolean; wait_ms: number | null }>(
    claimStatement(
      `WITH asked AS (SELECT events_per_second_max AS ceiling, paced_until FROM delivery_history_job WHERE id = $1),
     moved AS (
       UPDATE delivery_history_job
       SET paced_until = clock_timestamp() + $2 * interval '1 second' / events_per_second_max
       WHERE id = $1 AND $2 <= events_per_second_max AND (paced_until IS NULL OR paced_until <= clock_timestamp())
       RETURNING id
     )
     SELECT ceiling, EXISTS (SELECT FROM moved) AS has_gone,
       (extract(epoch FROM paced_until - clock_timestamp()) * 1000)::float8 AS wait_ms
     FROM asked`,
      [jobId, events],
      "ask-pace",
    ),
  );
  const row = rows[0];
  if (row === undefined || row.ceiling === null) {
    return { kind: "go" };
  }
  if (row.has_gone) {
    return { kind: "go" };
  }
  if (events > row.ceiling) {
    return { kind: "smaller" };
  }
  return { kind: "wait", ms: Math.max(WAIT_MS_MIN, Math.ceil(row.wait_ms ?? 0)) };
}
