import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { joinEmbeddedPostgres } from "@/server/postgres/embedded.ts";
import { migrate } from "@/server/postgres/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The migrated database that every test file's own is a copy of. Nobody connects to it while tests run. */
    templateDatabase: { readonly ownerUrl: string; readonly applicationUrl: string };
  }
}

/**
 * Once per run: a PostgreSQL with one migrated database. It is an embedded one of its own, unless
 * TEST_MIGRATION_DATABASE_URL and TEST_DATABASE_URL name a database of another server, whose owner may make databases.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { TEST_MIGRATION_DATABASE_URL, TEST_DATABASE_URL } = process.env;
  if (TEST_MIGRATION_DATABASE_URL !== undefined && TEST_DATABASE_URL !== undefined) {
    await provideTemplate(project, TEST_MIGRATION_DATABASE_URL, TEST_DATABASE_URL);
    return async () => undefined;
  }
  const dataDir = mkdtempSync(join(fastFolder(), "backtrail-test-"));
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

/** Copying a database is making some thousand files: thirty times as fast in memory as on a disk. */
function fastFolder(): string {
  const inMemory = "/dev/shm";
  if (!existsSync(inMemory)) {
    return tmpdir();
  }
  const { bavail, bsize } = statfsSync(inMemory);
  return bavail * bsize > TEST_DATA_BYTES_MAX ? inMemory : tmpdir();
}

/** What the tests' databases may take at a time; containers often allow far less, and a full disk fails every test. */
const TEST_DATA_BYTES_MAX = 4 * 1024 ** 3;
