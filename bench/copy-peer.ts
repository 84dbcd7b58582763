import { createHash } from "node:crypto";
import { escapeLiteral, Pool } from "pg";
import { Checksum } from "@/domain/event/checksum.ts";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { copyOut } from "@/server/copy-out.ts";
import { pool } from "@/server/db.ts";
import { requiredDatabaseUrl } from "@/server/env.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import { valueOfRow } from "./copied-text.ts";
import { quantile } from "./quantile.ts";

/** So often all is copied after the first time, which makes it warm; the median counts. */
const TIMED_PASSES = 3;

/** Every plan that has none of these gives rows as it finds them. */
const SORT_NODES = ["Sort", "Incremental Sort"];

export type CopyMeasure = {
  readonly seconds: number;
  readonly events: number;
  /** Sum of the bodies' digests modulo 2^256, hexadecimal. */
  readonly checksum: string;
};

/**
 * What PostgreSQL itself takes to give out the bodies that a job has delivered, in the order of the key that the job reads in: a COPY for
 * each region over the whole window, through one connection to a consumer that only counts. What they are is looked at in a pass before.
 * @throws when PostgreSQL sorts, or passes differ
 */
export async function measureCopy(account: HistoryAccount, job: HistoryJobDto): Promise<CopyMeasure> {
  const selects = await selectsOf(account, job);
  // By its estimates PostgreSQL would rather sort a whole region than follow the key.
  const options = "-c enable_sort=off -c enable_incremental_sort=off";
  const connection = new Pool({ connectionString: requiredDatabaseUrl(), max: 1, options });
  try {
    for (const select of selects) {
      await refuseSort(connection, select);
    }
    const checksum = new Checksum();
    const seen = await copyAll(connection, selects, (row) => {
      checksum.add(createHash("sha256").update(valueOfRow(row)).digest());
    });
    const seconds: number[] = [];
    for (let pass = 0; pass < TIMED_PASSES; pass++) {
      const begunAt = performance.now();
      const counted = await copyAll(connection, selects);
      seconds.push((performance.now() - begunAt) / 1_000);
      if (counted.rows !== seen.rows || counted.bytes !== seen.bytes) {
        throw new Error(
          `COPY gave ${counted.rows} rows with ${counted.bytes} bytes after ${seen.rows} with ${seen.bytes}`,
        );
      }
    }
    return {
      seconds: quantile(seconds, 0.5),
      events: seen.rows,
      checksum: Buffer.from(checksum.toBytes()).toString("hex"),
    };
  } finally {
    await connection.end();
  }
}

async function copyAll(connection: Pool, selects: readonly string[], look?: (row: Buffer) => void) {
  const counted = { rows: 0, bytes: 0 };
  for (const select of selects) {
    await copyOut(connection, `COPY (${select}) TO STDOUT`, (row) => {
      counted.rows++;
      counted.bytes += row.length;
      look?.(row);
    });
  }
  return counted;
}

async function selectsOf(
  { accountId }: HistoryAccount,
  { id, windowFrom, windowTo }: HistoryJobDto,
): Promise<string[]> {
  const { rows } = await pool().query<{ region: string; arrival_max: number }>(
    `SELECT DISTINCT s.region, j.arrival_max FROM delivery_history_job j JOIN delivery_slice s ON s.job_id = j.id
     WHERE j.id = $1 ORDER BY s.region`,
    [id],
  );
  return rows.map(
    ({ region, arrival_max }) => `SELECT body FROM event
      WHERE account_id = ${escapeLiteral(accountId)} AND region = ${escapeLiteral(region)}
        AND event_time >= ${escapeLiteral(windowFrom)} AND event_time < ${escapeLiteral(windowTo)} AND arrival <= ${arrival_max}
      ORDER BY event_time, event_id`,
  );
}

/** A plan as EXPLAIN gives it, as far as it is looked at. */
type PlanNode = { readonly "Node Type": string; readonly Plans?: readonly PlanNode[] };

async function refuseSort(connection: Pool, select: string): Promise<void> {
  const { rows } = await connection.query<{ "QUERY PLAN": readonly { readonly Plan: PlanNode }[] }>(
    `EXPLAIN (FORMAT JSON) ${select}`,
  );
  const plan = rows[0]?.["QUERY PLAN"][0]?.Plan;
  if (plan === undefined || hasSort(plan)) {
    throw new Error(`PostgreSQL sorts for ${select}: ${JSON.stringify(plan)}`);
  }
}

function hasSort(node: PlanNode): boolean {
  return SORT_NODES.includes(node["Node Type"]) || (node.Plans ?? []).some(hasSort);
}
