import type { RamAction } from "@/domain/access/action.ts";
import { type ControlFacts, decideResume } from "@/domain/history-job/control.ts";
import { holdsSlot } from "@/domain/history-job/history-job.ts";
import type { HistoryJobDetailDto } from "@/domain/history-job/schema.ts";
import type { JobControlWords } from "./control-words.ts";

/** What a person can do with a job on its page, each with the permission that it takes. */
export const JOB_CONTROL_ACTIONS = {
  delete: "actiontrail:DeleteDeliveryHistoryJob",
  pause: "backtrail:PauseDeliveryHistoryJob",
  resume: "backtrail:ResumeDeliveryHistoryJob",
  limit: "backtrail:LimitDeliveryHistoryJob",
  cancel: "backtrail:CancelDeliveryHistoryJob",
  verify: "backtrail:VerifyDeliveryHistoryJob",
  download: "actiontrail:GetDeliveryHistoryJob",
  "redeliver-missing": "actiontrail:CreateDeliveryHistoryJob",
  retry: "backtrail:RetryDeliveryHistoryJob",
} as const satisfies Record<string, RamAction>;

export type JobControl = keyof typeof JOB_CONTROL_ACTIONS;

export const JOB_CONTROLS = Object.keys(JOB_CONTROL_ACTIONS) as readonly JobControl[];

/** A control on screen; with `why` it is disabled, and that stands beside it. */
export type OfferedControl = { readonly control: JobControl; readonly why: string | null };

export type OfferFacts = Pick<HistoryJobDetailDto, "retry"> & {
  readonly job: Pick<HistoryJobDetailDto["job"], "id" | "phase" | "claims" | "deletedAt">;
  readonly verification: { readonly state: string; readonly slicesMissing: number } | null;
  /** The job that holds the account's slot, which may be this one. */
  readonly slotJobId: number | null;
};

/** The reason that most controls have in common, which one sentence tells of all; null where each has its own. */
export function commonWhy(offered: readonly OfferedControl[]): string | null {
  const reasons = Map.groupBy(
    offered.flatMap(({ why }) => why ?? []),
    (why) => why,
  );
  const [common] = [...reasons].toSorted(([, some], [, others]) => others.length - some.length);
  return common !== undefined && common[1].length > 1 ? common[0] : null;
}

/**
 * The controls of a job in this state for a person with these permissions, in the order in which they stand. Those of its course are
 * always there: what the state does not allow, or the person may not do, is shown with its reason where they would look for it. It is
 * courtesy: the commands decide by themselves.
 */
export function controlsOf(
  facts: OfferFacts,
  permitted: readonly JobControl[],
  words: JobControlWords,
): OfferedControl[] {
  const { job } = facts;
  const offered = holdsSlot(job.phase) ? controlsOfRunning(facts, words.why) : controlsOfEnded(facts, words.why);
  const whyGone = job.deletedAt === null ? null : words.why.deleted;
  return offered.map(({ control, why }) => ({
    control,
    why: !permitted.includes(control) ? words.why.notPermitted : READING.includes(control) ? why : (whyGone ?? why),
  }));
}

/** What changes nothing, and so is left of a job that was deleted. */
const READING: readonly JobControl[] = ["verify", "download"];

type Why = JobControlWords["why"];

function controlsOfRunning({ job }: OfferFacts, words: Why): OfferedControl[] {
  const rules: ControlFacts = { id: job.id, phase: job.phase, endsAs: null, isDeleted: false };
  const hold = decideResume(rules).kind === "go" ? "resume" : "pause";
  const ending = job.phase === "cancelling" ? whyStillEnding(job.claims, words) : null;
  return [
    { control: "delete", why: null },
    { control: hold, why: ending },
    { control: "limit", why: ending },
    { control: "cancel", why: ending },
    { control: "retry", why: words.running },
  ];
}

function whyStillEnding(claims: number, words: Why): string {
  return claims === 0 ? words.ending : words.endingWaits(claims);
}

function controlsOfEnded(facts: OfferFacts, words: Why): OfferedControl[] {
  const { verification } = facts;
  const isVerifying = verification?.state === "waiting" || verification?.state === "running";
  const hasMissing = verification?.state === "complete" && verification.slicesMissing > 0;
  const missing: OfferedControl[] = hasMissing
    ? [{ control: "redeliver-missing", why: whySlotTaken(facts, words) }]
    : [];
  return [
    { control: "delete", why: null },
    { control: "verify", why: isVerifying ? words.beingVerified : null },
    { control: "download", why: null },
    ...missing,
    { control: "retry", why: whyNoRetry(facts, words) },
    { control: "pause", why: words.ended },
    { control: "limit", why: words.ended },
    { control: "cancel", why: words.ended },
  ];
}

function whyNoRetry(facts: OfferFacts, words: Why): string | null {
  if (facts.job.phase === "cancelled") {
    return words.cancelled;
  }
  if (facts.job.phase === "complete") {
    return words.complete;
  }
  return facts.retry === null ? words.nothingLeft : whySlotTaken(facts, words);
}

/**
 * The control whose question stands open: the one that the address names, while it could be pressed. Null once its object has gone,
 * because the job has ended or was paused by somebody else. A slot that is taken meanwhile withdraws no start of what is missing: what
 * was typed and a refusal stay, and a token that was sent before is answered all the same.
 */
export function askedOf(
  opened: JobControl | null,
  facts: OfferFacts,
  permitted: readonly JobControl[],
  words: JobControlWords,
): JobControl | null {
  const heeded = opened === "redeliver-missing" ? { ...facts, slotJobId: null } : facts;
  return controlsOf(heeded, permitted, words).some(({ control, why }) => control === opened && why === null)
    ? opened
    : null;
}

function whySlotTaken({ slotJobId }: OfferFacts, words: Why): string | null {
  return slotJobId === null ? null : words.slotTaken(slotJobId);
}
