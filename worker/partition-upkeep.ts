import { Client } from "pg";
import { readDatabaseTime } from "@/server/db.ts";
import { env, requiredDatabaseUrl } from "@/server/env.ts";
import { dropExpiredPartitions, ensurePartitions } from "@/server/event/partitions.ts";

/** Long for a database that is up; the queue calls again. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Makes the days to come and drops those that history no longer keeps, as the role that owns the schema. Safe to repeat. */
export async function keepPartitions(): Promise<void> {
  const client = new Client({
    connectionString: env().MIGRATION_DATABASE_URL ?? requiredDatabaseUrl(),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // A drop may wait long for the table's readers, so it has no time-out; a server that is gone is noticed by this.
    keepAlive: true,
  });
  // Its statement rejects as well; unheard, the event would end the worker.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const now = await readDatabaseTime();
    await ensurePartitions(client, now);
    await dropExpiredPartitions(client, now);
  } finally {
    await client.end();
  }
}
