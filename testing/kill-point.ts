import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { pool } from "@/server/db.ts";
import type { JobCommand } from "./job-orders.ts";
import type { ProductProcess } from "./product-process.ts";
import { waitUntil } from "./wait-until.ts";

/**
 * Where a process dies that was told to carry out commands: with everything committed, which tells how long that takes; with nothing changed
 * yet; with the job changed and not its slices; with both and no entry in the audit; with that and nothing that brings it into history; at
 * whatever moment.
 */
export const KILL_POINTS = ["behind", "job", "slices", "audit", "history", "moment"] as const;
type KillPoint = (typeof KILL_POINTS)[number];

/** What stands in a command's way at a point: it needs this table there. */
const TABLES = {
  job: "delivery_history_job",
  slices: "delivery_slice",
  audit: "audit_entry",
  history: "audit_outbox",
  moment: null,
  behind: null,
} as const satisfies Record<KillPoint, string | null>;

/** The others leave a job's slices alone. */
const CHANGING_SLICES: readonly JobCommand[] = ["create", "cancel", "retry", "delete"];

const REACHED_MS_MAX = 120_000;

export type Victim = Pick<ProductProcess, "kill"> & {
  /** PGAPPNAME of its process: what its sessions are known by. */
  readonly name: string;
};

/** How a command is left by a process that died at the point. */
export function leftAt(point: KillPoint, command: JobCommand): "unsaid" | "said" | "either" {
  switch (point) {
    case "moment":
      return "either";
    case "behind":
      return "said";
    case "slices":
      return CHANGING_SLICES.includes(command) ? "unsaid" : "either";
    default:
      return "unsaid";
  }
}

/**
 * Has a process begin these commands, kills it at the point, and waits until nothing of it is left in the database.
 * @param momentMs how long after it has begun, at whatever moment
 * @param begin returns at once
 * @param areDone whether all commands are carried out
 * @returns how long after it had begun
 */
export async function killAt(
  { point, momentMs }: { readonly point: KillPoint; readonly momentMs: number },
  victim: Victim,
  commands: readonly JobCommand[],
  { begin, areDone }: { readonly begin: () => void; readonly areDone: () => Promise<boolean> },
): Promise<number> {
  const table = TABLES[point];
  // The audit's table can only be held by who owns it.
  const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
  await owner.connect();
  let ms: number;
  try {
    if (table !== null) {
      await owner.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    }
    const beganAt = performance.now();
    begin();
    if (table !== null) {
      const waiting = commands.filter((command) => leftAt(point, command) === "unsaid").length;
      await waitUntil(`${waiting} commands wait for ${table}`, REACHED_MS_MAX, async () => {
        const sessions = await listSessions(victim);
        return sessions.filter(({ isStopped }) => isStopped).length >= waiting;
      });
    } else if (point === "moment") {
      await delay(momentMs);
    } else {
      await waitUntil("all commands are carried out", REACHED_MS_MAX, areDone);
    }
    ms = performance.now() - beganAt;
    await victim.kill();
  } finally {
    await owner.end();
  }
  // What it had sent before it died is carried out all the same.
  await waitUntil(`the sessions of ${victim.name} have ended`, REACHED_MS_MAX, async () => {
    return (await listSessions(victim)).length === 0;
  });
  return ms;
}

async function listSessions({ name }: Victim): Promise<{ isStopped: boolean }[]> {
  const { rows } = await pool().query<{ isStopped: boolean }>(
    `SELECT wait_event_type IS NOT DISTINCT FROM 'Lock' AS "isStopped" FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = $1`,
    [name],
  );
  return rows;
}
