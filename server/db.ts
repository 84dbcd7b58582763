import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { type Pool, type QueryConfig, types } from "pg";
import { type Prisma, PrismaClient } from "@/prisma/generated/client.ts";
import { BoundedPool } from "./bounded-pool.ts";
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

/** For a new connection, or one of the pool's that is free; then whoever asked is told (BoundedPool), and may ask again. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A minute is far more than any statement of the running product takes; what may take longer has a connection of its own. Without a
 * bound, a machine that vanishes from the network would keep whoever waits for it for as long as TCP hopes: a worker's place, its
 * queue, its sweep. Less would end statements that only wait for a busy disk.
 */
const STATEMENT_TIMEOUT_MS = 60_000;

/**
 * The server ends a transaction whose process does nothing for so long, and with it the locks that others wait for: a process that was
 * frozen, or a machine that is gone, would hold them for hours. Longer than a healthy one ever pauses, which is while another of its
 * transactions waits for a lock; with the wait for a heartbeat still within the 45 s in which a dead worker's slices go on.
 */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

/**
 * What holds in every session. UTC, because Prisma sends instants without a zone and drops the zone of those it reads: in the zone
 * that many servers are set up with, every window would be off by hours. READ COMMITTED, because a conditional update that has waited
 * for another has to see what that one left, and not to fail. Set here and not in the connection's address, which belongs to the operator
 * and may have options of its own.
 */
const SESSION_SETTINGS = `
  SET timezone TO 'UTC';
  SET default_transaction_isolation TO 'read committed';
  SET idle_in_transaction_session_timeout TO ${IDLE_IN_TRANSACTION_TIMEOUT_MS}`;

/**
 * How long a connection stays open that nobody uses. To open one costs more than a hundred small statements: the password's proof on
 * both sides, and all that PostgreSQL has to look up again of the tables. For ever would keep what a busy minute has opened.
 */
const IDLE_CONNECTION_MS = 300_000;

/** Ten connections carry a process of any kind; more processes, not more connections, is how Backtrail grows. */
const CONNECTIONS_MAX = 10;

/**
 * PostgreSQL looks up each partition anew in each connection, with its fifteen indexes, which takes longer than reading a small
 * page from it. So pages of history come through these two, which know all days soon; ten would read no sooner.
 */
const HISTORY_CONNECTIONS_MAX = 2;

/** How this process connects to its database, whatever the pool. */
export function connectionSettings() {
  return {
    connectionString: requiredDatabaseUrl(),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  };
}

/**
 * How long a transaction waits for a connection of the pool, and how long it may take. Prisma's own two and five seconds would fail what
 * only waits its turn on a busy machine.
 */
const TRANSACTION_OPTIONS = { maxWait: 30_000, timeout: 30_000 } as const;

function openPool(max: number): Pool {
  const pool = new BoundedPool({
    ...connectionSettings(),
    max,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    types: { getTypeParser: parserFor },
    onConnect: async (client) => {
      await client.query(SESSION_SETTINGS);
    },
  });
  // A connection that dies is replaced by the pool, and whoever uses it learns by its statement. The connection tells it as an
  // event, too, and the pool passes that on from an idle one: unheard, either would end the process.
  pool.on("connect", (client) => client.on("error", (error) => log.warn({ err: error }, "database connection lost")));
  pool.on("error", () => undefined);
  return pool;
}

function connect() {
  const pool = openPool(CONNECTIONS_MAX);
  const historyPool = openPool(HISTORY_CONNECTIONS_MAX);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions: TRANSACTION_OPTIONS });
  return { pool, historyPool, prisma };
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

/** Those of them that read pages of history for delivery, and nothing else. */
export function historyPool(): Pool {
  return database().historyPool;
}

/**
 * A statement of a claim, as `pg` takes it.
 * @param name makes it a prepared statement: planned once per connection, for what every batch runs
 */
export function claimStatement(text: string, values: unknown[], name?: string): QueryConfig<unknown[]> {
  return name === undefined ? { text, values } : { text, values, name };
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
    await open.historyPool.end();
    await open.pool.end();
  }
}
