import { randomUUID } from "node:crypto";
import { DomainError } from "@/domain/errors.ts";
import { parseEvent } from "@/domain/event/event.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { pool, prisma } from "@/server/db.ts";
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
import { settleJob } from "@/server/history-job/settle.ts";
import { addTrail, createHistoryAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { completeEntry, giveEntryUp, loseEntry, takeEntry } from "@/testing/queue-entries.ts";
import { demand, isOpen, Model, type ModelEvent, type ModelJob, type ModelRequest } from "./model.ts";
import { Actor } from "./model-actor.ts";
import { demandSame } from "./model-claim.ts";
import { demandEqual } from "./model-comparison.ts";
import { type Control, controlModel } from "./model-control.ts";
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
    const expected = controlModel(this.model, job, control);
    demandSame(`the answer to ${control}`, typeof answer === "string" ? answer : null, expected);
  }

  /** The sweep, of this account's jobs alone: those of other sequences are on their own way. */
  async sweep(): Promise<void> {
    for (const job of this.model.jobs.filter(({ phase }) => isOpen(phase))) {
      await prisma().$transaction((tx) => settleJob(tx, job.id));
      this.model.settle(job);
    }
  }

  /** Gives a waiting entry to a worker that has none. */
  async take(place: number): Promise<void> {
    const job = this.model.slotJob;
    if (job === null || this.actors[place] !== null) {
      return;
    }
    const entry = await takeEntry(job.id);
    if (entry === null) {
      return;
    }
    demandSame("the state of an entry that is given out", this.model.entries.get(entry.id) ?? "waiting", "waiting");
    this.model.entries.set(entry.id, "active");
    const actor = new Actor(entry, (own, call) => performBeside(this, own, call));
    this.actors[place] = actor;
    await actor.begin();
    await this.#finish(place, actor);
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
      this.model.entries.set(actor.entry.id, isGivenUp ? "ended" : "waiting");
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
       WHERE name = 'deliver-slices' AND state = 'created' AND start_after > now() AND (data->>'jobId')::int = ANY ($4)`,
      [this.account.accountId, this.#endpoint, ms, this.model.jobs.map(({ id }) => id)],
    );
    for (const job of this.model.jobs.filter(({ phase }) => phase === "paused")) {
      job.pausedMs += ms;
    }
  }

  /** Compares everything that the database says of the account's jobs with the model. */
  async compare(): Promise<void> {
    await demandEqual(this);
  }

  /**
   * The end of every sequence: late workers come to their ends, the sink is well again, and one worker goes on with what the
   * sweeps give it. Everything that is not paused must then end; and what is paused, once it is resumed.
   */
  async finish(): Promise<void> {
    this.sink.troubles.length = 0;
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
    for (let steps = 0; this.actors[place]; steps++) {
      demand(steps < STEPS_MAX, `a worker comes to its end within ${STEPS_MAX} steps`);
      await this.step(place, 0);
    }
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
