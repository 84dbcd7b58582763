import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeDatabase } from "@/server/db.ts";
import { provideSettings } from "@/server/env.ts";
import { joinEmbeddedPostgres } from "@/server/postgres/embedded.ts";
import { migrate } from "@/server/postgres/migrate.ts";
import { closeQueue } from "@/server/queue.ts";
import { describeMachine } from "./machine.ts";

/** Runs a benchmark over an embedded PostgreSQL of its own, in a folder that is gone afterwards; this process uses it, too. */
export async function withBenchDatabase<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "backtrail-bench-"));
  const postgres = await joinEmbeddedPostgres(join(folder, "data"));
  try {
    await migrate(postgres.ownerUrl, postgres.applicationUrl);
    provideSettings({
      DATABASE_URL: postgres.applicationUrl,
      MIGRATION_DATABASE_URL: postgres.ownerUrl,
      BACKTRAIL_SECRET: "the secret of a benchmark, which protects nothing",
    });
    console.log(await describeMachine());
    return await work(folder);
  } finally {
    await closeQueue();
    await closeDatabase();
    await postgres.leave();
    rmSync(folder, { recursive: true, force: true });
  }
}
