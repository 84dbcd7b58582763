import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { DomainError } from "@/domain/errors.ts";
import { Checksum } from "@/domain/event/checksum.ts";
import { holdsSlot, type JobPhase, remainingOf } from "@/domain/history-job/history-job.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { pool, prisma } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import {
  cancelHistoryJob,
  deleteHistoryJob,
  limitHistoryJob,
  pauseHistoryJob,
  resumeHistoryJob,
  retryHistoryJob,
} from "@/server/history-job/control.ts";
import { getHistoryJob } from "@/server/history-job/queries.ts";
import { settleJob, sweepJobs } from "@/server/history-job/settle.ts";
import { closeQueue, findLiveEntries } from "@/server/queue.ts";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import {
  addTrail,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { giveEntryUp, loseEntry, takeEntry } from "@/testing/queue-entries.ts";
import { type SinkAnswer, SlowWorker } from "@/testing/slow-worker.ts";

const DAY_MS = 86_400_000;
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS - 8 * DAY_MS + DAY_MS / 2;

// Entries of one slice or two, as jobs of millions of events have them: this one's nine would all go into one.
vi.mock(import("@/domain/history-job/rules.ts"), async (original) => ({
  ...(await original()),
  lengthOfNextRun: (slices) => Math.min(slices.length, 2 - (slices.length % 2)),
}));

/** Six slices; the first days have more events than one. */
const TEXTS = [0, 0, 0, 1, 1, 2, 3, 4, 5].map((day, index) =>
  eventText({ eventTime: new Date(NOON + day * DAY_MS + index), eventId: `E${index}` }),
);

const SEQUENCES = 15;
const ROUNDS = inForm({ short: 1, full: 20 });

/** More steps than any entry here takes; a worker that is not done by then goes round in a circle. */
const STEPS_MAX = 100;

/** Everything that can happen to jobs; what needs a worker or a job takes the one that `pick` names, if there is any. */
const OPERATIONS = [
  "create",
  "take",
  "step",
  "refuse-event",
  "refuse-batch",
  "refuse-all",
  "crash",
  "give-up",
  "late-step",
  "pause",
  "resume",
  "cancel",
  "retry",
  "delete",
  "limit",
  "sink-sick",
  "sink-well",
  "sweep",
] as const;
type What = (typeof OPERATIONS)[number];

type Weights = Partial<Record<What, number>>;

const AT_WORK: Weights = { take: 10, step: 30, crash: 4, "give-up": 2, "late-step": 4, sweep: 6, "sink-well": 3 };

const RUNNING: Weights = {
  ...AT_WORK,
  "refuse-event": 6,
  "refuse-batch": 4,
  "refuse-all": 3,
  pause: 5,
  limit: 3,
  "sink-sick": 3,
  cancel: 0.4,
  delete: 0.3,
};

const LEFT_TO_RETRY: Weights = { retry: 30, create: 3, step: 5, "late-step": 5, sweep: 3 };

/**
 * What is likely to happen while the newest job is in a phase, so that jobs get on, and what gets in their way meets them in every
 * state. Each other operation has a weight of 1 in every phase: most are refused, and none may do harm.
 */
const WEIGHTS: Readonly<Record<JobPhase, Weights>> = {
  queued: RUNNING,
  delivering: RUNNING,
  paused: { ...AT_WORK, resume: 30 },
  cancelling: AT_WORK,
  incomplete: LEFT_TO_RETRY,
  failed: LEFT_TO_RETRY,
  complete: { create: 30, step: 5, "late-step": 5 },
  cancelled: { create: 30, step: 5, "late-step": 5 },
};

const DICE_MAX = 1_000_000;

type Operation = { readonly dice: number; readonly pick: number };

// Without the bias to small numbers and edges, which would make one operation of many.
const operation: fc.Arbitrary<Operation> = fc.record({
  dice: fc.noBias(fc.nat(DICE_MAX - 1)),
  pick: fc.noBias(fc.nat(5)),
});

const operations = fc.array(operation, { minLength: 1, maxLength: 80, size: "max" });

function operationIn(phase: JobPhase, dice: number): What {
  const weights = OPERATIONS.map((what) => ({ what, weight: WEIGHTS[phase][what] ?? 1 }));
  let rest = (dice / DICE_MAX) * weights.reduce((sum, { weight }) => sum + weight, 0);
  for (const { what, weight } of weights) {
    rest -= weight;
    if (rest < 0) {
      return what;
    }
  }
  throw new Error("the dice fell off the table");
}

/** Rounds of one sweep and one worker that end any job: each ends at least a slice, or settles what has no slice left. */
const DRAIN_ROUNDS_MAX = TEXTS.length + 3;

afterAll(closeQueue);

/** One account, its jobs, and the workers that are at work on them. */
class World {
  readonly account: HistoryAccount;
  readonly endpoint: string;
  readonly jobIds: number[] = [];
  workers: SlowWorker[] = [];
  /** Workers that were given up for dead and may still go on. */
  late: SlowWorker[] = [];
  /** What has happened so far, for people who look at a failure. */
  readonly history: What[] = [];

  constructor(account: HistoryAccount, endpoint: string) {
    this.account = account;
    this.endpoint = endpoint;
  }

  static async create(): Promise<World> {
    const endpoint = `http://127.0.0.1:9/${createHash("sha256").update(String(process.hrtime())).digest("hex")}`;
    const account = await createHistoryAccount(endpoint);
    await addTrail(account, { name: "all-events" });
    await recordTexts(account, TEXTS);
    return new World(account, endpoint);
  }

  async apply({ dice, pick }: Operation): Promise<void> {
    const { rows } = await pool().query<{ phase: JobPhase }>("SELECT phase FROM delivery_history_job WHERE id = $1", [
      this.jobIds.at(-1),
    ]);
    const what = operationIn(rows[0]?.phase ?? "complete", dice);
    this.history.push(what);
    await this.#carryOut(what, pick);
  }

  async #carryOut(what: What, pick: number): Promise<void> {
    const worker = this.workers[pick % Math.max(1, this.workers.length)];
    // The newest job most of the time: it is the one that may be running.
    const jobId = this.jobIds.at(pick === 0 ? -2 : -1) ?? this.jobIds[0];
    switch (what) {
      case "create":
        return this.#create();
      case "take":
        return this.#take(pick);
      case "step":
        return this.#step(worker, "accept");
      case "refuse-event":
      case "refuse-batch":
      case "refuse-all":
        return this.#step(worker, what);
      case "crash":
      case "give-up":
        if (worker !== undefined) {
          await (what === "crash" ? loseEntry(worker.entry) : giveEntryUp(worker.entry));
          this.workers = this.workers.filter((other) => other !== worker);
          this.late.push(worker);
        }
        return;
      case "late-step": {
        const late = this.late[pick % Math.max(1, this.late.length)];
        if (late !== undefined && !(await late.step())) {
          this.late = this.late.filter((other) => other !== late);
        }
        return;
      }
      case "sweep":
        return sweepJobs();
      case "sink-sick":
        await pool().query(
          `INSERT INTO sink_circuit (endpoint, project, cause, code, message, retry_at)
           SELECT $1, name, 'endpoint', 'InternalServerError', 'sick', now() + interval '1 hour'
           FROM log_project WHERE account_id = $2 ON CONFLICT DO NOTHING`,
          [this.endpoint, this.account.accountId],
        );
        return;
      case "sink-well":
        await pool().query("DELETE FROM sink_circuit WHERE endpoint = $1", [this.endpoint]);
        return;
      default:
        if (jobId !== undefined) {
          await unlessRefused(this.#command(what, jobId, pick));
        }
    }
  }

  async #create(): Promise<void> {
    const input = createHistoryJobInputSchema.parse({ trailName: "all-events" });
    const scope = this.account.scope("actiontrail:CreateDeliveryHistoryJob");
    const created = await unlessRefused(createHistoryJob(scope, input));
    if (created !== null) {
      this.jobIds.push(created.jobId);
    }
  }

  async #take(pick: number): Promise<void> {
    const jobId = this.jobIds.at(pick === 0 ? -2 : -1) ?? this.jobIds[0];
    const entry = jobId === undefined ? null : await takeEntry(jobId);
    if (entry !== null) {
      this.workers.push(new SlowWorker(entry));
    }
  }

  /** One step; before an answer of the sink, as many as it takes to have something that it can answer. */
  async #step(worker: SlowWorker | undefined, answer: SinkAnswer): Promise<void> {
    if (worker === undefined) {
      return;
    }
    const isOver = (answer !== "accept" && !worker.hasClaim && !(await worker.step())) || !(await worker.step(answer));
    if (isOver) {
      this.workers = this.workers.filter((other) => other !== worker);
    }
  }

  #command(what: "pause" | "resume" | "cancel" | "retry" | "delete" | "limit", jobId: number, pick: number) {
    const { account } = this;
    switch (what) {
      case "pause":
        return pauseHistoryJob(account.scope("backtrail:PauseDeliveryHistoryJob"), { jobId });
      case "resume":
        return resumeHistoryJob(account.scope("backtrail:ResumeDeliveryHistoryJob"), { jobId });
      case "cancel":
        return cancelHistoryJob(account.scope("backtrail:CancelDeliveryHistoryJob"), { jobId });
      case "retry":
        return retryHistoryJob(account.scope("backtrail:RetryDeliveryHistoryJob"), { jobId });
      case "delete":
        return deleteHistoryJob(account.scope("actiontrail:DeleteDeliveryHistoryJob"), { jobId });
      case "limit":
        return limitHistoryJob(account.scope("backtrail:LimitDeliveryHistoryJob"), {
          jobId,
          eventsPerSecondMax: pick === 0 ? null : pick,
        });
    }
  }

  async jobOf(jobId: number) {
    return getHistoryJob(this.account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
  }

  /**
   * That one sweep from here would leave nothing without somebody to do it: every job that is to go on has a live entry, and
   * its slices have one or wait for one that is coming. Asked in a transaction that is rolled back, so that it changes nothing.
   */
  async expectNobodyForgotten(): Promise<void> {
    const undone = new Error("rolled back");
    for (const jobId of await this.#openJobs()) {
      await prisma()
        .$transaction(async (tx) => {
          await settleJob(tx, jobId);
          const job = await tx.deliveryHistoryJob.findUniqueOrThrow({
            where: { id: jobId },
            include: { slices: true },
          });
          const unfinished = job.slices.filter(({ state }) => state === "waiting" || state === "delivering");
          const entryIds = [...new Set(unfinished.flatMap(({ entryId }) => entryId ?? []))];
          const live = await findLiveEntries(tx, entryIds);
          expect(entryIds.filter((id) => !live.has(id))).toEqual([]);
          const isToGoOn = job.phase === "queued" || job.phase === "delivering" || job.phase === "cancelling";
          expect({ phase: job.phase, isSomebodyThere: live.size > 0 }).toEqual({
            phase: job.phase,
            isSomebodyThere: isToGoOn || live.size > 0,
          });
          if (job.status >= 2) {
            expect(unfinished).toEqual([]);
          }
          throw undone;
        })
        .catch((error: unknown) => {
          if (error !== undone) {
            throw error;
          }
        });
    }
  }

  /** All workers are gone and the sink is well: from here on there are only sweeps and one worker. */
  async drain(): Promise<void> {
    for (const { entry } of this.workers) {
      await loseEntry(entry);
    }
    this.workers = [];
    await this.#carryOut("sink-well", 0);
    for (let round = 0; round < DRAIN_ROUNDS_MAX && (await this.#openJobs("paused")).length > 0; round++) {
      await sweepJobs();
      for (const jobId of this.jobIds) {
        const entry = await takeEntry(jobId);
        if (entry !== null) {
          await workToTheEnd(new SlowWorker(entry));
        }
      }
    }
  }

  /** The account's job that has not ended, if there is one; none in the phase that is left out. */
  async #openJobs(leftOut?: JobPhase): Promise<number[]> {
    const { rows } = await pool().query<{ id: number; phase: JobPhase }>(
      "SELECT id, phase FROM delivery_history_job WHERE account_id = $1 AND status < 2",
      [this.account.accountId],
    );
    return rows.flatMap(({ id, phase }) => (phase === leftOut ? [] : [id]));
  }

  /** Each job but a paused one has ended, and its numbers say what was done. */
  async expectAllEnded(): Promise<void> {
    for (const jobId of this.jobIds) {
      const { job, slices, retry } = await this.jobOf(jobId);
      if (job.phase === "paused") {
        continue;
      }
      expect([job.id, holdsSlot(job.phase), job.claims]).toEqual([jobId, false, 0]);
      for (const ledger of [job, ...slices]) {
        expect(remainingOf(ledger)).toBe(ledger.remaining);
        expect(ledger.remaining).toBeGreaterThanOrEqual(0);
      }
      const states = slices.map(({ state }) => state);
      if (job.phase === "complete") {
        expect(job.delivered).toBe(job.expected);
        expect(await checksumOf(jobId)).toBe(CHECKSUM_OF_ALL);
      }
      if (job.phase === "incomplete") {
        expect([job.remaining, job.undeliverable > 0]).toEqual([0, true]);
      }
      if (job.phase === "failed") {
        expect(job.failure).not.toBeNull();
        expect(retry !== null || job.deletedAt !== null).toBe(true);
      }
      expect(states.filter((state) => state === "waiting" || state === "delivering")).toEqual([]);
      const listed = await pool().query("SELECT count(*) AS count FROM undeliverable WHERE job_id = $1", [jobId]);
      expect(listed.rows).toEqual([{ count: job.undeliverable }]);
      const stored = await prisma().deliveryHistoryJob.findUniqueOrThrow({ where: { id: jobId } });
      expect([stored.delivered, stored.undeliverable, stored.gap].map(Number)).toEqual([
        job.delivered,
        job.undeliverable,
        job.gap,
      ]);
    }
  }

  async resumeAll(): Promise<void> {
    for (const jobId of this.jobIds) {
      await unlessRefused(this.#command("resume", jobId, 0));
    }
  }

  /** One retry with a sink that takes everything delivers all that is left: whatever happened before, nothing is lost. */
  async expectRetriesComplete(): Promise<void> {
    for (const jobId of this.jobIds) {
      const { job, retry } = await this.jobOf(jobId);
      if (retry !== null) {
        await this.#command("retry", jobId, 0);
        await this.drain();
        expect((await this.jobOf(jobId)).job).toMatchObject({ phase: "complete", run: job.run + 1, failure: null });
        await this.expectAllEnded();
      }
    }
  }
}

const CHECKSUM_OF_ALL = sumOf(TEXTS.map((text) => createHash("sha256").update(text).digest()));

function sumOf(digests: readonly Uint8Array[]): string {
  const checksum = new Checksum();
  for (const digest of digests) {
    checksum.add(digest);
  }
  return Buffer.from(checksum.toBytes()).toString("hex");
}

async function checksumOf(jobId: number): Promise<string> {
  const { rows } = await pool().query<{ checksum: Uint8Array }>(
    "SELECT checksum FROM delivery_slice WHERE job_id = $1",
    [jobId],
  );
  return sumOf(rows.map(({ checksum }) => checksum));
}

async function workToTheEnd(worker: SlowWorker): Promise<void> {
  for (let steps = 0; await worker.step(); steps++) {
    expect(steps).toBeLessThan(STEPS_MAX);
  }
}

async function unlessRefused<T>(promise: Promise<T>): Promise<T | null> {
  return promise.catch((error: unknown) => {
    if (error instanceof DomainError) {
      return null;
    }
    throw error;
  });
}

async function tryOrder(order: readonly Operation[]): Promise<void> {
  const world = await World.create();
  try {
    await world.expectNobodyForgotten();
    for (const operation of order) {
      await world.apply(operation);
      await world.expectNobodyForgotten();
    }
    await world.drain();
    await world.expectAllEnded();
    await world.resumeAll();
    await world.drain();
    await world.expectAllEnded();
    const { rows } = await pool().query("SELECT id FROM delivery_history_job WHERE account_id = $1 AND status < 2", [
      world.account.accountId,
    ]);
    expect(rows).toEqual([]);
    await world.expectRetriesComplete();
  } catch (error) {
    throw new Error(`after ${world.history.join(", ")}`, { cause: error });
  }
}

describe("no job stays unfinished with nothing working on it", () => {
  const rounds = Array.from({ length: ROUNDS }, (_, index) => index + 1);

  it.each(rounds)("after any order of crashes, answers, commands and sweeps (%i)", async (round) => {
    await fc.assert(fc.asyncProperty(operations, tryOrder), {
      numRuns: SEQUENCES,
      seed: randomFor(`liveness ${round}`).integer(0, 2 ** 31 - 1),
    });
  });
});
