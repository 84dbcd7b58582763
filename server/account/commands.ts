import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { writeAuditEntry } from "@/server/access/audit.ts";
import { pool, prisma } from "@/server/db.ts";

/** Any number of our own; it only has to differ from the other advisory locks of the database. */
const FIRST_START_LOCK = 7_302;

/**
 * Runs the work while no other process runs its own under this lock; launchers that start at once queue up here. The lock
 * belongs to a connection, so that of a process that died is free at once.
 */
export async function withFirstStartLock<Result>(work: () => Promise<Result>): Promise<Result> {
  const client = await pool().connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [FIRST_START_LOCK]);
    return await work();
  } finally {
    // Closed and not given back: with the connection the lock goes, whatever state both are in.
    client.release(true);
  }
}

/**
 * Makes the scope's account unless it is there. Its audit entry says whether a sample was wanted with it, which is how a
 * sample that a crash left unfinished is told from one that nobody asked for (isSamplePending). Safe to repeat.
 * @returns whether it was made now
 */
export async function ensureAccount(
  scope: AccountScope,
  { name, withSample }: { readonly name: string; readonly withSample: boolean },
): Promise<boolean> {
  return await prisma().$transaction(async (tx) => {
    const { count } = await tx.account.createMany({ data: { id: scope.accountId, name }, skipDuplicates: true });
    if (count === 1) {
      await writeAuditEntry(tx, scope, { details: { name, withSample } });
    }
    return count === 1;
  });
}

/** Notes that the account's sample is whole: from now on it is not pending. */
export async function completeSample(scope: AccountScope, { events }: { readonly events: number }): Promise<void> {
  await prisma().$transaction((tx) => writeAuditEntry(tx, scope, { details: { events } }));
}

/**
 * Says where the account's global events are kept. It is kept and answered, and moves nothing: history has events in the region that they
 * name themselves. Safe to repeat.
 */
export async function updateGlobalEventsStorageRegion(
  scope: AccountScope,
  { region }: { readonly region: string },
): Promise<void> {
  await prisma().$transaction(async (tx) => {
    await tx.account.update({ where: { id: scope.accountId }, data: { globalEventsStorageRegion: region } });
    await writeAuditEntry(tx, scope, { details: { region } });
  });
}
