import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { Pool, type QueryConfig, types } from "pg";
import { type Prisma, PrismaClient } from "@/prisma/generated/client.ts";
import { requiredDatabaseUrl } from "./env.ts";
import { log } from "./log.ts";

/**
 * How rows that come through `pg` are read. Counts, arrival numbers and sums are int8 and never near 2^53, so numbers carry
 * them exactly; a date is a UTC day and stays text, because a JavaScript date would take the zone of this machine.
 */
function parserFor(oid: number, format?: "text" | "binary") {
  if (format !== "binary" && oid === types.builtins.INT8) {
    return Number;
  }
  if (format !== "binary" && oid === types.builtins.DATE) {
    return (day: string) => day;
  }
  return types.getTypeParser(oid, format);
}

function connect() {
  const pool = new Pool({
    connectionString: requiredDatabaseUrl(),
    // Ten connections carry a process of any kind; more processes, not more connections, is how Backtrail grows.
    max: 10,
    connectionTimeoutMillis: 10_000,
    // A database whose machine has vanished says nothing, not even that it is gone.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: parserFor },
  });
  // A connection that dies is replaced by the pool, and whoever uses it learns by its statement. The connection tells it as an
  // event, too, and the pool passes that on from an idle one: unheard, either would end the process.
  pool.on("connect", (client) => client.on("error", (error) => log.warn({ err: error }, "database connection lost")));
  pool.on("error", () => undefined);
  return { pool, prisma: new PrismaClient({ adapter: new PrismaPg(pool) }) };
}

// `next dev` loads this module anew at each change; the pool must not multiply with it.
const held = globalThis as { backtrailDatabase?: ReturnType<typeof connect> };

function database() {
  held.backtrailDatabase ??= connect();
  return held.backtrailDatabase;
}

/** The process's connections for statements whose rows stream or whose speed matters. */
export function pool(): Pool {
  return database().pool;
}

/**
 * A minute is far more than any statement of a claim takes, and longer than its slices stay with a worker that has lost the
 * database. Less would end claims that only wait for a busy disk.
 */
const CLAIM_STATEMENT_MS_MAX = 60_000;

/**
 * A statement of a claim: it rejects, and its connection is closed, when the database has not answered within a minute. Without a
 * bound a machine that vanishes from the network would keep a worker's place for as long as TCP hopes.
 * @param name makes it a prepared statement
 */
export function claimStatement(text: string, values: unknown[], name?: string): QueryConfig<unknown[]> {
  const statement = { text, values, query_timeout: CLAIM_STATEMENT_MS_MAX };
  return name === undefined ? statement : { ...statement, name };
}

/** The typed client over the same connections. */
export function prisma(): PrismaClient {
  return database().prisma;
}

/** The database's time: the one clock that windows, leases and signatures of all processes go by. */
export async function readDatabaseTime(): Promise<Date> {
  const { rows } = await pool().query<{ now: Date }>("SELECT now()");
  const now = rows[0]?.now;
  if (now === undefined) {
    throw new Error("the database did not tell its time");
  }
  return now;
}

export type Transaction = Prisma.TransactionClient;

/** Ends all connections of this process. Safe to repeat. */
export async function closeDatabase(): Promise<void> {
  const open = held.backtrailDatabase;
  held.backtrailDatabase = undefined;
  if (open !== undefined) {
    await open.prisma.$disconnect();
    await open.pool.end();
  }
}
