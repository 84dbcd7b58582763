import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { Client, Pool } from "pg";
import { ensurePartitions } from "@/server/event/partitions.ts";
import { migrateQueue } from "@/server/queue.ts";
import { listPendingMigrations } from "./pending-migrations.ts";
import { grantToApplication } from "./privileges.ts";
import { migrationList, NO_FILTERS, openSchemaEngine } from "./schema-engine.ts";

/**
 * Brings the database to this version: the migrations not applied yet, the queue's tables, the partitions of the days
 * around now, and the rights of the application's role. A repeat changes nothing; of several at once, one works and the
 * others wait for it.
 * @param ownerUrl address for the role that owns the schema
 * @param applicationUrl address the processes use; its user gets no more rights than they need
 * @returns the names of the migrations applied now
 */
export async function migrate(ownerUrl: string, applicationUrl: string): Promise<string[]> {
  const client = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATE_LOCK]);
    const applied = await applyMigrations(client, ownerUrl);
    await migrateQueue(ownerUrl);
    await ensurePartitions(client, new Date());
    await grantToApplication(client, decodeURIComponent(new URL(applicationUrl).username));
    return applied;
  } finally {
    // The lock ends with the session.
    await client.end();
  }
}

/** Any number of our own; it only has to differ from the other advisory locks of this database. */
const MIGRATE_LOCK = 4_837_201;

async function applyMigrations(client: Client, ownerUrl: string): Promise<string[]> {
  // Loading the engine takes most of a start that has nothing to apply.
  if ((await listPendingMigrations(client)).length === 0) {
    return [];
  }
  // The engine leaves its connections open; they are ended here.
  const connections = new Pool({ connectionString: ownerUrl });
  const engine = await openSchemaEngine(new PrismaPg(connections));
  try {
    const output = await engine.applyMigrations({ migrationsList: migrationList(), filters: NO_FILTERS });
    return output.appliedMigrationNames;
  } finally {
    engine.free();
    await connections.end();
  }
}
