import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { waitUntil } from "@/testing/wait-until.ts";
import { pool, prisma } from "./db.ts";
import { log } from "./log.ts";
import { closeQueue, insertEntry, type QueueHandlers, type QueueWorker, workOnQueues } from "./queue.ts";

const workers: QueueWorker[] = [];

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(5_000)));
});
afterAll(closeQueue);

async function startWorker(handlers: QueueHandlers): Promise<void> {
  workers.push(await workOnQueues(handlers));
}

it("logs the fault of a handler and gives its entry out again", async () => {
  const logged = vi.spyOn(log, "error");
  const fault = new Error("a fault of ours");
  const retries: number[] = [];
  await startWorker({
    deliver: async ({ retryCount }) => {
      retries.push(retryCount);
      if (retryCount === 0) {
        throw fault;
      }
    },
  });
  const id = await prisma().$transaction((tx) => insertEntry(tx, { jobId: 7 }));
  await waitUntil("the entry is given out again", 60_000, async () => retries.length === 2);
  expect(retries).toEqual([0, 1]);
  expect(logged).toHaveBeenCalledWith(
    expect.objectContaining({ err: fault, entryId: id, data: { jobId: 7 } }),
    expect.any(String),
  );
});

it("takes the next entry as soon as it has done one, however many wait", async () => {
  const count = 40;
  await prisma().$transaction(async (tx) => {
    for (let jobId = 1; jobId <= count; jobId++) {
      await insertEntry(tx, { jobId });
    }
  });
  const done = new Set<number>();
  await startWorker({
    deliver: async ({ jobId }) => {
      done.add(jobId);
    },
  });
  // Ten for each place: waiting for the poll after each would take 50 s.
  await waitUntil("all entries are done", 30_000, async () => done.size === count);
});

describe("upkeep that came due while no worker lived", () => {
  beforeEach(async () => {
    await pool().query(`DELETE FROM pgboss.job WHERE name IN ('keep-partitions', '__pgboss__send-it')`);
    await pool().query(`UPDATE pgboss.schedule SET created_on = now() - interval '1 day'`);
    await pool().query(`UPDATE pgboss.version SET cron_on = now() - interval '3 hours'`);
    // Not the minute that production waits.
    await pool().query(`UPDATE pgboss.queue SET retry_delay = 0 WHERE name = 'keep-partitions'`);
  });

  it("is made up once, soon after the start, however many workers start", async () => {
    let calls = 0;
    const keepPartitions = async () => {
      calls++;
    };
    await Promise.all(Array.from({ length: 3 }, () => startWorker({ keepPartitions })));
    const entries = () =>
      pool().query<{ slot: string; state: string }>(
        `SELECT singleton_on AS slot, state FROM pgboss.job WHERE name = 'keep-partitions'`,
      );
    const { rows } = await waitUntil("all that is due is done", 60_000, async () => {
      const found = await entries();
      return found.rowCount !== 0 && found.rows.every(({ state }) => state === "completed") && found;
    });
    // One, or two in the very minute in which the next is due: each hour's once.
    expect(new Set(rows.map(({ slot }) => slot)).size).toBe(rows.length);
    expect(calls).toBe(rows.length);
    expect(rows.length).toBeLessThanOrEqual(2);
  });

  it("is tried again after a fault, which is logged", async () => {
    const logged = vi.spyOn(log, "error");
    const fault = new Error("somebody holds a lock");
    let calls = 0;
    await startWorker({
      keepPartitions: async () => {
        calls++;
        if (calls === 1) {
          throw fault;
        }
      },
    });
    await waitUntil("the upkeep is tried again", 60_000, async () => calls >= 2);
    expect(logged).toHaveBeenCalledWith(expect.objectContaining({ err: fault }), expect.any(String));
  });
});
