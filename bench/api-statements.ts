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

const UUID_PATTERN = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

const INSERT = /^\s*(WITH\b[\s\S]*?\b)?INSERT INTO/i;
const INSERT_OF_NONCE = /INSERT INTO "request_nonce"/;
const INSERT_OF_JOB = /^INSERT INTO "public"."delivery_history_job"/;

/**
 * Sends recorded statements again, one after the other on one connection, as a program would that has nothing between it and `pg`. Each
 * does what it did: keys that the process made up are made up anew, and a new job's id stands where the recorded one's stood.
 * @param jobId of the job that the recorded statements made, or null
 * @returns the id of the job that was made this time
 */
export async function replay(
  client: Client,
  statements: readonly RecordedStatement[],
  jobId: number | null,
): Promise<number | null> {
  const madeUp = new Map<string, string>();
  let newJobId: number | null = null;
  for (const { text, values } of statements) {
    const isInsert = INSERT.test(text);
    const renewed = values.map((value) => {
      if (INSERT_OF_NONCE.test(text) && Buffer.isBuffer(value)) {
        return randomBytes(value.length);
      }
      return withJob(withKeys(value, isInsert, madeUp), jobId, newJobId);
    });
    const { rows } = await client.query<{ id?: number }>(text, renewed);
    if (INSERT_OF_JOB.test(text)) {
      newJobId = rows[0]?.id ?? null;
    }
  }
  return newJobId;
}

/** A key that is first seen in an INSERT was made up for it; what other statements look for is there. */
function withKeys(value: unknown, isInsert: boolean, madeUp: Map<string, string>): unknown {
  if (typeof value !== "string") {
    return value;
  }
  return value.replace(UUID_PATTERN, (key) => {
    if (isInsert && !madeUp.has(key)) {
      madeUp.set(key, randomUUID());
    }
    return madeUp.get(key) ?? key;
  });
}

/** A job's id as a number, or in JSON. */
function withJob(value: unknown, jobId: number | null, newJobId: number | null): unknown {
  if (jobId === null || newJobId === null) {
    return value;
  }
  if (value === jobId) {
    return newJobId;
  }
  return typeof value === "string"
    ? value.replace(new RegExp(`("jobId":\\s*)${jobId}\\b`, "g"), `$1${newJobId}`)
    : value;
}
