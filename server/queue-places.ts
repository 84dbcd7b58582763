import "server-only";
import { setTimeout as delay } from "node:timers/promises";
import type { Job, PgBoss } from "pg-boss";
import { log } from "./log.ts";

/** How long an entry waits of which nobody is told: one whose time comes, one that a dead worker left behind. */
const POLL_SECONDS = 1;

/**
 * Gives a queue's entries to the handler, so many at a time. One place waits for the next entry, and once it has one another is opened: every
 * place that waits asks the database whenever an entry comes, of which one gets it.
 */
export async function work<Data extends object>(
  boss: PgBoss,
  queue: string,
  places: number,
  handler: (entry: Job<Data>) => Promise<void>,
): Promise<void> {
  let open = 0;
  let waiting = 0;

  // pg-boss's own concurrency cannot be told to go on at once; a worker of its own for each place can.
  const openPlace = async () => {
    open++;
    waiting++;
    let workerId: string | undefined;
    const goOn = () => {
      waiting++;
      if (workerId === undefined) {
        return;
      }
      if (waiting > 1) {
        open--;
        waiting--;
        void boss.offWork(queue, { id: workerId, wait: false });
      } else {
        // Without it the place would wait for the rest of its second with other entries there: a backlog, such as a dead worker's,
        // would go on by one entry of each place every second.
        boss.notifyWorker(workerId);
      }
    };
    workerId = await boss.work<Data>(
      queue,
      { batchSize: 1, pollingIntervalSeconds: POLL_SECONDS, notifyPollingIntervalSeconds: POLL_SECONDS },
      async (entries) => {
        waiting--;
        if (waiting === 0 && open < places) {
          // Only a queue that is being stopped opens no other.
          openPlace().catch(() => undefined);
        }
        try {
          for (const entry of entries) {
            await handler(entry).catch(async (error: unknown) => {
              // pg-boss keeps it with the entry and tells nobody.
              log.error({ err: error, queue, entryId: entry.id, data: entry.data }, "entry given back after a fault");
              await giveBack(boss, queue, entry, error);
              throw error;
            });
          }
        } finally {
          goOn();
        }
      },
    );
  };
  await openPlace();
}

/** How soon an entry is given back once the database is there again. */
const GIVE_BACK_POLL_MS = 500;

/** By then the entry has missed its heartbeats anyway. */
const GIVE_BACK_MS_MAX = 60_000;

/**
 * Gives an entry back whose handler failed, as often as it takes while the database is away or takes no writes. pg-boss does it once: a
 * database that does not hear it would leave the entry to wait for a heartbeat that has been missed. What pg-boss itself says of this try
 * afterwards is about an entry that nobody has, and changes nothing.
 */
async function giveBack<Data extends object>(
  boss: PgBoss,
  queue: string,
  { id, retryCount, signal }: Job<Data>,
  error: unknown,
): Promise<void> {
  const reason = error instanceof Error ? error : { message: String(error) };
  const deadline = performance.now() + GIVE_BACK_MS_MAX;
  while (!signal.aborted && performance.now() < deadline) {
    try {
      await boss.fail(queue, [{ id, retryCount }], reason);
      return;
    } catch {
      await delay(GIVE_BACK_POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
