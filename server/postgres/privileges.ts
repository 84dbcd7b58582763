import "server-only";
import { type Client, escapeIdentifier } from "pg";

/**
 * Gives the application's role what the processes need and nothing that changes the schema; audit entries it can only add.
 * Does nothing when the role is the owner itself, as in an installation with a single role: there a trigger alone keeps the audit
 * append-only, and nothing the schema. A repeat changes nothing.
 * @param client a session of the role that owns the schema
 */
export async function grantToApplication(client: Client, role: string): Promise<void> {
  const { rows } = await client.query(`SELECT current_user AS "owner"`);
  if (rows[0].owner === role) {
    return;
  }
  const application = escapeIdentifier(role);
  await client.query(
    `${SCHEMAS.map((schema) => grantsIn(schema, application)).join(";")};
     REVOKE CREATE ON SCHEMA public FROM PUBLIC, ${application};
     REVOKE UPDATE, DELETE ON public.audit_entry FROM ${application};
     REVOKE INSERT, UPDATE, DELETE ON public._prisma_migrations FROM ${application}`,
  );
}

const SCHEMAS = ["public", "pgboss"];

/** Default privileges reach what the owner makes later: partitions and queues. */
function grantsIn(schema: string, application: string): string {
  return `
    GRANT USAGE ON SCHEMA ${schema} TO ${application};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${application};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${application};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${application};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT USAGE ON SEQUENCES TO ${application}`;
}
