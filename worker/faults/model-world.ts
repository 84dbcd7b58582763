import { randomUUID } from "node:crypto";
import { DomainError } from "@/domain/errors.ts";
import { parseEvent } from "@/domain/event/event.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { pool } from "@/server/db.ts";
import { recordEvents } from "@/server/event/commands.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import {
  cancelHistoryJob,
  deleteHistoryJob,
  limitHistoryJob,
  pauseHistoryJob,
  resumeHistoryJob,
  retryHistoryJob,
} from "@/server/history-job/control.ts";
import { settleIfFree } from "@/server/history-job/settle.ts";
import { addTrail, createHistoryAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { completeEntry, giveEntryUp, loseEntry, takeEntry } from "@/testing/queue-entries.ts";
import { demand, isOpen, Model, type ModelEvent, type ModelJob, type ModelRequest, remainingOf } from "./model.ts";
import { Actor } from "./model-actor.ts";
import { demandSame } from "./model-claim.ts";
import { demandEqual } from "./model-comparison.ts";
import { type Control, canRetry, controlModel } from "./model-control.ts";
import { OWN_WINDOW } from "./model-events.ts";
import { ModelSink } from "./model-sink.ts";
import { performBeside } from "./model-steps.ts";

/** Workers at a time. */
export const ACTORS = 3;

export type Settings = {
  /** Whether the sink says what became of each log, as the built-in log service does. */
  readonly sinkCounts: boolean;
  /** Logs of a page at most. */
  readonly pageLogs: number;
};

/** The product on one side, the model on the other, and one account between them, which shares nothing with any other. */
export class World {
  readonly model = new Model(OWN_WINDOW);
  readonly sink: ModelSink;
  readonly pageLogs: number;
  readonly account: HistoryAccount;
  /** The workers' handlers; null for a worker that has no entry. */
  readonly actors: (Actor | null)[] = Array.from({ length: ACTORS }, () => null);
  readonly #endpoint: string;

  static async open({ sinkCounts, pageLogs }: Settings): Promise<World> {
    const endpoint = `http://${randomUUID()}.invalid`;
    const account = await createHistoryAccount(endpoint);
    await addTrail(account, { name: "all-events" });
    await addTrail(account, { name: "write-events", eventRW: "Write" });
    return new World(account, endpoint, new ModelSink(sinkCounts), pageLogs);
  }

  private constructor(account: HistoryAccount, endpoint: string, sink: ModelSink, pageLogs: number) {
    this.account = account;
    this.sink = sink;
    this.pageLogs = pageLogs;
    this.#endpoint = endpoint;
  }

  async record(events: readonly ModelEvent[]): Promise<void> {
    const now = new Date();
    const parsed = events.map(({ text }) => {
      const event = parseEvent(text, now);
      demand(event.kind === "event", "every event of the model is one that history takes");
      return event.event;
    });
    const counts = await recordEvents(this.account.scope("backtrail:PutEvents"), parsed);
    const expected = this.model.record(events);
    for (const kind of ["recorded", "present", "conflicts"] as const) {
      demandSame(`events that were ${kind}`, counts[kind], expected[kind]);
    }
  }

  /** As retention does, but for the other accounts' events of that day. */
  async dropDay(day: string): Promise<void> {
    const { accountId } = this.account;
    const bounds = [accountId, `${day}T00:00:00Z`, `${day}T24:00:00Z`];
    await pool().query("DELETE FROM event WHERE account_id = $1 AND event_time >= $2 AND event_time < $3", bounds);
    await pool().query("DELETE FROM event_count WHERE account_id = $1 AND starts_at >= $2 AND starts_at < $3", bounds);
    this.model.dropDay(day);
  }

  async create(request: ModelRequest): Promise<void> {
    const expected = this.model.answerTo(request);
    const own = { kind: "own", from: secondOf(OWN_WINDOW.from), to: secondOf(OWN_WINDOW.to) };
    const input = createHistoryJobInputSchema.parse({
      trailName: request.trail,
      clientToken: request.token,
      window: request.window === "own" ? own : { kind: "default" },
    });
    const answer = await answerOf(createHistoryJob(this.account.scope("actiontrail:CreateDeliveryHistoryJob"), input));
    if (typeof answer === "string") {
      demandSame("the answer to a creation", answer, typeof expected === "object" ? "a job" : expected);
    } else if (expected === null) {
      demandSame("whether the job is an old one", answer.repeated, false);
      this.model.create(answer.jobId, request);
    } else {
      demandSame("the job of this token", answer.jobId, typeof expected === "string" ? expected : expected.id);
    }
  }

  async control(job: ModelJob, control: Control, eventsPerSecondMax: number | null): Promise<void> {
    const scope = this.account.scope("actiontrail:CreateDeliveryHistoryJob");
    const input = { jobId: job.id };
    const commands = {
      pause: pauseHistoryJob,
      resume: resumeHistoryJob,
      cancel: cancelHistoryJob,
      retry: retryHistoryJob,
      delete: deleteHistoryJob,
    };
    const answer = await answerOf(
      control === "limit" ? limitHistoryJob(scope, { ...input, eventsPerSecondMax }) : commands[control](scope, input),
    );
    await this.resolveResting();
    const expected = controlModel(this.model, job, control);
    demandSame(`the answer to ${control}`, typeof answer === "string" ? answer : null, expected);
  }

  /** The sweep, of this account's jobs alone: those of other sequences are on their own way. */
  async sweep(): Promise<void> {
    for (const job of this.model.jobs.filter(({ phase }) => isOpen(phase))) {
      await settleIfFree(job.id);
      await this.resolveResting();
      this.model.settle(job);
    }
  }

  /** Gives a waiting entry to a worker that has none, after a look at which slices it is for. */
  async take(place: number): Promise<void> {
    const job = this.model.slotJob;
    if (job === null || this.actors[place] !== null) {
      return;
    }
    await this.compare();
    const entry = await takeEntry(job.id);
    if (entry === null) {
      return;
    }
    demand(this.model.entries.get(entry.id) !== "active", "no entry is given out while a worker has it");
    this.model.entries.set(entry.id, "active");
    const actor = new Actor(entry, (own, call) => performBeside(this, own, call));
    this.actors[place] = actor;
    await actor.begin();
    await this.#finish(place, actor);
  }

  /** Lets a worker go on for so many steps, or until it is done. */
  async run(place: number, steps: number): Promise<void> {
    for (let made = 0; made < steps && this.actors[place]; made++) {
      await this.step(place, made);
    }
  }

  async step(place: number, which: number): Promise<void> {
    const actor = this.actors[place];
    if (actor) {
      await actor.step(which);
      await this.#finish(place, actor);
    }
  }

  /** The queue believes the worker to be dead: its entry is given out again, or given up. The worker need not notice. */
  async loseEntry(place: number, { isGivenUp, isDead }: { isGivenUp: boolean; isDead: boolean }): Promise<void> {
    const actor = this.actors[place];
    if (actor?.hasEntry) {
      await (isGivenUp ? giveEntryUp : loseEntry)(actor.entry);
      await pool().query(
        `UPDATE pgboss.job SET start_after = now() + retry_delay * interval '1 s' WHERE id = $1 AND state = 'retry'`,
        [actor.entry.id],
      );
      this.model.entries.set(actor.entry.id, isGivenUp ? "ended" : "resting");
      actor.hasEntry = false;
    }
    if (actor && isDead) {
      this.actors[place] = null;
    }
  }

  async #finish(place: number, actor: Actor): Promise<void> {
    if (actor.isDone) {
      if (actor.hasEntry) {
        await completeEntry(actor.entry);
        this.model.entries.set(actor.entry.id, "ended");
      }
      this.actors[place] = null;
    }
  }

  /** Lets time pass: what the product remembers of it lies further back. */
  async passTime(ms: number): Promise<void> {
    await pool().query(
      `WITH circuit AS (
         UPDATE sink_circuit SET opened_at = opened_at - $3 * interval '1 ms', tried_at = tried_at - $3 * interval '1 ms',
           retry_at = retry_at - $3 * interval '1 ms', holder_until = holder_until - $3 * interval '1 ms'
         WHERE endpoint = $2
       ), job AS (
         UPDATE delivery_history_job SET paced_until = paced_until - $3 * interval '1 ms', paused_at = paused_at - $3 * interval '1 ms'
         WHERE account_id = $1 AND status < 2 RETURNING id
       )
       UPDATE pgboss.job SET start_after = start_after - $3 * interval '1 ms'
       WHERE name = 'deliver-slices' AND state IN ('created', 'retry') AND start_after > now() AND (data->>'jobId')::int = ANY ($4)`,
      [this.account.accountId, this.#endpoint, ms, this.model.jobs.map(({ id }) => id)],
    );
    for (const job of this.model.jobs.filter(({ phase }) => phase === "paused")) {
      job.pausedMs += ms;
    }
  }

  /** Whether the product has taken the slices of entries that rest: it may, until they are given out again. */
  async resolveResting(): Promise<void> {
    const resting = [...this.model.entries].flatMap(([id, state]) => (state === "resting" ? id : []));
    if (resting.length > 0) {
      const { rows } = await pool().query<{ id: string }>(
        "SELECT id FROM unnest($1::uuid[]) AS id WHERE NOT EXISTS (SELECT FROM delivery_slice WHERE entry_id = id)",
        [resting],
      );
      for (const { id } of rows) {
        this.model.entries.set(id, "ended");
      }
    }
  }

  /** Compares everything that the database says of the account's jobs with the model. */
  async compare(): Promise<void> {
    await demandEqual(this);
  }

  /**
   * The end of every sequence: late workers come to their ends, the sink is well again, and one worker goes on with what the
   * sweeps give it. Everything that is not paused must then end; what is paused, once it is resumed; and what a retry can
   * deliver is delivered.
   */
  async finish(): Promise<void> {
    this.sink.recover();
    for (const place of this.actors.keys()) {
      await this.#runToEnd(place);
      await this.compare();
    }
    await this.#workUntilQuiet();
    const paused = this.model.slotJob;
    if (paused !== null) {
      demandSame("what is left is", paused.phase, "paused");
      await this.control(paused, "resume", null);
      await this.#workUntilQuiet();
    }
    demandSame("the job that still holds the slot", this.model.slotJob?.id ?? null, null);
    const left = this.model.jobs.findLast(canRetry);
    if (left !== undefined) {
      this.sink.poison.clear();
      await this.control(left, "retry", null);
      await this.#workUntilQuiet();
      const remaining = left.slices.reduce((sum, slice) => sum + remainingOf(slice), 0);
      demandSame("what remains after a retry at a sink that is well", remaining, 0);
    }
    await this.#forgetEntries();
  }

  async #workUntilQuiet(): Promise<void> {
    for (let round = 0; this.model.slotJob !== null && this.model.slotJob.phase !== "paused"; round++) {
      demand(round < ROUNDS_MAX, `job ${this.model.slotJob.id} ends within ${ROUNDS_MAX} rounds of a healthy worker`);
      await this.passTime(ROUND_MS);
      await this.sweep();
      await this.compare();
      await this.take(0);
      await this.#runToEnd(0);
      await this.compare();
    }
  }

  async #runToEnd(place: number): Promise<void> {
    await this.run(place, STEPS_MAX);
    demandSame(`a worker that does not end within ${STEPS_MAX} steps`, this.actors[place]?.entry.id ?? null, null);
  }

  /** Entries that nobody will take would slow all later ones down. */
  async #forgetEntries(): Promise<void> {
    await pool().query(
      `DELETE FROM pgboss.job WHERE (data->>'jobId')::int = ANY ($1)
         OR (data->>'verificationId')::int IN (SELECT id FROM job_verification WHERE job_id = ANY ($1))`,
      [this.model.jobs.map(({ id }) => id)],
    );
  }
}

/** Twelve events in three slices, a few requests each, four lost entries at most: far more than any job needs. */
const ROUNDS_MAX = 30;
const STEPS_MAX = 500;

/** More than any sink's rest, any lease and any ceiling's pause; far less than the 24 hours of a paused job. */
const ROUND_MS = 600_000;

function secondOf(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}

async function answerOf<T extends object>(request: Promise<T>): Promise<T | string> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof DomainError) {
      return error.code;
    }
    throw error;
  }
}
