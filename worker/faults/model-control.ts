import { isOpen, type Model, type ModelJob, remainingOf } from "./model.ts";

/** What a person can ask of a job that exists. */
export const CONTROLS = ["pause", "resume", "cancel", "retry", "delete", "limit"] as const;
export type Control = (typeof CONTROLS)[number];

const NOT_FOUND = "DeliveryHistoryJobNotFound";
const WRONG_STATUS = "IncorrectDeliveryHistoryJobStatus";
const SLOT_TAKEN = "MaximumNumberOfDeliveryHistoryJobsExceededException";

/** What a request comes to: it is granted, it is already so, or it is refused with this code. */
type Outcome = "granted" | "already-so" | typeof NOT_FOUND | typeof WRONG_STATUS | typeof SLOT_TAKEN;

/** What the request does to the model's job; a refusal's code, or null. */
export function controlModel(model: Model, job: ModelJob, control: Control): string | null {
  if (job.isDeleted) {
    return control === "delete" ? NOT_FOUND : WRONG_STATUS;
  }
  const outcome = CHANGES[control](model, job);
  if (outcome === "granted") {
    model.settle(job);
  }
  return outcome === "granted" || outcome === "already-so" ? null : outcome;
}

const CHANGES: Readonly<Record<Control, (model: Model, job: ModelJob) => Outcome>> = {
  pause: (_, job) => {
    if (job.phase !== "queued" && job.phase !== "delivering") {
      return job.phase === "paused" ? "already-so" : WRONG_STATUS;
    }
    job.phase = "paused";
    job.pausedMs = 0;
    return "granted";
  },
  resume: (_, job) => {
    if (job.phase !== "paused") {
      return job.phase === "queued" || job.phase === "delivering" ? "already-so" : WRONG_STATUS;
    }
    job.phase = job.hasBegun ? "delivering" : "queued";
    return "granted";
  },
  cancel: (model, job) => {
    if (job.phase === "cancelled" || (job.phase === "cancelling" && job.endsAs === "cancelled")) {
      return "already-so";
    }
    if (job.phase === "cancelling" || !isOpen(job.phase)) {
      return WRONG_STATUS;
    }
    model.endEarly(job, "cancelled");
    return "granted";
  },
  delete: (model, job) => {
    job.isDeleted = true;
    model.endEarly(job, "cancelled");
    return "granted";
  },
  limit: (_, job) => (isOpen(job.phase) && job.phase !== "cancelling" ? "granted" : WRONG_STATUS),
  retry: (model, job) => {
    const left = job.slices.filter((slice) => remainingOf(slice) > 0 || slice.undeliverable.size > 0);
    if (!canRetry(job)) {
      return WRONG_STATUS;
    }
    if (model.slotJob !== null) {
      return SLOT_TAKEN;
    }
    job.phase = "queued";
    job.run++;
    job.hasBegun = false;
    for (const slice of left) {
      slice.state = "waiting";
      slice.entryId = null;
      slice.claim = null;
    }
    return "granted";
  },
};

/** Whether there is something of an ended job that another run could deliver. */
export function canRetry({ phase, isDeleted, slices }: ModelJob): boolean {
  const isLeft = slices.some((slice) => remainingOf(slice) > 0 || slice.undeliverable.size > 0);
  return (phase === "failed" || phase === "incomplete") && !isDeleted && isLeft;
}
