import { randomBytes, randomUUID } from "node:crypto";
import type { Client } from "pg";

/** A statement as the api process has sent it. */
export type RecordedStatement = { readonly text: string; readonly values: readonly unknown[] };

export function readStatements(lines: string): RecordedStatement[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { text, values } = JSON.parse(line) as { text: string; values: unknown[] };
      return { text, values: values.map(revive) };
    });
}

/** JSON has no bytes: a Buffer becomes an object that says so. */
function revive(value: unknown): unknown {
  const isBuffer =
    typeof value === "object" && value !== null && "type" in value && value.type === "Buffer" && "data" in value;
  return isBuffer ? Buffer.from(value.data as number[]) : value;
}

const UUID_PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Inserts of these tables have keys that the process makes up, and would do nothing a second time. */
const MADE_UP_KEYS = /INSERT INTO "?(public"?\.)?"?(audit_entry|audit_outbox|request_nonce)/;

/**
 * Sends recorded statements again, one after the other on one connection, as a program would that has nothing between it and `pg`: with
 * keys of their own where the process made some up, and prepared as they were.
 */
export async function replay(client: Client, statements: readonly RecordedStatement[]): Promise<void> {
  const fresh = new Map<string, string>();
  const renewed = (value: unknown): unknown => {
    if (typeof value === "string" && UUID_PATTERN.test(value)) {
      const known = fresh.get(value) ?? randomUUID();
      fresh.set(value, known);
      return known;
    }
    return Buffer.isBuffer(value) && value.length === 32 ? randomBytes(32) : value;
  };
  for (const { text, values } of statements) {
    await client.query(text, MADE_UP_KEYS.test(text) ? values.map(renewed) : [...values]);
  }
}
