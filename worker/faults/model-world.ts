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
import type { PageLimits } from "@/server/history-job/pages.ts";
import { settleIfFree } from "@/server/history-job/settle.ts";
import { addTrail, createHistoryAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { demand, isOpen, Model, type ModelEvent, type ModelJob, type ModelRequest } from "./model.ts";
import { demandSame } from "./model-claim.ts";
import { demandEqual } from "./model-comparison.ts";
import { type Control, controlModel } from "./model-control.ts";
import { OWN_WINDOW } from "./model-events.ts";
import { ModelSink } from "./model-sink.ts";
import { Workers } from "./model-workers.ts";

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
  readonly pageLimits: PageLimits;
  readonly account: HistoryAccount;
  readonly workers = new Workers(this);
  /** Whether other jobs wait for a worker's place. */
  doOthersWait = false;
  /** The workers' time: it passes with passTime alone. */
  timeMs = performance.now();
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
    this.pageLimits = { logsMax: pageLogs, bytesMax: 1_800_000 };
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

  /** Lets time pass: what the product remembers of it lies further back. */
  async passTime(ms: number): Promise<void> {
    this.timeMs += ms;
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
}

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
