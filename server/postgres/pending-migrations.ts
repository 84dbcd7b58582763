import "server-only";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";

export const MIGRATIONS_FOLDER = join(import.meta.dirname, "../../prisma/migrations");

/** The names of all migrations of this version, oldest first. */
export function migrationNames(): string[] {
  return readdirSync(MIGRATIONS_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

/** The migrations of this version that the database has not, oldest first. A migration that failed half-way is pending. */
export async function listPendingMigrations(client: Pick<Client, "query">): Promise<string[]> {
  const { rows: tables } = await client.query(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS "exists"`,
  );
  if (!tables[0].exists) {
    return migrationNames();
  }
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM public._prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  const applied = new Set(rows.map((row) => row.name));
  return migrationNames().filter((name) => !applied.has(name));
}
