import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { DomainError } from "@/domain/errors.ts";
import { Checksum } from "@/domain/event/checksum.ts";
import { holdsSlot, remainingOf } from "@/domain/history-job/history-job.ts";
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
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS - 5 * DAY_MS + DAY_MS / 2;

/** Six slices, so that four entries cover them in runs of different lengths; the first days have more events than one. */
const TEXTS = [0, 0, 0, 1, 1, 2, 3, 4, 5].map((day, index) =>
  eventText({ eventTime: new Date(NOON + day * DAY_MS + index), eventId: `E${index}` }),
);

const SEQUENCES = inForm({ short: 20, full: 400 });

/**
 * Everything that can happen to jobs, with its weight; what needs a worker or a job takes the one that `pick` names, if there
 * is any. What workers do is the most frequent, because a job has to get on for something to be in the way of its end; cancel and
 * delete are rare, because not much happens to a job afterwards.
 */
const WEIGHTS = {
  create: 2,
  take: 8,
  step: 12,
  "refuse-event": 4,
  "refuse-batch": 2,
  "refuse-all": 2,
  crash: 3,
  "give-up": 1,
  "late-step": 3,
  pause: 3,
  resume: 3,
  cancel: 1,
  retry: 4,
  delete: 1,
  limit: 2,
  "sink-sick": 3,
  "sink-well": 2,
  sweep: 4,
} as const;

type Operation = { readonly what: keyof typeof WEIGHTS; readonly pick: number };

const operation: fc.Arbitrary<Operation> = fc.record({
  what: fc.oneof(
    ...Object.entries(WEIGHTS).map(([what, weight]) => ({
      weight,
      arbitrary: fc.constant(what as keyof typeof WEIGHTS),
    })),
  ),
  pick: fc.nat(5),
});

const operations = fc.array(operation, { minLength: 1, maxLength: 60, size: "max" });

/** Rounds of one sweep and one worker that end any job: each ends at least a slice, or settles what has no slice left. */
const ROUNDS_MAX = TEXTS.length + 3;

afterAll(closeQueue);

/** One account, its jobs, and the workers that are at work on them. */
class World {
  readonly account: HistoryAccount;
  readonly endpoint: string;
  readonly jobIds: number[] = [];
  workers: SlowWorker[] = [];
  /** Workers that were given up for dead and may still go on. */
  late: SlowWorker[] = [];

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

  async apply({ what, pick }: Operation): Promise<void> {
    const worker = this.workers[pick % Math.max(1, this.workers.length)];
    const jobId = this.jobIds[pick % Math.max(1, this.jobIds.length)];
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
    const jobId = this.jobIds[Math.max(0, this.jobIds.length - 1 - (pick % 2))];
    const entry = jobId === undefined ? null : await takeEntry(jobId);
    if (entry !== null) {
      this.workers.push(new SlowWorker(entry));
    }
  }

  async #step(worker: SlowWorker | undefined, answer: SinkAnswer): Promise<void> {
    if (worker !== undefined && !(await worker.step(answer))) {
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
    for (const jobId of this.jobIds) {
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
    await this.apply({ what: "sink-well", pick: 0 });
    for (let round = 0; round < ROUNDS_MAX; round++) {
      await sweepJobs();
      for (const jobId of this.jobIds) {
        const entry = await takeEntry(jobId);
        const worker = entry && new SlowWorker(entry);
        while (worker !== null && (await worker.step())) {}
      }
    }
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
  await world.apply({ what: "create", pick: 0 });
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
}

describe("no job stays unfinished with nothing working on it", () => {
  it("after any order of crashes, answers, commands and sweeps", async () => {
    await fc.assert(fc.asyncProperty(operations, tryOrder), {
      numRuns: SEQUENCES,
      seed: randomFor("liveness").integer(0, 2 ** 31 - 1),
    });
  });
});
