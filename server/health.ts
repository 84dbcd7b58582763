import "server-only";
import { Pool } from "pg";
import { requiredDatabaseUrl } from "./env.ts";
import { log } from "./log.ts";
import { listPendingMigrations } from "./postgres/pending-migrations.ts";

/** Longer than any healthy database takes, shorter than the time-outs of those who probe. */
const ANSWER_LIMIT_MS = 2_000;

let connection: Pool | undefined;

/** A connection of its own: under load the process's others are all taken, and a busy process is not a broken one. */
function healthConnection(): Pool {
  if (connection === undefined) {
    connection = new Pool({
      connectionString: requiredDatabaseUrl(),
      max: 1,
      connectionTimeoutMillis: ANSWER_LIMIT_MS,
      query_timeout: ANSWER_LIMIT_MS,
    });
    connection.on("error", (error) => log.warn({ err: error }, "health connection lost while idle"));
  }
  return connection;
}

/** Ends the connection of the readiness checks. Safe to repeat; a later check opens a new one. */
export async function closeHealthConnection(): Promise<void> {
  const open = connection;
  connection = undefined;
  await open?.end();
}

/** What a probe of /readyz is answered. */
export type Readiness =
  | { readonly status: "ready" }
  /** Of the console: it listens, and its pages are still being loaded. */
  | { readonly status: "starting" }
  | {
      readonly status: "unavailable";
      readonly reason: "the database does not answer" | "the database is not migrated";
    };

/** Whether this process can work: its database answers and has every migration of this version. Never throws. */
export async function checkReadiness(): Promise<Readiness> {
  try {
    const pending = await listPendingMigrations(healthConnection());
    return pending.length === 0
      ? { status: "ready" }
      : { status: "unavailable", reason: "the database is not migrated" };
  } catch (error) {
    log.warn({ err: error }, "readiness check failed");
    return { status: "unavailable", reason: "the database does not answer" };
  }
}
