import { setTimeout as delay } from "node:timers/promises";
import { Client, escapeIdentifier } from "pg";
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

it("gives an entry back as soon as the database takes it, and leaves none to wait for its heartbeat", async () => {
  const asOwner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
  await asOwner.connect();
  const application = escapeIdentifier(new URL(process.env.DATABASE_URL ?? "").username);
  const fault = new Error("a fault of ours");
  let isFaulty = false;
  const retries: number[] = [];
  let reason: string | undefined;
  await startWorker({
    deliver: async ({ id, retryCount }) => {
      if (retryCount === 1) {
        const { rows } = await pool().query<{ message: string }>(
          "SELECT output->>'message' AS message FROM pgboss.job WHERE id = $1",
          [id],
        );
        reason = rows[0]?.message;
      }
      retries.push(retryCount);
      if (retryCount === 0) {
        await asOwner.query(`REVOKE UPDATE ON ALL TABLES IN SCHEMA pgboss FROM ${application}`);
        isFaulty = true;
        throw fault;
      }
    },
  });
  await prisma().$transaction((tx) => insertEntry(tx, { jobId: 8 }));
  await waitUntil("the handler fails", 60_000, async () => isFaulty);
  await delay(1_500);
  await asOwner.query(`GRANT UPDATE ON ALL TABLES IN SCHEMA pgboss TO ${application}`);
  await asOwner.end();
  await waitUntil("the entry is given out again", 60_000, async () => retries.length === 2);
  expect(reason).toBe(fault.message);
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

it("works on twelve entries at a time, and on the next as soon as one is done, whether it came before or after", async () => {
  const running = new Map<number, () => void>();
  let most = 0;
  await startWorker({
    deliver: async ({ jobId }) => {
      await new Promise<void>((resolve) => {
        running.set(jobId, resolve);
        most = Math.max(most, running.size);
      });
      running.delete(jobId);
    },
  });
  const insert = (jobIds: readonly number[]) =>
    prisma().$transaction(async (tx) => {
      for (const jobId of jobIds) {
        await insertEntry(tx, { jobId });
      }
    });
  const end = (jobIds: Iterable<number>) => {
    for (const jobId of [...jobIds]) {
      running.get(jobId)?.();
    }
  };
  await insert([1]);
  await waitUntil("the first is at work", 10_000, async () => running.has(1));
  await insert(Array.from({ length: 14 }, (_, index) => index + 2));
  await waitUntil("all places are taken", 10_000, async () => running.size === 12);
  end([1, 2]);
  await waitUntil("all places are taken again", 10_000, async () => running.size === 12 && !running.has(1));
  end(running.keys());
  await waitUntil("the last has its turn", 10_000, async () => running.size === 1);
  end(running.keys());
  await waitUntil("nothing is left", 10_000, async () => running.size === 0);
  await insert([20, 21]);
  await waitUntil("later ones have their turn", 10_000, async () => running.size === 2);
  end(running.keys());
  expect(most).toBe(12);
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
    const { rows } = await waitUntil("all that is due is done", 60_000, async () => {
      const found = await pool().query<{ state: string }>(
        "SELECT state FROM pgboss.job WHERE name = 'keep-partitions'",
      );
      return found.rowCount !== 0 && found.rows.every(({ state }) => state === "completed") && found;
    });
    const { rows: slots } = await pool().query<{ slot: string }>(
      `SELECT data->>'slot' AS slot FROM pgboss.job WHERE name = '__pgboss__send-it' AND data->>'name' = 'keep-partitions'`,
    );
    // One, or two in the very minute in which the next is due: each hour's once.
    expect(new Set(slots.map(({ slot }) => slot)).size).toBe(rows.length);
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
