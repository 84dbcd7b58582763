import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { pool } from "@/server/db.ts";
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
const LARGE_EVENTS = inForm({ short: 100_000, full: 2_000_000 });
const SMALL_ACCOUNTS = inForm({ short: 6, full: 20 });
const SMALL_EVENTS = 1_000;

/** How much longer a small account may take beside all the others than alone. */
const RATIO_MAX = 3;

/** The large job goes on while the small ones pass: this part of its speed alone at the least. */
const LARGE_SPEED_MIN = 0.1;

/** A short round is over in two seconds, in which the large job delivers a handful of slices: its speed is told from several. */
const ROUNDS = inForm({ short: 3, full: 1 });

const LARGE_REGIONS = ["cn-hangzhou", "cn-beijing"];

/** For so long the large job's speed alone is measured. */
const ALONE_MS = inForm({ short: 1_000, full: 5_000 });

afterAll(closeQueue);

/** One job of the account after the other, until `stop`: so that there is always one at work. */
class EndlessDelivery {
  readonly jobIds: number[] = [];
  readonly #account: HistoryAccount;
  readonly #delivering: Promise<void>;
  #isStopping = false;

  constructor(account: HistoryAccount) {
    this.#account = account;
    this.#delivering = this.#deliver();
    this.#delivering.catch(() => undefined);
  }

  /** Events delivered by all its jobs so far. */
  async delivered(): Promise<number> {
    const { rows } = await pool().query<{ delivered: number }>(
      "SELECT coalesce(sum(delivered), 0)::float8 AS delivered FROM delivery_slice WHERE job_id = ANY ($1)",
      [this.jobIds],
    );
    return rows[0]?.delivered ?? 0;
  }

  /** Waits for the end of the job that is at work. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#delivering;
  }

  async #deliver(): Promise<void> {
    while (!this.#isStopping) {
      const jobId = await startTimedJob(this.#account);
      this.jobIds.push(jobId);
      await timeJobs([jobId], JOB_TIMEOUT_MS);
    }
  }
}

/** Events a second while the work goes on. */
async function speedDuring<T>(large: EndlessDelivery, work: () => Promise<T>): Promise<{ result: T; speed: number }> {
  const began = { at: performance.now(), delivered: await large.delivered() };
  const result = await work();
  const delivered = (await large.delivered()) - began.delivered;
  return { result, speed: (delivered / (performance.now() - began.at)) * 1_000 };
}

/** What one round has shown: the large job's speeds in events a second. */
type Round = {
  readonly ratios: readonly number[];
  readonly largeAlone: number;
  readonly largeBeside: number;
  readonly jobIds: readonly number[];
};

/** The small accounts' jobs alone, each for itself; then all of them beside the large account's. */
async function compare(small: readonly HistoryAccount[], account: HistoryAccount): Promise<Round> {
  const alone: TimedJob[] = [];
  for (const one of small) {
    alone.push(await timeJob(one));
  }
  const large = new EndlessDelivery(account);
  await waitUntil("the large job is at work", JOB_TIMEOUT_MS, async () => (await large.delivered()) > 0);
  const largeAlone = await speedDuring(large, () => delay(ALONE_MS));
  const beside = await speedDuring(large, async () => {
    const jobIds: number[] = [];
    // One after the other, as somebody does it who has twenty accounts.
    for (const one of small) {
      jobIds.push(await startTimedJob(one));
    }
    return timeJobs(jobIds, JOB_TIMEOUT_MS);
  });
  await large.stop();

  const ratios = beside.result.map(({ ms }, index) => ms / (alone[index]?.ms ?? 0));
  report("fairness", {
    "small alone ms": mean(alone.map(({ ms }) => ms)),
    "beside the others ms": mean(beside.result.map(({ ms }) => ms)),
    "mean ratio": mean(ratios),
    "largest ratio": Math.max(...ratios),
    "large events/s alone": largeAlone.speed,
    "beside the others": beside.speed,
  });
  return {
    ratios,
    largeAlone: largeAlone.speed,
    largeBeside: beside.speed,
    jobIds: [...[...alone, ...beside.result].map(({ jobId }) => jobId), ...large.jobIds],
  };
}

describe(`${SMALL_ACCOUNTS} accounts with 1,000 events beside one with ${LARGE_EVENTS}`, () => {
  it("end within three times their time alone, and do not stop the large one", async () => {
    const random = randomFor("small accounts");
    const sink = await startOwnSink("after 20 ms");
    const account = await createTimedAccount(sink, { events: LARGE_EVENTS, days: 88, regions: LARGE_REGIONS });
    const small: HistoryAccount[] = [];
    for (let index = 0; index < SMALL_ACCOUNTS; index++) {
      const days = random.integer(10, 88);
      small.push(await createTimedAccount(sink, { events: SMALL_EVENTS, days, regions: ["cn-shanghai"] }));
    }
    await settleHistory();
    await startWorkers(WORKERS);
    // A process is slower the first time, when it compiles, connects and looks up each day's table; that is not what is measured.
    const unmeasured = await compare(small, account);

    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push(await compare(small, account));
    }
    await expectAllDelivered(
      sink,
      [unmeasured, ...rounds].flatMap(({ jobIds }) => jobIds),
    );
    const largeSpeeds = [rounds.map(({ largeBeside }) => largeBeside), rounds.map(({ largeAlone }) => largeAlone)];
    const [beside = 0, alone = 0] = largeSpeeds.map(mean);
    expect(beside / alone).toBeGreaterThan(LARGE_SPEED_MIN);
    expect(Math.max(...rounds.flatMap(({ ratios }) => ratios))).toBeLessThanOrEqual(RATIO_MAX);
  });
});
