import { randomBytes } from "node:crypto";
import { Client, escapeIdentifier } from "pg";
import { afterAll, inject } from "vitest";

// Runs before each test file: a database of its own, copied from the migrated template, with the roles of production. Set
// before anything of server/ is loaded, which reads its settings at the first use.

const template = inject("templateDatabase");
const name = `test_${randomBytes(8).toString("hex")}`;

await asOwner(`CREATE DATABASE ${name} TEMPLATE ${escapeIdentifier(databaseOf(template.ownerUrl))} STRATEGY FILE_COPY`);

process.env.MIGRATION_DATABASE_URL = inDatabase(template.ownerUrl);
process.env.DATABASE_URL = inDatabase(template.applicationUrl);
// The stand-ins for sinks listen on this machine, as an operator's own may.
process.env.PRIVATE_ENDPOINTS = "127.0.0.0/8";
process.env.BACKTRAIL_SECRET = "the secret of tests, which protects nothing at all";
delete process.env.BACKTRAIL_SECRET_PREVIOUS;

afterAll(async () => {
  // Loaded here and not above, so that it sees the settings.
  const { closeDatabase } = await import("@/server/db.ts");
  await closeDatabase();
  // Not FORCE: the owner may not end the application's sessions nor an autovacuum, while this waits 5 s for both to go.
  await asOwner(`DROP DATABASE ${name}`);
});

async function asOwner(statement: string): Promise<void> {
  const url = new URL(template.ownerUrl);
  // CREATE DATABASE wants the template to itself, so the statement comes from the database that every server has.
  url.pathname = "/postgres";
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

function inDatabase(url: string): string {
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}
