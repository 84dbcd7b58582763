import { randomBytes, randomUUID } from "node:crypto";
import type { Client } from "pg";

/** A statement as the api process has sent it. */
export type RecordedStatement = {
  /** Of a statement that is prepared once per connection. */
  readonly name?: string | undefined;
  readonly text: string;
  readonly values: readonly unknown[];
};

export function readStatements(lines: string): RecordedStatement[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { name, text, values } = JSON.parse(line) as { name?: string; text: string; values: unknown[] };
      return { name, text, values: values.map(revive) };
    });
}

/** JSON has no bytes: a Buffer becomes an object that says so. */
function revive(value: unknown): unknown {
  const isBuffer =
    typeof value === "object" && value !== null && "type" in value && value.type === "Buffer" && "data" in value;
  return isBuffer ? Buffer.from(value.data as number[]) : value;
}

const UUID_PATTERN = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

const INSERT = /^\s*(WITH\b[\s\S]*?\b)?INSERT INTO/i;
const INSERT_OF_NONCE = /INSERT INTO "request_nonce"/;
const INSERT_OF_LOGS = /INSERT INTO "log" /;
const INSERT_OF_JOB = /^INSERT INTO "public"."delivery_history_job"/;

/**
 * The statements with the keys that the process made up made up anew, so that sent again each does what it did. Apart from sending them,
 * because it takes time that no program would need.
 */
export function withNewKeys(statements: readonly RecordedStatement[]): RecordedStatement[] {
  const madeUp = new Map<string, string>();
  return statements.map(({ values, ...statement }) => ({
    ...statement,
    values: values.map((value) =>
      INSERT_OF_NONCE.test(statement.text) && Buffer.isBuffer(value)
        ? randomBytes(value.length)
        : withKeys(value, INSERT.test(statement.text), madeUp),
    ),
  }));
}

/**
 * Sends recorded statements again, one after the other on one connection, as a program would that has nothing between it and `pg`. A new
 * job's id stands where the recorded one's stood.
 * @param jobId of the job that the recorded statements made, or null
 * @returns the id of the job that was made this time
 */
export async function replay(
  client: Client,
  statements: readonly RecordedStatement[],
  jobId: number | null,
): Promise<number | null> {
  let newJobId: number | null = null;
  for (const { name, text, values } of statements) {
    const renewed = values.map((value) => withJob(value, jobId, newJobId));
    const { rows } = await client.query<{ id?: number }>({
      ...(name === undefined ? {} : { name }),
      text,
      values: renewed,
    });
    if (INSERT_OF_JOB.test(text)) {
      newJobId = rows[0]?.id ?? null;
    }
    if (INSERT_OF_LOGS.test(text) && rows.length > 0) {
      throw new Error(`${rows.length} logs were not stored, because the logstore had them already`);
    }
  }
  return newJobId;
}

/**
 * A key that is first seen in an INSERT was made up for it; what other statements look for is there. The ids of events are such keys, also
 * inside arrays in PostgreSQL's binary form: a new one is as long as the old one, so that the lengths in there stay true.
 */
function withKeys(value: unknown, isInsert: boolean, madeUp: Map<string, string>): unknown {
  if (Buffer.isBuffer(value)) {
    return Buffer.from(String(withKeys(value.toString("latin1"), isInsert, madeUp)), "latin1");
  }
  if (typeof value !== "string") {
    return value;
  }
  return value.replace(UUID_PATTERN, (key) => {
    if (isInsert && !madeUp.has(key)) {
      madeUp.set(key, key === key.toUpperCase() ? randomUUID().toUpperCase() : randomUUID());
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
