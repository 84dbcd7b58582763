import {
  type Ack,
  DifferenceError,
  demand,
  isBehind,
  type Model,
  type ModelClaim,
  type ModelHold,
  type ModelSlice,
  type Position,
  type Recorded,
} from "./model.ts";

// What a worker's claim may do, and what each of its writes does to the model.

/** The slice that this entry's next claim is given, if any. */
export function claimNext(model: Model, entryId: string): ModelClaim | null {
  const slice = model.jobs
    .filter(({ phase }) => phase === "delivering")
    .flatMap(({ slices }) => slices)
    .find(({ entryId: own, state }) => own === entryId && (state === "waiting" || state === "delivering"));
  if (slice === undefined) {
    return null;
  }
  slice.state = "delivering";
  slice.claim = { slice, acks: new Map() };
  return slice.claim;
}

export function holdOf(claim: ModelClaim): ModelHold {
  if (claim.slice.claim !== claim) {
    return "lost";
  }
  const { phase } = claim.slice.job;
  return phase === "delivering" ? "held" : phase === "cancelling" ? "stop" : "paused";
}

/** What is left to read behind a position: nothing that arrived after the job was created, nothing that history has lost. */
export function readableBehind(model: Model, slice: ModelSlice, after: Position | null): Recorded[] {
  return slice.expected.filter((event) => isBehind(event, after) && model.isInHistory(event));
}

/** Moves the cursor, and with it what the sink has told this claim of every event on the way. */
export function saveProgress(model: Model, claim: ModelClaim, cursor: Position): ModelHold {
  const hold = holdOf(claim);
  if (hold !== "lost") {
    const { slice } = claim;
    demand(isBehind(cursor, slice.cursor), "the cursor moves on");
    for (const event of slice.expected.filter((one) => isBehind(one, slice.cursor) && !isBehind(one, cursor))) {
      const ack = claim.acks.get(event.key);
      demand(
        ack !== undefined || !model.isInHistory(event),
        `the cursor passed ${event.key}, of which the sink said nothing`,
      );
      if (ack !== undefined) {
        demand(!slice.delivered.has(event.key) && !slice.undeliverable.has(event.key), `${event.key} counts twice`);
        count(slice, event, ack);
      }
    }
    slice.cursor = cursor;
  }
  return hold;
}

export type RetriedKeys = {
  readonly delivered: readonly string[];
  readonly refused: readonly string[];
  readonly gone: readonly string[];
};

/** The same for events that an earlier run could not deliver. */
export function saveRetried(model: Model, claim: ModelClaim, { delivered, refused, gone }: RetriedKeys): ModelHold {
  const hold = holdOf(claim);
  if (hold !== "lost") {
    const { slice } = claim;
    for (const key of [...delivered, ...refused, ...gone]) {
      const run = slice.undeliverable.get(key);
      demand(run !== undefined && run < slice.job.run, `${key} was refused in an earlier run`);
      slice.undeliverable.delete(key);
      const event = slice.expected.find((one) => one.key === key);
      demand(event !== undefined, `${key} is expected`);
      if (gone.includes(key)) {
        demand(!model.isInHistory(event), `${key} is in history and no gap`);
        slice.gap++;
      } else {
        const ack = claim.acks.get(key);
        demand(ack !== undefined, `the sink said nothing of ${key}`);
        demand(isDelivery(ack) === delivered.includes(key), `the sink said "${ack.kind}" of ${key}`);
        count(slice, event, ack);
      }
    }
  }
  return hold;
}

function count(slice: ModelSlice, event: Recorded, ack: Ack): void {
  if (isDelivery(ack)) {
    slice.delivered.set(event.key, event);
    slice.newAtSink += ack.kind === "new" ? 1 : 0;
    slice.presentAtSink += ack.kind === "present" ? 1 : 0;
    slice.deliveryTimed += ack.isDeliveryTimed ? 1 : 0;
  } else {
    slice.undeliverable.set(event.key, slice.job.run);
  }
}

function isDelivery(ack: Ack): ack is Extract<Ack, { kind: "new" | "present" }> {
  return ack.kind === "new" || ack.kind === "present";
}

/** Ends a claim. A slice that was read to its end has tried everything: what is still missing is its gap. */
export function endClaim(
  model: Model,
  claim: ModelClaim,
  state: "complete" | "incomplete" | "failed" | "stopped",
): ModelHold {
  const hold = holdOf(claim);
  if (hold !== "lost") {
    const { slice } = claim;
    if (state === "complete" || state === "incomplete") {
      demand(readableBehind(model, slice, slice.cursor).length === 0, "a slice that ends was read to its end");
      const untried = [...slice.undeliverable.values()].filter((run) => run < slice.job.run);
      demand(untried.length === 0, "a retry has tried what was refused before");
      slice.gap = slice.expected.length - slice.delivered.size - slice.undeliverable.size;
      const isComplete = slice.delivered.size === slice.expected.length;
      demand(isComplete === (state === "complete"), `a slice ends as ${isComplete ? "complete" : "incomplete"}`);
    }
    slice.state = state;
    slice.claim = null;
  }
  return hold;
}

/** The sink refuses everything: the claim's job ends early. */
export function failJob(model: Model, claim: ModelClaim): void {
  if (holdOf(claim) !== "lost") {
    model.endEarly(claim.slice.job, "failed");
  }
  model.settle(claim.slice.job);
}

/** Demands that what the product answers is what the model does. */
export function demandSame<T extends string | number | boolean | null>(what: string, actual: T, expected: T): void {
  if (actual !== expected) {
    throw new DifferenceError(`${what}: ${actual}, and not ${expected}`);
  }
}
