import { Client } from "pg";
import { readDatabaseTime } from "@/server/db.ts";
import { env, requiredDatabaseUrl } from "@/server/env.ts";
import { dropExpiredPartitions, ensurePartitions } from "@/server/event/partitions.ts";

/** Makes the days to come and drops those that history no longer keeps, as the role that owns the schema. */
export async function keepPartitions(): Promise<void> {
  const client = new Client({ connectionString: env().MIGRATION_DATABASE_URL ?? requiredDatabaseUrl() });
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
