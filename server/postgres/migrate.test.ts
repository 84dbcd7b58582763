import { readFileSync } from "node:fs";
import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { pool } from "@/server/db.ts";
import { migrate } from "./migrate.ts";
import { listPendingMigrations } from "./pending-migrations.ts";

const ownerUrl = process.env.MIGRATION_DATABASE_URL ?? "";
const applicationUrl = process.env.DATABASE_URL ?? "";

describe("migrate", () => {
  it("changes nothing when repeated, also by several at once", async () => {
    expect(await Promise.all([1, 2, 3].map(() => migrate(ownerUrl, applicationUrl)))).toEqual([[], [], []]);
  });

  it("leaves no migration pending, as the application's role can see", async () => {
    expect(await listPendingMigrations(pool())).toEqual([]);
  });
});

describe("the migration to second factors", () => {
  const statements = readFileSync("prisma/migrations/20261129200000_second_factor/migration.sql", "utf8");

  it("takes sessions of who has no password for those of single sign-on, all others for those of a password alone", async () => {
    const owner = new Client({ connectionString: ownerUrl });
    await owner.connect();
    try {
      await owner.query("BEGIN; ALTER TABLE session DROP COLUMN begun_by");
      const people = { neither: [], both: ["oidc", "credential"], password: ["credential"], provider: ["oidc"] };
      for (const [name, providers] of Object.entries(people)) {
        const { rows } = await owner.query<{ id: string }>(
          `INSERT INTO "user" (name, email) VALUES ($1, $1 || '@migrated.example') RETURNING id`,
          [name],
        );
        const userId = rows[0]?.id;
        await owner.query("INSERT INTO session (token, expires_at, user_id) VALUES ($1, now(), $2)", [name, userId]);
        for (const provider of providers) {
          await owner.query("INSERT INTO credential (account_id, provider_id, user_id) VALUES ($1, $2, $3)", [
            name,
            provider,
            userId,
          ]);
        }
      }
      await owner.query(statements);
      const { rows } = await owner.query<{ token: string; begun_by: string }>(
        "SELECT token, begun_by FROM session WHERE token = ANY($1)",
        [Object.keys(people)],
      );
      expect(Object.fromEntries(rows.map(({ token, begun_by }) => [token, begun_by]))).toEqual({
        neither: "single-sign-on",
        both: "password",
        password: "password",
        provider: "single-sign-on",
      });
    } finally {
      await owner.query("ROLLBACK");
      await owner.end();
    }
  });
});

describe("the application's role", () => {
  it.each([
    ["make a table", "CREATE TABLE stray (id int)"],
    ["change a table", "ALTER TABLE trail ADD COLUMN stray int"],
    ["drop a partition", "DROP TABLE log_default"],
    ["rewrite an audit entry", "UPDATE audit_entry SET action = 'x'"],
    ["remove an audit entry", "DELETE FROM audit_entry"],
    ["empty the audit", "TRUNCATE audit_entry"],
    ["change what was migrated", "DELETE FROM _prisma_migrations"],
    ["make a schema", "CREATE SCHEMA stray"],
  ])("cannot %s", async (_what, statement) => {
    await expect(pool().query(statement)).rejects.toMatchObject({ code: "42501" });
  });

  it("may read and write what the owner makes later", async () => {
    const owner = new Client({ connectionString: ownerUrl });
    await owner.connect();
    await owner.query("CREATE TABLE made_later (id bigserial)");
    await owner.end();
    await pool().query("INSERT INTO made_later DEFAULT VALUES");
    expect((await pool().query("DELETE FROM made_later RETURNING id")).rows).toHaveLength(1);
  });
});

describe("the migration to no tokens of the provider", () => {
  const statements = readFileSync("prisma/migrations/20261129210000_no_provider_tokens/migration.sql", "utf8");

  it("takes those away that are stored, and leaves the password's digest", async () => {
    const owner = new Client({ connectionString: ownerUrl });
    await owner.connect();
    try {
      await owner.query("BEGIN");
      const { rows: people } = await owner.query<{ id: string }>(
        `INSERT INTO "user" (name, email) VALUES ('P', 'linked@migrated.example') RETURNING id`,
      );
      const userId = people[0]?.id;
      await owner.query(
        `INSERT INTO credential (account_id, provider_id, user_id, access_token, refresh_token, id_token, password)
         VALUES ('1', 'oidc', $1, 'a', 'r', 'i', NULL), ('2', 'oidc', $1, NULL, NULL, 'i', NULL), ('3', 'credential', $1, NULL, NULL, NULL, 'digest')`,
        [userId],
      );
      await owner.query(statements);
      const { rows } = await owner.query(
        "SELECT access_token, refresh_token, id_token, password FROM credential WHERE user_id = $1 ORDER BY account_id",
        [userId],
      );
      const none = { access_token: null, refresh_token: null, id_token: null };
      expect(rows).toEqual([
        { ...none, password: null },
        { ...none, password: null },
        { ...none, password: "digest" },
      ]);
    } finally {
      await owner.query("ROLLBACK");
      await owner.end();
    }
  });
});
