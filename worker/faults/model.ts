import type { JobPhase, SliceState } from "@/domain/history-job/history-job.ts";

// What history, jobs and claims ought to be, in a few lines each and without a database: what the model-based test compares the
// product with. It knows the rules of design 3.1 to 3.3 and 5, and nothing of how the product keeps them; so the fence, for one,
// is here the identity of a claim, and no number.

export type ModelEvent = {
  readonly key: string;
  readonly region: string;
  /** UTC day, YYYY-MM-DD. */
  readonly day: string;
  readonly time: number;
  readonly id: string;
  readonly isWrite: boolean;
  readonly text: string;
  readonly bytes: number;
  readonly digest: bigint;
};

/** An event of history: arrivals are counted from 1. */
export type Recorded = ModelEvent & { readonly arrival: number };

/** What the sink told a claim of one event. */
export type Ack =
  | { readonly kind: "new" | "present"; readonly isDeliveryTimed: boolean }
  | { readonly kind: "conflict" | "refused-alone" };

/** A worker's hold on a slice, for as long as the slice names it. */
export type ModelClaim = { readonly slice: ModelSlice; readonly acks: Map<string, Ack> };

export type ModelSlice = {
  readonly job: ModelJob;
  readonly region: string;
  readonly day: string;
  /** In key order. */
  readonly expected: readonly Recorded[];
  state: SliceState;
  entryId: string | null;
  claim: ModelClaim | null;
  cursor: Position | null;
  readonly delivered: Map<string, ModelEvent>;
  newAtSink: number;
  presentAtSink: number;
  deliveryTimed: number;
  /** Keys, and the run in which the sink refused each. */
  readonly undeliverable: Map<string, number>;
  gap: number;
};

export type Position = { readonly time: number; readonly id: string };

export type ModelRequest = {
  readonly trail: "all-events" | "write-events";
  readonly window: "default" | "own";
  readonly token: string;
};

export type ModelJob = {
  readonly id: number;
  readonly request: ModelRequest;
  readonly slices: readonly ModelSlice[];
  phase: JobPhase;
  endsAs: "failed" | "cancelled" | null;
  run: number;
  isDeleted: boolean;
  /** Whether a worker has begun this run. */
  hasBegun: boolean;
  pausedMs: number;
};

export type ModelHold = "held" | "paused" | "stop" | "lost";

/**
 * Of an entry: a worker has it; it waits for one; it has lost one and rests for a moment, in which the product may take its slices
 * away; it has none for any worker.
 */
export type EntryState = "active" | "waiting" | "resting" | "ended";

/** Where reality and the model part. */
export class DifferenceError extends Error {
  override readonly name = "DifferenceError";
}

/** Demands what the model expects. */
export function demand(holds: boolean, what: string): asserts holds {
  if (!holds) {
    throw new DifferenceError(what);
  }
}

export function isBehind(event: Position, cursor: Position | null): boolean {
  return cursor === null || event.time > cursor.time || (event.time === cursor.time && event.id > cursor.id);
}

export function isOpen(phase: JobPhase): boolean {
  return phase === "queued" || phase === "delivering" || phase === "paused" || phase === "cancelling";
}

export function remainingOf(slice: ModelSlice): number {
  return slice.expected.length - slice.delivered.size - slice.undeliverable.size - slice.gap;
}

const PAUSED_MS_MAX = 24 * 3_600_000;

export class Model {
  /** Which window "own" is: event times [from, to). */
  readonly ownWindow: { readonly from: number; readonly to: number };
  readonly history = new Map<string, Recorded>();
  readonly jobs: ModelJob[] = [];
  readonly entries = new Map<string, EntryState>();
  #arrival = 0;

  constructor(ownWindow: { readonly from: number; readonly to: number }) {
    this.ownWindow = ownWindow;
  }

  record(events: readonly ModelEvent[]): { recorded: number; present: number; conflicts: number } {
    const counts = { recorded: 0, present: 0, conflicts: 0 };
    for (const event of events) {
      const held = this.history.get(event.key);
      if (held === undefined) {
        this.history.set(event.key, { ...event, arrival: ++this.#arrival });
      }
      counts[held === undefined ? "recorded" : held.text === event.text ? "present" : "conflicts"]++;
    }
    return counts;
  }

  /** Retention: a day of history is no longer kept. */
  dropDay(day: string): void {
    for (const event of [...this.history.values()]) {
      if (event.day === day) {
        this.history.delete(event.key);
      }
    }
  }

  isInHistory(event: Recorded): boolean {
    return this.history.get(event.key)?.arrival === event.arrival;
  }

  get slotJob(): ModelJob | null {
    return this.jobs.find(({ phase }) => isOpen(phase)) ?? null;
  }

  /** A creation's answer (design 3.1): the job there is, a refusal's code, or null for a new one. */
  answerTo({ trail, window, token }: ModelRequest): ModelJob | string | null {
    const used = token === "" ? undefined : this.jobs.find(({ request }) => request.token === token);
    if (used !== undefined) {
      const isSame = used.request.trail === trail && used.request.window === window;
      return isSame ? used : "IdempotentParameterMismatch";
    }
    return this.slotJob === null ? null : "MaximumNumberOfDeliveryHistoryJobsExceededException";
  }

  create(id: number, request: ModelRequest): void {
    const { from, to } = request.window === "own" ? this.ownWindow : { from: 0, to: Number.POSITIVE_INFINITY };
    const events = [...this.history.values()]
      .filter(({ time, isWrite }) => time >= from && time < to && (request.trail === "all-events" || isWrite))
      .sort((a, b) => (isBehind(a, b) ? 1 : -1));
    const slices: ModelSlice[] = [];
    const job: ModelJob = {
      id,
      request,
      slices,
      phase: "queued",
      endsAs: null,
      run: 1,
      isDeleted: false,
      hasBegun: false,
      pausedMs: 0,
    };
    const names = [...new Set(events.map(({ day, region }) => `${day} ${region}`))].sort();
    for (const name of names) {
      const [day = "", region = ""] = name.split(" ");
      const expected = events.filter((event) => event.day === day && event.region === region);
      slices.push(emptySlice(job, region, day, expected));
    }
    this.jobs.push(job);
    this.settle(job);
  }

  /** Brings a job on by what its slices say (design 3.2); `finished` is an entry whose handler has nothing more to do. */
  settle(job: ModelJob, finished: string | null = null): void {
    if (!isOpen(job.phase)) {
      return;
    }
    if (job.phase === "paused" && job.pausedMs >= PAUSED_MS_MAX) {
      this.endEarly(job, "cancelled");
    }
    const isEnding = job.phase === "cancelling";
    for (const slice of job.slices.filter(isWorkedOn)) {
      const entry = slice.entryId === null ? undefined : this.entries.get(slice.entryId);
      const isThere = isEnding ? entry === "active" : entry !== undefined && entry !== "ended";
      const isLive = slice.entryId !== finished && isThere;
      if (!isLive) {
        slice.claim = null;
        slice.entryId = null;
        slice.state = isEnding ? "stopped" : "waiting";
      } else if (isEnding && slice.state === "waiting") {
        slice.state = "stopped";
      }
    }
    if (job.slices.some(isEnding ? ({ state }) => state === "delivering" : isWorkedOn)) {
      return;
    }
    const states = job.slices.map(({ state }) => state);
    const atEnd = states.includes("failed")
      ? "failed"
      : states.every((state) => state === "complete")
        ? "complete"
        : "incomplete";
    job.phase = isEnding ? (job.endsAs ?? "failed") : atEnd;
    job.endsAs = null;
    for (const slice of job.slices) {
      if (slice.state === "stopped" && remainingOf(slice) === 0) {
        slice.state = slice.delivered.size === slice.expected.length ? "complete" : "incomplete";
      }
    }
  }

  /** Lets a job end early; it keeps the slot until its last claim has ended. */
  endEarly(job: ModelJob, endsAs: "failed" | "cancelled"): void {
    if (job.phase === "queued" || job.phase === "delivering" || job.phase === "paused") {
      job.phase = "cancelling";
      job.endsAs = endsAs;
    }
  }
}

function isWorkedOn({ state }: ModelSlice): boolean {
  return state === "waiting" || state === "delivering";
}

function emptySlice(job: ModelJob, region: string, day: string, expected: readonly Recorded[]): ModelSlice {
  return {
    job,
    region,
    day,
    expected,
    state: "waiting",
    entryId: null,
    claim: null,
    cursor: null,
    delivered: new Map(),
    newAtSink: 0,
    presentAtSink: 0,
    deliveryTimed: 0,
    undeliverable: new Map(),
    gap: 0,
  };
}
