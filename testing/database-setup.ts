import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { joinEmbeddedPostgres } from "@/server/postgres/embedded.ts";
import { migrate } from "@/server/postgres/migrate.ts";
import { makeFastFolder } from "./fast-folder.ts";
import { PostgresServer } from "./postgres-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The migrated database that every test file's own is a copy of. Nobody connects to it while tests run. */
    templateDatabase: { readonly ownerUrl: string; readonly applicationUrl: string };
  }
}

/** Some test files run at once, each with up to seven processes of the product. */
const CONNECTIONS_MAX = 500;

/**
 * Once per run: a PostgreSQL with one migrated database. It is an embedded one of its own; with TEST_POSTGRES=debian, one of Debian's
 * programs; unless TEST_MIGRATION_DATABASE_URL and TEST_DATABASE_URL name a database of another server, whose owner may make
 * databases.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { TEST_MIGRATION_DATABASE_URL, TEST_DATABASE_URL, TEST_POSTGRES } = process.env;
  if (TEST_MIGRATION_DATABASE_URL !== undefined && TEST_DATABASE_URL !== undefined) {
    await provideTemplate(project, TEST_MIGRATION_DATABASE_URL, TEST_DATABASE_URL);
    return async () => undefined;
  }
  const dataDir = makeFastFolder("backtrail-test-");
  if (TEST_POSTGRES === "debian") {
    const server = await PostgresServer.create({ folder: dataDir, connectionsMax: CONNECTIONS_MAX });
    await provideTemplate(project, server.ownerUrl, server.applicationUrl);
    return () => server.remove();
  }
  const postgres = await joinEmbeddedPostgres(dataDir, { durability: "throw-away" });
  await provideTemplate(project, postgres.ownerUrl, postgres.applicationUrl);
  return async () => {
    await postgres.leave();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

async function provideTemplate(project: TestProject, ownerUrl: string, applicationUrl: string): Promise<void> {
  await migrate(ownerUrl, applicationUrl);
  project.provide("templateDatabase", { ownerUrl, applicationUrl });
}
