import { Client } from "pg";
import { env, requiredDatabaseUrl } from "@/server/env.ts";
import { ensurePartitions } from "@/server/event/partitions.ts";

/** Makes the day partitions ahead of time, as the role that owns the schema. */
export async function keepPartitionsAhead(): Promise<void> {
  const client = new Client({ connectionString: env().MIGRATION_DATABASE_URL ?? requiredDatabaseUrl() });
  await client.connect();
  try {
    await ensurePartitions(client, new Date());
  } finally {
    await client.end();
  }
}
