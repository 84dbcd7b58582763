import { Client } from "pg";
import { env } from "@/server/env.ts";

/** Runs work in a session of the role that owns the schema: what the application's may not do. It has no bound on a statement's time. */
export async function asOwner<Result>(work: (owner: Client) => Promise<Result>): Promise<Result> {
  const owner = new Client({ connectionString: env().MIGRATION_DATABASE_URL });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}
