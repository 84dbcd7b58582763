import { pool } from "@/server/db.ts";
import { beginDelivery } from "@/server/history-job/slices.ts";
import type { HeldEntry } from "@/server/queue.ts";

// What pg-boss and its workers do to the entries of one job, step by step, for tests that decide the order of things themselves.

const QUEUE = "deliver-slices";

const GIVEN_OUT = `state = 'active', started_on = now(), heartbeat_on = now(),
  retry_count = CASE WHEN started_on IS NOT NULL THEN retry_count + 1 ELSE retry_count END`;

/** Gives one of the job's entries that wait to a worker, as pg-boss's fetch does; null when none waits. */
export async function takeEntry(jobId: number): Promise<HeldEntry | null> {
  const { rows } = await pool().query<{ id: string; retryCount: number }>(
    `UPDATE pgboss.job
     SET ${GIVEN_OUT}
     WHERE name = $1 AND id = (
       SELECT j.id FROM pgboss.job j
       WHERE j.name = $1 AND (j.data->>'jobId')::int = $2 AND j.state IN ('created', 'retry')
         AND j.start_after <= clock_timestamp()
       ORDER BY j.created_on, j.id LIMIT 1
     )
     RETURNING id::text AS id, retry_count AS "retryCount"`,
    [QUEUE, jobId],
  );
  const [row] = rows;
  return row === undefined ? null : { ...row, jobId, signal: new AbortController().signal };
}

/** Gives all of the job's entries that wait to workers. */
export async function takeEntries(jobId: number): Promise<HeldEntry[]> {
  const taken: HeldEntry[] = [];
  for (let entry = await takeEntry(jobId); entry !== null; entry = await takeEntry(jobId)) {
    taken.push(entry);
  }
  return taken;
}

/** An entry as the worker names it that has it; one that waits is given to a worker first. */
export async function holdEntry(id: string): Promise<Pick<HeldEntry, "id" | "retryCount">> {
  await pool().query(
    `UPDATE pgboss.job SET ${GIVEN_OUT} WHERE name = $1 AND id = $2 AND state IN ('created', 'retry')`,
    [QUEUE, id],
  );
  const { rows } = await pool().query<{ retryCount: number }>(
    `SELECT retry_count AS "retryCount" FROM pgboss.job WHERE name = $1 AND id = $2`,
    [QUEUE, id],
  );
  return { id, retryCount: rows[0]?.retryCount ?? 0 };
}

/** What the first worker does to the job that takes one of its entries; the entry waits again afterwards, as if nobody had had it. */
export async function beginJob(jobId: number): Promise<void> {
  const entry = await takeEntry(jobId);
  if (entry === null) {
    throw new Error(`job ${jobId} has no entry that waits`);
  }
  await beginDelivery(entry);
  await pool().query(
    "UPDATE pgboss.job SET state = 'created', started_on = NULL, heartbeat_on = NULL WHERE name = $1 AND id = $2",
    [QUEUE, entry.id],
  );
}

/** What becomes of an entry when its handler returns. */
export async function completeEntry(entry: HeldEntry): Promise<void> {
  await endEntry(entry, "completed");
}

/** What the monitor does once an entry's worker has missed its heartbeat, and pg-boss when a handler throws. */
export async function loseEntry(entry: Pick<HeldEntry, "id" | "retryCount">): Promise<void> {
  await endEntry(entry, "retry");
}

/** The same for an entry that has lost its worker too often: pg-boss gives it up. */
export async function giveEntryUp(entry: HeldEntry): Promise<void> {
  await endEntry(entry, "failed");
}

async function endEntry(
  { id, retryCount }: Pick<HeldEntry, "id" | "retryCount">,
  state: "completed" | "retry" | "failed",
): Promise<void> {
  await pool().query(
    `UPDATE pgboss.job SET state = $3, heartbeat_on = NULL
     WHERE name = $1 AND id = $2 AND state = 'active' AND retry_count = $4`,
    [QUEUE, id, state, retryCount],
  );
}
