import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { Pool, types } from "pg";
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
