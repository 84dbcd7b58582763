/** Phases of a history job, for people (design 3.2). */
export const JOB_PHASES = [
  "queued",
  "delivering",
  "paused",
  "cancelling",
  "complete",
  "incomplete",
  "failed",
  "cancelled",
] as const;
export type JobPhase = (typeof JOB_PHASES)[number];

/** The vendor's JobStatus: initializing, delivering, complete, failed. */
export type JobStatus = 0 | 1 | 2 | 3;

const STATUS_OF_PHASE: Readonly<Record<JobPhase, JobStatus>> = {
  queued: 0,
  delivering: 1,
  paused: 1,
  cancelling: 1,
  complete: 2,
  incomplete: 3,
  failed: 3,
  cancelled: 3,
};

/** The table in design 3.2; the database holds it as the constraint delivery_history_job_phase. */
export function statusOf(phase: JobPhase): JobStatus {
  return STATUS_OF_PHASE[phase];
}

/** Whether a job in this phase holds its account's one slot (the index delivery_history_job_slot_key). */
export function holdsSlot(phase: JobPhase): boolean {
  return STATUS_OF_PHASE[phase] < 2;
}

/** States of a slice. A stopped slice was left because its job ended early. */
export const SLICE_STATES = ["waiting", "delivering", "complete", "incomplete", "failed", "stopped"] as const;
export type SliceState = (typeof SLICE_STATES)[number];

/** Whether nothing more will happen to a slice in this state. */
export function hasEnded(state: SliceState): boolean {
  return state !== "waiting" && state !== "delivering";
}

/** How a verification found out what a logstore has of a slice (design 5, report). */
export const VERIFICATION_METHODS = ["identity", "checksum", "acknowledged"] as const;
export type VerificationMethod = (typeof VERIFICATION_METHODS)[number];

export const VERIFICATION_STATES = ["waiting", "running", "complete", "failed"] as const;

/** The terms of the ledger: expected = delivered + undeliverable + gap + remaining, per slice and per job. */
export type Ledger = {
  readonly expected: number;
  readonly delivered: number;
  readonly undeliverable: number;
  readonly gap: number;
};

export function remainingOf(ledger: Ledger): number {
  return ledger.expected - ledger.delivered - ledger.undeliverable - ledger.gap;
}

/** The share of the expected events whose fate is known, 0 to 1; a job that expects nothing is done. */
export function progressOf(ledger: Ledger): number {
  return ledger.expected === 0 ? 1 : (ledger.expected - remainingOf(ledger)) / ledger.expected;
}

/** The name that policies and the audit have for a job. Source: RAM resources (actiontrail.md, 7, the newer pages). */
export function historyJobArn(homeRegion: string, accountId: string, jobId: number): string {
  return `acs:actiontrail:${homeRegion}:${accountId}:historydeliveryjob/${jobId}`;
}
