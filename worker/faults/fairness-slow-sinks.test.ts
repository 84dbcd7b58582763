import { afterAll, describe, expect, it } from "vitest";
import { pool } from "@/server/db.ts";
import { cancelHistoryJob } from "@/server/history-job/control.ts";
import { closeQueue } from "@/server/queue.ts";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { report } from "./figures.ts";
import { startOwnSink } from "./own-sink.ts";
import {
  createTimedAccount,
  expectAllDelivered,
  JOB_TIMEOUT_MS,
  mean,
  settleHistory,
  startTimedJob,
  startWorkers,
  type TimedJob,
  timeJob,
  timeJobs,
} from "./timed-delivery.ts";

const WORKERS = 3;
const HEALTHY_ACCOUNTS = inForm({ short: 3, full: 10 });

/** So many that their jobs do not end: a request in a second brings 2,600, or for ever none. */
const SLOW_EVENTS = inForm({ short: 60_000, full: 300_000 });
const UNHEARD_EVENTS = 1_000;

/**
 * The mean over the healthy accounts, which take their turns one after the other: they share the machine with nobody who uses it,
 * so this is only room for what else a machine does, and more of it where few are timed. Whoever waits for a slow sink waits for minutes.
 */
const RATIO_MAX = inForm({ short: 3, full: 1.5 });

afterAll(closeQueue);

describe("sinks that answer one request a second, or none", () => {
  it("delay no other account's job", async () => {
    const random = randomFor("slow sinks");
    const [healthy, slow, silent] = await Promise.all([
      startOwnSink("after 20 ms"),
      startOwnSink("one a second"),
      startOwnSink("never"),
    ]);
    const accounts: HistoryAccount[] = [];
    for (let index = 0; index < HEALTHY_ACCOUNTS; index++) {
      const history = { events: 1_000, days: random.integer(20, 88), regions: ["cn-shanghai"] };
      accounts.push(await createTimedAccount(healthy, history));
    }
    const held: HistoryAccount[] = [];
    // Three on the slow one, and one that never hears a word.
    for (const sink of [slow, slow, slow, silent]) {
      const events = sink === silent ? UNHEARD_EVENTS : SLOW_EVENTS;
      held.push(await createTimedAccount(sink, { events, days: 40, regions: ["cn-hangzhou"] }));
    }
    await settleHistory();
    await startWorkers(WORKERS);
    const first = await Promise.all(accounts.map(startTimedJob));
    await timeJobs(first, JOB_TIMEOUT_MS);

    const without = await timeEach(accounts);
    const heldJobs = await Promise.all(held.map(startTimedJob));
    await waitUntil("the slow sinks have all that they are given", 60_000, async () => {
      const { rows } = await pool().query<{ working: number }>(
        `SELECT count(DISTINCT job_id)::int AS working FROM delivery_slice WHERE job_id = ANY ($1) AND state = 'delivering'`,
        [heldJobs],
      );
      return rows[0]?.working === held.length;
    });
    const beside = await timeEach(accounts);
    await expectUnended(heldJobs);
    for (const [index, account] of held.entries()) {
      await cancelHistoryJob(account.scope("backtrail:CancelDeliveryHistoryJob"), { jobId: heldJobs[index] ?? 0 });
    }
    await waitUntil("the slow jobs have ended", 60_000, async () => (await countUnended(heldJobs)) === 0);

    const ratios = beside.map(({ ms }, index) => ms / (without[index]?.ms ?? 0));
    report("slow sinks", {
      "without them ms": mean(without.map(({ ms }) => ms)),
      "beside them ms": mean(beside.map(({ ms }) => ms)),
      "mean ratio": mean(ratios),
      "largest ratio": Math.max(...ratios),
    });
    await expectAllDelivered(healthy, [...first, ...[...without, ...beside].map(({ jobId }) => jobId)]);
    expect(mean(ratios)).toBeLessThanOrEqual(RATIO_MAX);
  });
});

async function timeEach(accounts: readonly HistoryAccount[]): Promise<TimedJob[]> {
  const jobs: TimedJob[] = [];
  for (const account of accounts) {
    jobs.push(await timeJob(account));
  }
  return jobs;
}

async function countUnended(jobIds: readonly number[]): Promise<number> {
  const { rows } = await pool().query<{ unended: number }>(
    "SELECT count(*)::int AS unended FROM delivery_history_job WHERE id = ANY ($1) AND ended_at IS NULL",
    [jobIds],
  );
  return rows[0]?.unended ?? 0;
}

/** Otherwise nothing would have been compared. */
async function expectUnended(jobIds: readonly number[]): Promise<void> {
  expect(await countUnended(jobIds), "slow jobs at work all the time").toBe(jobIds.length);
}
