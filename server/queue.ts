import "server-only";
import { randomUUID } from "node:crypto";
import { fromPrisma, PgBoss } from "pg-boss";
import { claimStatement, connectionSettings, pool, prisma, type Transaction } from "./db.ts";
import { log } from "./log.ts";
import { work } from "./queue-places.ts";

// The only file that configures pg-boss; queue-places.ts works with what is made here. An entry is a wake-up: it says that some slices of
// a job may be claimed; what has been delivered stands in the slices.

const SCHEMA = "pgboss";
const DELIVERY_QUEUE = "deliver-slices";

/** A queue of its own, so that verifications never take a place of delivery's. */
const VERIFICATION_QUEUE = "verify-jobs";

/**
 * A worker that shows no sign of life for this long has lost its entry. The least that pg-boss allows; with the monitor's
 * interval and the polling it bounds how long a dead worker's slices wait to about 25 s (design asks for 45). Shorter would
 * take entries from workers that are only busy.
 */
const HEARTBEAT_SECONDS = 10;
const MONITOR_SECONDS = 5;

/** Longer than a handler ever works before it hands back (worker/deliver-entry.ts), so that only the heartbeat decides. */
const EXPIRE_SECONDS = 1_800;

/**
 * How often one entry may lose its worker before pg-boss gives it up. Giving up is harmless, the sweep makes a new entry;
 * retrying is quicker.
 */
const RETRY_LIMIT = 20;

/**
 * How long an entry rests whose handler failed: on a fault that stays, such as a database that takes no writes, its batch would
 * else go to the sink again and again as fast as both can. A lost worker's slices wait for it, too, so not longer.
 */
const RETRY_SECONDS = 3;

/**
 * Handlers that one worker process runs at a time. Most of a handler's time is its sink's, so far more than there are cores; with
 * too few, some slow sinks hold them all and the others' jobs wait. More cost memory when many large jobs run at once (two
 * batches each).
 */
const ENTRIES_PER_WORKER = 12;

/** The same for verifications: they read whole days of two tables, and one of them at a time leaves the disk to delivery. */
const VERIFICATIONS_PER_WORKER = 1;

/** A queue for the entries of a schedule: the upkeep of the partitions. */
const UPKEEP_QUEUE = "keep-partitions";

/**
 * Each hour, soon after its start: the first of a UTC day drops the day that history gives up. Most have nothing to do; they
 * are there so that what failed is made good within an hour and not a day later.
 */
const UPKEEP_CRON = "5 * * * *";

/** What stops the upkeep is mostly somebody who holds a lock; a few more tries wait for that, then the next hour's has its turn. */
const UPKEEP_RETRY_SECONDS = 60;
const UPKEEP_RETRY_LIMIT = 5;

/** A verification is in nobody's way while it waits; tried again at once it would only meet the same fault again. */
const VERIFICATION_RETRY_SECONDS = 3;

const base = { schema: SCHEMA, migrate: false, createSchema: false, schedule: false, registerInstance: false } as const;

/** Makes or updates pg-boss's tables, our queues and their schedule. Run by the role that owns the schema; safe to repeat. */
export async function migrateQueue(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({
    ...base,
    connectionString: ownerUrl,
    migrate: true,
    createSchema: true,
    supervise: false,
    max: 2,
  });
  boss.on("error", (error) => log.error({ err: error }, "queue migration"));
  await boss.start();
  try {
    const settings = {
      notify: true,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      expireInSeconds: EXPIRE_SECONDS,
      retryLimit: RETRY_LIMIT,
      retryDelay: RETRY_SECONDS,
      deleteAfterSeconds: 86_400,
    };
    const queues = [
      [DELIVERY_QUEUE, settings],
      [VERIFICATION_QUEUE, { ...settings, retryDelay: VERIFICATION_RETRY_SECONDS }],
      [UPKEEP_QUEUE, { ...settings, retryDelay: UPKEEP_RETRY_SECONDS, retryLimit: UPKEEP_RETRY_LIMIT }],
    ] as const;
    for (const [queue, queueSettings] of queues) {
      await ((await boss.getQueue(queue)) === null
        ? boss.createQueue(queue, queueSettings)
        : boss.updateQueue(queue, queueSettings));
    }
    // What came due while no worker lived is made up by one run, soon after the next worker's start.
    await boss.schedule(UPKEEP_QUEUE, UPKEEP_CRON, null, { tz: "UTC", missed: "once" });
  } finally {
    await boss.stop({ graceful: false });
  }
}

let sender: Promise<PgBoss> | undefined;

/**
 * Inserts go through the caller's transaction. The queue's settings are read through a connection of the sender's own: from
 * the process's pool, transactions that all wait for the sender would leave none for it.
 */
function queueSender(): Promise<PgBoss> {
  sender ??= startSender().catch((error: unknown) => {
    sender = undefined;
    throw error;
  });
  return sender;
}

async function startSender(): Promise<PgBoss> {
  const boss = new PgBoss({ ...base, ...connectionSettings(), max: 1, supervise: false });
  boss.on("error", (error) => log.warn({ err: error }, "queue sender"));
  return boss.start();
}

/** Ends the timers of this process's sender. Safe to repeat. */
export async function closeQueue(): Promise<void> {
  const open = sender;
  sender = undefined;
  await (await open)?.stop({ graceful: false });
}

type EntryData = { readonly jobId: number };

type VerificationEntryData = { readonly verificationId: number };

/** A verification's entry in the hands of a worker. */
export type HeldVerificationEntry = VerificationEntryData & {
  readonly id: string;
  /** Aborted when the entry was lost to another worker or the process must end now. */
  readonly signal: AbortSignal;
};

/** An entry in the hands of a worker. */
export type HeldEntry = EntryData & {
  readonly id: string;
  /** How often the entry was given out before: what tells this handler from a later one. */
  readonly retryCount: number;
  /** Aborted when the entry was lost to another worker or the process must end now. */
  readonly signal: AbortSignal;
};

/**
 * Which entries go first: those of jobs that have not begun, and of these the small ones. An entry for what is left of a job has had
 * its turn: whatever it is, it waits behind them.
 */
export type EntryRank = "small" | "first" | "later";

const PRIORITIES: Readonly<Record<EntryRank, number>> = { small: 2, first: 1, later: 0 };

/**
 * Inserts one entry in the caller's transaction and answers its id; workers are woken when that transaction commits, or find it
 * within seconds once `startAfter` has come.
 * @param options.rank says which go first when not all can be worked on
 */
export async function insertEntry(
  tx: Transaction,
  data: EntryData,
  { startAfter = null, rank = "later" }: { readonly startAfter?: Date | null; readonly rank?: EntryRank } = {},
): Promise<string> {
  const id = randomUUID();
  const boss = await queueSender();
  const entry = { id, data, priority: PRIORITIES[rank], ...(startAfter === null ? {} : { startAfter }) };
  await boss.insert(DELIVERY_QUEUE, [entry], { db: fromPrisma(tx) });
  return id;
}

/** The same for the verification of a job; the entry goes to the end of a queue that all accounts share. */
export async function insertVerificationEntry(tx: Transaction, data: VerificationEntryData): Promise<string> {
  const id = randomUUID();
  const boss = await queueSender();
  await boss.insert(VERIFICATION_QUEUE, [{ id, data }], { db: fromPrisma(tx) });
  return id;
}

/** What a live entry is about: a time that has not come, a worker that is free, or in the hands of one. */
export type EntryState = "deferred" | "waiting" | "active";

/** Of these entries, of either queue, the ones that still may or do run; one that is not among them never will. */
export async function findLiveEntries(tx: Transaction, ids: readonly string[]): Promise<Map<string, EntryState>> {
  if (ids.length === 0) {
    return new Map();
  }
  // By the clock and not by the transaction's time: it may have waited for who inserted the entry for now.
  const rows = await tx.$queryRaw<{ id: string; state: EntryState }[]>`
    SELECT id::text AS id,
      CASE WHEN state = 'active' THEN 'active' WHEN start_after > clock_timestamp() THEN 'deferred' ELSE 'waiting' END AS state
    FROM pgboss.job
    WHERE name IN (${DELIVERY_QUEUE}, ${VERIFICATION_QUEUE}) AND id = ANY (${ids}::uuid[])
      AND state IN ('created', 'retry', 'active')`;
  return new Map(rows.map((row) => [row.id, row.state]));
}

/**
 * Whether this handler still has its entry. One that was frozen past its heartbeat learns here that another worker goes on,
 * before it claims a slice from it.
 */
export async function isEntryHeld(entry: HeldEntry, tx: Transaction = prisma()): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM pgboss.job
    WHERE name = ${DELIVERY_QUEUE} AND id = ${entry.id}::uuid AND state = 'active' AND retry_count = ${entry.retryCount}`;
  return rows.length > 0;
}

/**
 * Whether a handler still has its entry, as a condition for the statement of a claim. To ask before would not do: a worker that
 * was frozen between the question and the claim would take a slice from the worker that has the entry now.
 * @param id and retryCount the names of the parameters that tell the entry
 */
export function entryHeldCondition(id: string, retryCount: string): string {
  return `EXISTS (
    SELECT FROM pgboss.job
    WHERE name = '${DELIVERY_QUEUE}' AND id = ${id} AND state = 'active' AND retry_count = ${retryCount}
  )`;
}

/** What a handler has to know from time to time. */
export type EntryLook = {
  /** Whether its entry is still its own. */
  readonly isHeld: boolean;
  /** Whether an entry of another job waits for a free worker. */
  readonly doOthersWait: boolean;
  /** Whether a small job is at work that began a moment ago, and the handler's own is none. */
  readonly isBesideSmall: boolean;
};

/**
 * For so long others make room for a small job: far longer than one takes with a sink that is well. One whose sink is slow has use
 * for little room, and must not slow the others for hours.
 */
const SMALL_SECONDS_MAX = 10;

/**
 * For so long an entry waits before it counts as one that finds no free worker. Each waits for a moment, until one has fetched it: were
 * that enough, handlers would make way for whom nothing is in the way of, and a small job's rest would line up behind large ones'.
 */
const WAITING_MS_MIN = 500;

/** Looks at the queue for a handler; one statement, by indexes. */
export async function lookAtEntry({ id, jobId, retryCount }: HeldEntry): Promise<EntryLook> {
  const { rows } = await pool().query<{ is_held: boolean; do_others_wait: boolean; is_beside_small: boolean }>(
    claimStatement(
      `WITH own AS (
         SELECT priority FROM pgboss.job WHERE name = $1 AND id = $2 AND state = 'active' AND retry_count = $3
       )
       SELECT EXISTS (SELECT FROM own) AS is_held, EXISTS (
         SELECT FROM pgboss.job
         WHERE name = $1 AND state < 'active' AND NOT blocked AND data->>'jobId' <> $4
           AND start_after <= clock_timestamp() - $7 * interval '1 millisecond'
       ) AS do_others_wait, EXISTS (
         SELECT FROM pgboss.job
         WHERE name = $1 AND state = 'active' AND priority = $5 AND started_on > clock_timestamp() - $6 * interval '1 second'
           AND priority > (SELECT priority FROM own)
       ) AS is_beside_small`,
      [DELIVERY_QUEUE, id, retryCount, String(jobId), PRIORITIES.small, SMALL_SECONDS_MAX, WAITING_MS_MIN],
      "look-at-entry",
    ),
  );
  const row = rows[0];
  return {
    isHeld: row?.is_held ?? false,
    doOthersWait: row?.do_others_wait ?? false,
    isBesideSmall: row?.is_beside_small ?? false,
  };
}

type EntryHandler = (entry: HeldEntry) => Promise<void>;

/** What a worker does with the entries of each queue. */
export type QueueHandlers = {
  readonly deliver?: EntryHandler;
  readonly verify?: (entry: HeldVerificationEntry) => Promise<void>;
  /**
   * Called each hour, once in the whole installation however many workers there are. What came due while there was none is
   * made up by one call soon after the start.
   */
  readonly keepPartitions?: () => Promise<void>;
};

/** The worker's end of the queues. */
export type QueueWorker = {
  /** Takes no new entry, waits for the running handlers up to the time-out, then gives their entries back. */
  stop(timeoutMs: number): Promise<void>;
};

/**
 * Works on the queues that have a handler, until stopped. A handler that throws gives its entry back for another try, by
 * whatever worker. One pg-boss for all of them: each has connections of its own, and a server has only so many. Rejects, and leaves
 * nothing behind, while the database is away.
 */
export async function workOnQueues({ deliver, verify, keepPartitions }: QueueHandlers): Promise<QueueWorker> {
  const boss = new PgBoss({
    ...base,
    ...connectionSettings(),
    application_name: "backtrail-queue",
    max: 4,
    supervise: true,
    superviseIntervalSeconds: MONITOR_SECONDS,
    monitorIntervalSeconds: MONITOR_SECONDS,
    // Asked each time how the queue's tables are vacuumed, PostgreSQL goes through the statistics of every table it has: with a history
    // of ninety days some 60 ms of each worker's five seconds, for a warning.
    monitorVacuum: false,
    schedule: keepPartitions !== undefined,
    useListenNotify: true,
  });
  boss.on("error", (error) => log.error({ err: error }, "queue"));
  boss.on("warning", (warning) => log.warn({ warning }, "queue"));
  try {
    await boss.start();
    if (deliver !== undefined) {
      await work<EntryData>(boss, DELIVERY_QUEUE, ENTRIES_PER_WORKER, ({ id, data, retryCount, signal }) =>
        deliver({ id, jobId: data.jobId, retryCount, signal }),
      );
    }
    if (verify !== undefined) {
      await work<VerificationEntryData>(boss, VERIFICATION_QUEUE, VERIFICATIONS_PER_WORKER, ({ id, data, signal }) =>
        verify({ id, verificationId: data.verificationId, signal }),
      );
    }
    if (keepPartitions !== undefined) {
      await work(boss, UPKEEP_QUEUE, 1, () => keepPartitions());
    }
  } catch (error) {
    // Half started, it would go on with what it has.
    await boss.stop({ graceful: false });
    throw error;
  }
  return { stop: (timeoutMs) => boss.stop({ graceful: true, timeout: timeoutMs }) };
}
