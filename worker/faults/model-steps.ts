import type { Page, PageLimits } from "@/server/history-job/pages.ts";
import type {
  EventKey,
  Hold,
  RetriedProgress,
  SliceClaim,
  SliceProgress,
  saveLastProgress,
} from "@/server/history-job/slices.ts";
import type { EntryLook, HeldEntry } from "@/server/queue.ts";
import { DifferenceError, demand, isOpen, type Model, type ModelClaim, type ModelHold } from "./model.ts";
import type { Actor } from "./model-actor.ts";
import {
  claimNext,
  demandSame,
  endClaim,
  failJob,
  holdOf,
  readableBehind,
  saveProgress,
  saveRetried,
} from "./model-claim.ts";
import type { GatedCall } from "./model-gate.ts";
import { keyOf } from "./model-sink.ts";
import type { World } from "./model-world.ts";

/** Makes a worker's call in the real world, and what it means in the model; demands that both answer alike. */
export async function performBeside(world: World, actor: Actor, call: GatedCall): Promise<unknown> {
  const { name, args } = call;
  beginBrought(actor, args[0]);
  switch (name) {
    case "putLogs":
      return send(world, actor, args[2] as Uint8Array);
    case "setTimeout":
      return world.passTime(args[0] as number);
    case "lookAtEntry": {
      const { isHeld } = (await call.proceed(args)) as EntryLook;
      demandSame("whether the entry is held", isHeld, actor.hasEntry);
      // Entries of other jobs are those of other sequences, and of no concern to this one.
      return { isHeld, doOthersWait: world.doOthersWait, isBesideSmall: false } satisfies EntryLook;
    }
    case "readPage": {
      const page = (await call.proceed([args[0], args[1], world.pageLimits])) as Page;
      checkPage(world, args as [SliceClaim, EventKey | null, PageLimits], actor, page);
      return page;
    }
    case "readUndeliverable":
      return call.proceed([args[0], args[1], world.pageLimits]);
    default: {
      const answer = await call.proceed(args);
      await world.resolveResting();
      STEPS_OF_MODEL[name]?.(world, actor, args, answer);
      return answer;
    }
  }
}

/** A claim that was brought along begins with the first call that is made for it: none is made to get it. */
function beginBrought(actor: Actor, subject: unknown): void {
  if (actor.broughtClaim !== null && actor.broughtClaim.known === subject) {
    actor.claim = actor.broughtClaim.inModel;
    actor.broughtClaim = null;
  }
}

function send({ sink }: World, actor: Actor, logGroup: Uint8Array) {
  const { job } = claimOf(actor).slice;
  demand(!actor.hasEntry || isOpen(job.phase), "a worker that has its entry sends nothing for a job that has ended");
  const { answer, acks } = sink.put(logGroup);
  for (const [key, ack] of acks) {
    claimOf(actor).acks.set(key, ack);
  }
  return answer;
}

function checkPage(
  { model, pageLimits }: World,
  [{ region }, after]: readonly [SliceClaim, EventKey | null, PageLimits],
  actor: Actor,
  { events }: Page,
): void {
  const behind = after && { time: after.eventTime.getTime(), id: after.eventId };
  const expected = readableBehind(model, claimOf(actor).slice, behind).slice(0, pageLimits.logsMax);
  demandSame(
    "the events of a page",
    events.map(({ eventTime, eventId }) => keyOf(region, eventTime.getTime(), eventId)).join(),
    expected.map(({ key }) => key).join(),
  );
}

type StepOfModel = (world: World, actor: Actor, args: readonly unknown[], answer: unknown) => void;

const STEPS_OF_MODEL: Readonly<Record<string, StepOfModel>> = {
  beginDelivery: ({ model }, actor) => {
    const job = model.jobs.find(({ id }) => id === actor.entry.jobId);
    if (actor.hasEntry && job?.phase === "queued") {
      job.phase = "delivering";
      job.hasBegun = true;
    }
  },
  claimNextSlice: ({ model }, actor, _, answer) => {
    demand(actor.broughtClaim === null, "a worker begins the claim that it was brought before it makes another");
    const claim = actor.hasEntry ? claimNext(model, actor.entry.id) : null;
    demandSame("the claimed slice", nameOf(answer as SliceClaim | null), claim && nameOf(claim.slice));
    actor.claim = claim;
  },
  saveProgress: ({ model }, actor, [, progress], answer) => {
    const hold = saveBehindCursor(model, actor, progress as SliceProgress);
    demandSame("the hold behind progress", answer as Hold, hold);
  },
  // What is locked is skipped, and claimed by the call after it: here each step has made its statement before the next begins.
  saveLastProgress: ({ model }, actor, [, progress], answer) => {
    const { hold, next } = answer as Awaited<ReturnType<typeof saveLastProgress>>;
    const expected = saveBehindCursor(model, actor, progress as SliceProgress);
    demandSame("the hold behind the last progress", hold, expected);
    const claim = expected === "held" && actor.hasEntry ? claimNext(model, actor.entry.id) : null;
    demandSame("the slice claimed along with it", nameOf(next), claim && nameOf(claim.slice));
    actor.broughtClaim = next && claim && { known: next, inModel: claim };
  },
  saveRetried: ({ model }, actor, [claim, progress], answer) => {
    const { delivered, undeliverable, gone } = progress as RetriedProgress;
    const { region } = claim as SliceClaim;
    const keysOf = (events: readonly EventKey[]) =>
      events.map(({ eventTime, eventId }) => keyOf(region, eventTime.getTime(), eventId));
    const keys = { delivered: keysOf(delivered), refused: keysOf(undeliverable), gone: keysOf(gone) };
    demandSame("the hold behind a retry", answer as Hold, saveRetried(model, claimOf(actor), keys));
  },
  checkHold: (_, actor, __, answer) => demandSame("the hold", answer as Hold, holdOf(claimOf(actor))),
  endSlice: ({ model }, actor, [, state], answer) => {
    const hold = endClaim(model, claimOf(actor), state as "complete" | "incomplete");
    demandSame("the hold at a slice's end", answer as Hold, hold);
  },
  failSlice: ({ model }, actor, _, answer) => {
    demandSame("the hold at a slice's failure", answer as Hold, endClaim(model, claimOf(actor), "failed"));
  },
  stopSlice: ({ model }, actor, _, answer) => {
    demandSame("the hold at a slice's stop", answer as Hold, endClaim(model, claimOf(actor), "stopped"));
  },
  failJob: ({ model }, actor) => failJob(model, claimOf(actor)),
  settleIfFree: ({ model }, _, [jobId]) => {
    const job = model.jobs.find(({ id }) => id === jobId);
    if (job !== undefined) {
      model.settle(job);
    }
  },
  settleAfterEntry: ({ model }, actor, [entry]) => {
    const { id, jobId } = entry as HeldEntry;
    const job = model.jobs.find((one) => one.id === jobId);
    if (job !== undefined && actor.hasEntry) {
      model.settle(job, id);
    }
  },
};

function saveBehindCursor(model: Model, actor: Actor, { cursor, endsAs }: SliceProgress): ModelHold {
  const hold = saveProgress(model, claimOf(actor), { time: cursor.eventTime.getTime(), id: cursor.eventId });
  if (endsAs !== null) {
    endClaim(model, claimOf(actor), endsAs);
  }
  return hold;
}

function nameOf(slice: { readonly region: string; readonly day: string } | null): string | null {
  return slice && `${slice.day} ${slice.region}`;
}

function claimOf(actor: Actor): ModelClaim {
  if (actor.claim === null) {
    throw new DifferenceError("a worker does what takes a claim, without having one");
  }
  return actor.claim;
}
