import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import { describe, it } from "vitest";
import { inForm } from "@/testing/fault-run.ts";
import { deliverThrough, ENTRY_REST_S, waitForProgress } from "./database-delivery.ts";
import { provideDatabaseProduct } from "./database-product.ts";

// The database is there, but refuses: sessions, writes, connections.

const ROUNDS = inForm({ short: 1, full: 10 });
const GONE_S = inForm({ short: 2, full: 10 });
const READ_ONLY_S = inForm({ short: 4, full: 20 });

const product = provideDatabaseProduct();

/** Every session but the superuser's own, the queue's listening ones included. */
async function endSessions(): Promise<void> {
  await product().server.asSuperuser(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename <> 'postgres'",
  );
}

describe("a database that refuses under deliveries", () => {
  it(`every session, ${ROUNDS} times, is connected to again`, async () => {
    await deliverThrough(product(), {
      name: "sessions ended",
      lossesMax: ROUNDS,
      disturb: async (progress) => {
        for (let round = 0; round < ROUNDS; round++) {
          await endSessions();
          await waitForProgress(progress);
        }
      },
    });
  });

  it(`every session for ${GONE_S} s, again and again, is connected to again`, async () => {
    await deliverThrough(product(), {
      name: "sessions ended for some seconds",
      // Whoever tries again in between may send before it loses its session: with each try of the entry.
      lossesMax: 1 + Math.ceil(GONE_S / ENTRY_REST_S),
      // Whether the console is seen to fail is chance: a connection is there again before the next session is ended.
      disturb: async () => {
        const end = performance.now() + GONE_S * 1_000;
        while (performance.now() < end) {
          await endSessions();
          await delay(100);
        }
      },
    });
  });

  it(`to be there at all for ${GONE_S} s, is waited for`, async () => {
    await deliverThrough(product(), {
      name: "gone for some seconds",
      lossesMax: 1,
      isSeen: true,
      disturb: async () => {
        await product().server.kill("SIGQUIT");
        await delay(GONE_S * 1_000);
        await product().server.start();
      },
    });
  });

  it(`to write for ${READ_ONLY_S} s, is waited for`, async () => {
    await deliverThrough(product(), {
      name: "read-only for some seconds",
      // Each batch on the wire, and whatever else was sent before the first write was refused.
      lossesMax: 1,
      disturb: async () => {
        await setReadOnly(true);
        await endSessions();
        await delay(READ_ONLY_S * 1_000);
        await setReadOnly(false);
      },
    });
  });

  it(`further connections for ${GONE_S} s, is waited for`, async () => {
    await deliverThrough(product(), {
      name: "no connection left for some seconds",
      lossesMax: 1,
      isSeen: true,
      disturb: async () => {
        const held = await takeAllConnections();
        await delay(GONE_S * 1_000);
        await Promise.all(held.map((client) => client.end()));
      },
    });
  });
});

async function setReadOnly(isReadOnly: boolean): Promise<void> {
  await product().server.asSuperuser(`ALTER SYSTEM SET default_transaction_read_only = ${isReadOnly ? "on" : "off"}`);
  await product().server.asSuperuser("SELECT pg_reload_conf()");
}

/** Takes what is free, ends everybody else's sessions and takes theirs, too, faster than they can connect again. */
async function takeAllConnections(): Promise<Client[]> {
  const { server } = product();
  // From before there is none left: who is being refused holds one that is reserved for superusers, too, as long as that takes.
  const superuser = await server.connect("postgres");
  const held: Client[] = [];
  const takeFree = async () => {
    for (let free = await takeOne(); free !== null; free = await takeOne()) {
      held.push(free);
    }
  };
  const takeOne = () => server.connect("backtrail").catch(() => null);
  await takeFree();
  while ((await endOthers(superuser, held)) > 0) {
    await takeFree();
  }
  await superuser.end();
  return held;
}

/** Ends the sessions of all but these. @returns how many there were */
async function endOthers(superuser: Client, held: readonly Client[]): Promise<number> {
  const own = await Promise.all(held.map((client) => client.query("SELECT pg_backend_pid() AS pid")));
  const ended = await superuser.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND usename <> 'postgres' AND pid <> ALL ($1)`,
    [own.map(({ rows }) => rows[0].pid)],
  );
  return ended.rows.length;
}
