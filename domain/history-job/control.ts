import type { JobStatusReason } from "@/domain/errors.ts";
import { type JobPhase, type Ledger, remainingOf } from "./history-job.ts";
import { LIVE_ENTRIES_MAX, type Refusal } from "./rules.ts";

/** What a retry would take up again; null when there is nothing that it could. */
export type Retry = { readonly slices: number; readonly remaining: number; readonly undeliverable: number };

/**
 * What is left to try of a job (design 3.2, retry): what remains behind each cursor and what was refused. A gap is not: those
 * events are gone.
 */
export function retryOf(
  job: { readonly phase: JobPhase; readonly isDeleted: boolean },
  slices: readonly Ledger[],
): Retry | null {
  if ((job.phase !== "incomplete" && job.phase !== "failed") || job.isDeleted) {
    return null;
  }
  const left = slices.filter((slice) => remainingOf(slice) > 0 || slice.undeliverable > 0);
  if (left.length === 0) {
    return null;
  }
  return {
    slices: left.length,
    remaining: left.reduce((sum, slice) => sum + remainingOf(slice), 0),
    undeliverable: left.reduce((sum, slice) => sum + slice.undeliverable, 0),
  };
}

/** The facts of a job that decide whether its course may be changed. */
export type ControlFacts = {
  readonly id: number;
  readonly phase: JobPhase;
  /** While cancelling: what the job ends as. */
  readonly endsAs: "failed" | "cancelled" | null;
  readonly isDeleted: boolean;
};

/**
 * Go: do it. Done: the job is already as was asked, so that who asks again after a lost answer, or just after a colleague, is
 * not told of a failure. A refusal says why.
 */
export type ControlDecision = { readonly kind: "go" } | { readonly kind: "done" } | Refusal;

const GO = { kind: "go" } as const;
const DONE = { kind: "done" } as const;

type Outcome = "go" | "done" | JobStatusReason;

const ENDED = { complete: "job-ended", incomplete: "job-ended", failed: "job-ended", cancelled: "job-ended" } as const;

const PAUSE: Readonly<Record<JobPhase, Outcome>> = {
  queued: "go",
  delivering: "go",
  paused: "done",
  cancelling: "job-ending",
  ...ENDED,
};

const RESUME: Readonly<Record<JobPhase, Outcome>> = {
  queued: "done",
  delivering: "done",
  paused: "go",
  cancelling: "job-ending",
  ...ENDED,
};

const CANCEL: Readonly<Record<JobPhase, Outcome>> = {
  queued: "go",
  delivering: "go",
  paused: "go",
  cancelling: "job-ending",
  ...ENDED,
  cancelled: "done",
};

const LIMIT: Readonly<Record<JobPhase, Outcome>> = {
  queued: "go",
  delivering: "go",
  paused: "go",
  cancelling: "job-ending",
  ...ENDED,
};

const RETRY: Readonly<Record<JobPhase, Outcome>> = {
  queued: "job-running",
  delivering: "job-running",
  paused: "job-running",
  cancelling: "job-running",
  complete: "job-complete",
  incomplete: "go",
  failed: "go",
  cancelled: "job-cancelled",
};

export function decidePause(job: ControlFacts): ControlDecision {
  return decide(job, PAUSE);
}

export function decideResume(job: ControlFacts): ControlDecision {
  return decide(job, RESUME);
}

/** A job that is ending because somebody cancelled it is as was asked; one that is failing is not, its outcome is known. */
export function decideCancel(job: ControlFacts): ControlDecision {
  const isBeingCancelled = job.phase === "cancelling" && job.endsAs === "cancelled" && !job.isDeleted;
  return isBeingCancelled ? DONE : decide(job, CANCEL);
}

/** A new ceiling may be set as long as there is something to slow down or let go. The same one again changes nothing. */
export function decideLimit(job: ControlFacts): ControlDecision {
  return decide(job, LIMIT);
}

/** Any job may be deleted, in any phase, once: afterwards it is not there for whoever would delete it (design 3.2). */
export function decideDelete(job: ControlFacts): ControlDecision {
  return job.isDeleted
    ? { kind: "refuse", code: "DeliveryHistoryJobNotFound", details: { jobId: job.id, why: "job-deleted" } }
    : GO;
}

/** What a retry looks at besides the job itself. */
export type RetryFacts = {
  readonly slices: readonly Ledger[];
  /** Whether the log project of the job's snapshot is still known. The trail may be gone. */
  readonly hasLogProject: boolean;
  /** The job that holds the account's slot. */
  readonly slotJobId: number | null;
};

/**
 * Retry applies to incomplete and failed jobs and takes the slot again (design 3.2). The job first, then its sink, then the
 * slot: the order of a creation's checks.
 */
export function decideRetry(job: ControlFacts, { slices, hasLogProject, slotJobId }: RetryFacts): ControlDecision {
  const decision = decide(job, RETRY);
  if (decision.kind !== "go") {
    return decision;
  }
  if (retryOf(job, slices) === null) {
    return refuse(job, "nothing-to-retry");
  }
  if (!hasLogProject) {
    return { kind: "refuse", code: "TrailNotValid", details: { why: "no-log-project" } };
  }
  return slotJobId === null
    ? GO
    : {
        kind: "refuse",
        code: "MaximumNumberOfDeliveryHistoryJobsExceededException",
        details: { jobId: slotJobId },
      };
}

function decide(job: ControlFacts, outcomes: Readonly<Record<JobPhase, Outcome>>): ControlDecision {
  const outcome = job.isDeleted ? "job-deleted" : outcomes[job.phase];
  switch (outcome) {
    case "go":
      return GO;
    case "done":
      return DONE;
    default:
      return refuse(job, outcome);
  }
}

function refuse(job: ControlFacts, why: JobStatusReason): Refusal {
  return { kind: "refuse", code: "IncorrectDeliveryHistoryJobStatus", details: { jobId: job.id, why } };
}

/** How long a job may be paused: after that it would hold the account's slot for nobody (design 3.2). */
export const PAUSED_HOURS_MAX = 24;

/**
 * What one worker place delivers, at the least, to a sink that answers within a third of a second: two batches in flight of some
 * 1,800 events are 10,000 events a second, and this is half of it. Fewer places than needed would keep a job below
 * its ceiling against a slow sink; more would be held by handlers that only wait.
 */
const EVENTS_PER_SECOND_PER_ENTRY = 5_000;

/** Queue entries that a job has use for at a time, by what slows it down: one tries a sick sink, few reach a low ceiling. */
export function liveEntriesMaxOf(job: {
  readonly eventsPerSecondMax: number | null;
  readonly isSinkSick: boolean;
}): number {
  if (job.isSinkSick) {
    return 1;
  }
  return job.eventsPerSecondMax === null
    ? LIVE_ENTRIES_MAX
    : Math.min(LIVE_ENTRIES_MAX, Math.ceil(job.eventsPerSecondMax / EVENTS_PER_SECOND_PER_ENTRY));
}
