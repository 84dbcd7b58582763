import "server-only";

/** The embedded PostgreSQL cannot be used. The message is one sentence for the operator. */
export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";
}
