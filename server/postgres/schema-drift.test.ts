import { Client, Pool } from "pg";
import { expect, it } from "vitest";
import { pool } from "@/server/db.ts";
import { catalogAdapter } from "@/testing/catalog-adapter.ts";
import { NO_FILTERS, openSchemaEngine, schemaFile } from "./schema-engine.ts";

const ownerUrl = process.env.MIGRATION_DATABASE_URL ?? "";

/** What would have to be migrated to get from the database to prisma/schema.prisma. */
async function drift(): Promise<{ exitCode: number; stdout: string | null }> {
  const connections = new Pool({ connectionString: ownerUrl });
  const engine = await openSchemaEngine(catalogAdapter(connections));
  try {
    return await engine.diff({
      from: { tag: "schemaDatasource", files: [schemaFile()], configDir: import.meta.dirname },
      to: { tag: "schemaDatamodel", files: [schemaFile()] },
      script: true,
      exitCode: true,
      filters: NO_FILTERS,
    });
  } finally {
    engine.free();
    await connections.end();
  }
}

it("has the tables that prisma/schema.prisma describes", async () => {
  expect(await drift()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("empty migration") });
});

it("would notice a stray column", async () => {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query("ALTER TABLE trail ADD COLUMN stray int");
  expect(await drift()).toMatchObject({ exitCode: 2, stdout: expect.stringContaining("stray") });
  await owner.query("ALTER TABLE trail DROP COLUMN stray");
  await owner.end();
});

it("has the partial index that is the account's slot, which the comparison above cannot see", async () => {
  const { rows } = await pool().query(
    "SELECT indexdef FROM pg_indexes WHERE indexname = 'delivery_history_job_slot_key'",
  );
  expect(rows).toEqual([
    {
      indexdef:
        "CREATE UNIQUE INDEX delivery_history_job_slot_key ON public.delivery_history_job USING btree (account_id) " +
        "WHERE (status = ANY (ARRAY[0, 1]))",
    },
  ]);
});
