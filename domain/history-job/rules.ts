import type { DomainErrorCode, DomainErrorDetails } from "@/domain/errors.ts";
import { HISTORY_MS } from "@/domain/event/event.ts";
import { TRAIL_NAME_PATTERN } from "@/domain/trail/trail.ts";
import { hasEnded, holdsSlot, type JobPhase, type Ledger, type SliceState } from "./history-job.ts";
import type { CreateHistoryJobInput, StoredRequest, TimeWindowRequest, WindowRequest } from "./schema.ts";

/** The vendor's windows end five minutes late, so that what is on its way when the job is created is in it. */
const WINDOW_SLACK_MS = 300_000;

const DAY_MS = 86_400_000;

/** 1 to 64 printable ASCII characters (design 3.1, 2). */
export const CLIENT_TOKEN_PATTERN = /^[\x20-\x7e]{1,64}$/;

export type Refusal = {
  readonly kind: "refuse";
  readonly code: DomainErrorCode;
  readonly details: DomainErrorDetails;
};

function refuse(code: DomainErrorCode, details: DomainErrorDetails = {}): Refusal {
  return { kind: "refuse", code, details };
}

/** Rule 2: TrailName present and well formed, ClientToken well formed; an empty token counts as none. */
export function checkShape(input: CreateHistoryJobInput): Refusal | null {
  if (input.trailName === "") {
    return refuse("MissingTrailName", { field: "trailName" });
  }
  if (!TRAIL_NAME_PATTERN.test(input.trailName)) {
    return refuse("InvalidTrailNameException", { field: "trailName" });
  }
  if (input.clientToken !== "" && !CLIENT_TOKEN_PATTERN.test(input.clientToken)) {
    return refuse("InvalidClientToken.Malformed", { field: "clientToken" });
  }
  return null;
}

/** What a repeated token is compared with: what the caller sent, never what was computed from it, nor the reason. */
export function storedRequestOf(input: CreateHistoryJobInput): StoredRequest {
  return { trailName: input.trailName, window: input.window };
}

export function isSameRequest(one: StoredRequest, other: StoredRequest): boolean {
  return one.trailName === other.trailName && windowKey(one.window) === windowKey(other.window);
}

function windowKey(window: WindowRequest): string {
  switch (window.kind) {
    case "own":
      return `${window.from}/${window.to}`;
    case "missing-of":
      return `${window.kind} ${window.jobId}`;
    case "default":
    case "until-effect":
      return window.kind;
  }
}

/** The facts that the order of checks in design 3.1 looks at, read from the store. */
export type CreationFacts = {
  readonly now: Date;
  /** The job that the account has used this token for, deleted ones included. */
  readonly tokenJob: { readonly id: number; readonly request: StoredRequest } | null;
  readonly trail: {
    /** Why the trail cannot be redelivered at all (domain/trail/rules.ts), if so. */
    readonly notValid: DomainErrorDetails["why"] | null;
    readonly startLoggingTime: Date | null;
  } | null;
  /** Of a request for another job's missing events: that job, when the account has it. */
  readonly missingOf: MissingFacts | null;
  /** The job that holds the account's slot. */
  readonly slotJobId: number | null;
};

/** One region and one UTC day, YYYY-MM-DD. */
type SliceKey = { readonly region: string; readonly day: string };

/** What is known of a job whose missing events are to be sent again. */
export type MissingFacts = {
  readonly jobId: number;
  readonly trailName: string;
  readonly phase: JobPhase;
  readonly isDeleted: boolean;
  readonly windowFrom: Date;
  readonly windowTo: Date;
  /**
   * Of its newest finished verification since it ended: whether the sink could be read, and the slices with missing events,
   * found by identity. Null when there is none.
   */
  readonly verification: { readonly isComparable: boolean; readonly slicesMissing: readonly SliceKey[] } | null;
};

export type Creation =
  | {
      readonly kind: "create";
      readonly from: Date;
      readonly to: Date;
      /** The only slices that the job may have; null for all of the window. */
      readonly slices: readonly SliceKey[] | null;
    }
  | { readonly kind: "reuse"; readonly jobId: number }
  | Refusal;

/**
 * Rules 3 to 6 of design 3.1, in their order: the token first, so that a retry of a success gets its job back and never
 * "already running"; then the trail, the window, the slot. Rule 2 has been checked before.
 */
export function decideCreation(input: CreateHistoryJobInput, facts: CreationFacts): Creation {
  if (facts.tokenJob !== null) {
    return isSameRequest(facts.tokenJob.request, storedRequestOf(input))
      ? { kind: "reuse", jobId: facts.tokenJob.id }
      : refuse("IdempotentParameterMismatch", { jobId: facts.tokenJob.id, field: "clientToken" });
  }
  if (facts.trail === null) {
    return refuse("TrailNotFoundException", { field: "trailName" });
  }
  if (facts.trail.notValid) {
    return refuse("TrailNotValid", { why: facts.trail.notValid });
  }
  const part =
    input.window.kind === "missing-of"
      ? resolveMissing(input.window.jobId, input.trailName, facts.missingOf, facts.now)
      : resolveWindow(input.window, facts.trail.startLoggingTime, facts.now);
  if (part.kind === "refuse") {
    return part;
  }
  if (facts.slotJobId !== null) {
    return refuse("MaximumNumberOfDeliveryHistoryJobsExceededException", { jobId: facts.slotJobId });
  }
  return { kind: "create", from: part.from, to: part.to, slices: part.kind === "missing" ? part.slices : null };
}

type ResolvedMissing =
  | { readonly kind: "missing"; readonly from: Date; readonly to: Date; readonly slices: readonly SliceKey[] }
  | Refusal;

/**
 * The slices in which another job's events are missing, in the part of its window that history still keeps. The job must be one
 * of the same trail, because the right to deliver was checked for that trail; it must have ended and been compared since,
 * because the comparison says what to send.
 */
function resolveMissing(jobId: number, trailName: string, job: MissingFacts | null, now: Date): ResolvedMissing {
  if (job === null) {
    return refuse("DeliveryHistoryJobNotFound", { jobId });
  }
  if (job.trailName !== trailName) {
    return refuse("InvalidParameterCombination", { field: "trailName", jobId });
  }
  if (holdsSlot(job.phase)) {
    return refuse("IncorrectDeliveryHistoryJobStatus", { why: "job-running", jobId });
  }
  if (job.isDeleted) {
    return refuse("IncorrectDeliveryHistoryJobStatus", { why: "job-deleted", jobId });
  }
  if (job.verification === null || !job.verification.isComparable) {
    return refuse("IncorrectDeliveryHistoryJobStatus", { why: "not-verified", jobId });
  }
  // From the beginning of the oldest day: history keeps a day as a whole for as long as any of it is within the 90, and the
  // comparison has looked at all of it.
  const oldest = now.getTime() - HISTORY_MS;
  const from = new Date(Math.max(job.windowFrom.getTime(), oldest - (oldest % DAY_MS)));
  const to = job.windowTo;
  const slices = job.verification.slicesMissing.filter(({ day }) => Date.parse(`${day}T24:00:00Z`) > from.getTime());
  if (slices.length === 0 || from >= to) {
    return refuse("IncorrectDeliveryHistoryJobStatus", { why: "nothing-missing", jobId });
  }
  return { kind: "missing", from, to, slices };
}

export type ResolvedWindow = { readonly kind: "window"; readonly from: Date; readonly to: Date } | Refusal;

/** The event times [from, to) that a requested window means now, in whole seconds (design 3.1, Window). */
export function resolveWindow(request: TimeWindowRequest, startLoggingTime: Date | null, now: Date): ResolvedWindow {
  const nowSecond = wholeSecond(now.getTime());
  const oldest = nowSecond - HISTORY_MS;
  switch (request.kind) {
    case "default":
      return windowOf(oldest, nowSecond + WINDOW_SLACK_MS);
    case "until-effect": {
      if (startLoggingTime === null) {
        return refuse("TrailNotValid", { why: "never-took-effect" });
      }
      const to = wholeSecond(startLoggingTime.getTime()) + WINDOW_SLACK_MS;
      return to > oldest ? windowOf(oldest, to) : refuse("TrailNotValid", { why: "took-effect-before-history" });
    }
    case "own": {
      const from = Date.parse(request.from);
      const to = Date.parse(request.to);
      if (from >= to) {
        return refuse("InvalidParameterCombination", { field: "window" });
      }
      return from < oldest ? refuse("InvalidParameterStartTimeOutOfDate", { field: "window" }) : windowOf(from, to);
    }
  }
}

function windowOf(from: number, to: number): ResolvedWindow {
  return { kind: "window", from: new Date(from), to: new Date(to) };
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}

/** Live queue entries that a job has at most: the slices that are worked on at a time, whatever the number of workers. */
export const LIVE_ENTRIES_MAX = 4;

/**
 * Events that one queue entry covers at most, unless a single slice is larger. Enough work that the queue's own cost
 * vanishes (under a second of delivery), little enough that a lost entry is soon made good.
 */
const RUN_EVENTS_MAX = 50_000;

/**
 * Events that one queue entry covers at least, if the job has them: about a batch. Less is not worth a place of its own: a small job
 * that took four would end a moment sooner when it is alone, and make all others wait when many are started together.
 */
const RUN_EVENTS_MIN = 2_000;

/**
 * Slices that one queue entry covers at most, however few events they have: so many have to be read to find out what the next one covers.
 * Not so of a small job, whose slices are read once, and which is not to have more places for having many.
 */
const RUN_SLICES_MAX = 250;

/** What is delivered within a second by itself, and would take many times as long beside a large job as just one among its like. */
const SMALL_JOB_EVENTS_MAX = 10_000;

/** Whether others make room for a job while it begins. */
export function isSmallJob(expected: number): boolean {
  return expected <= SMALL_JOB_EVENTS_MAX;
}

/** How many slices have to be read to find out what so many entries cover; null for all that are left. */
export function slicesForRuns(entries: number, jobExpected: number): number | null {
  return isSmallJob(jobExpected) ? null : entries * RUN_SLICES_MAX;
}

/** How many of these consecutive slices the next queue entry covers: at least one, so that a job always goes on. */
export function lengthOfNextRun(slices: readonly { readonly expected: number }[], jobExpected: number): number {
  const target = Math.min(RUN_EVENTS_MAX, Math.max(RUN_EVENTS_MIN, Math.ceil(jobExpected / LIVE_ENTRIES_MAX)));
  const slicesMax = slicesForRuns(1, jobExpected) ?? slices.length;
  let events = 0;
  for (const [index, slice] of slices.entries()) {
    events += slice.expected;
    if (index === slicesMax || (index > 0 && events > target)) {
      return index;
    }
  }
  return slices.length;
}

/** The state of a slice that was read to its end: whatever is missing then is a gap. */
export function stateAtEnd(ledger: Ledger): Extract<SliceState, "complete" | "incomplete"> {
  return ledger.undeliverable === 0 && ledger.delivered === ledger.expected ? "complete" : "incomplete";
}

/**
 * How a job ends when all its slices have ended (design 3.2): one failed slice makes it failed; slices that were read to
 * their end but could not deliver everything make it incomplete. Null while a slice has not ended.
 */
export function phaseAtEnd(
  slices: readonly { readonly state: SliceState }[],
): Extract<JobPhase, "complete" | "incomplete" | "failed"> | null {
  if (!slices.every((slice) => hasEnded(slice.state))) {
    return null;
  }
  if (slices.some((slice) => slice.state === "failed" || slice.state === "stopped")) {
    return "failed";
  }
  return slices.some((slice) => slice.state === "incomplete") ? "incomplete" : "complete";
}
