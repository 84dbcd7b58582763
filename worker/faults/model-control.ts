import { isOpen, type Model, type ModelJob, remainingOf } from "./model.ts";

/** What a person can ask of a job that exists. */
export const CONTROLS = ["pause", "resume", "cancel", "retry", "delete", "limit"] as const;
export type Control = (typeof CONTROLS)[number];

const NOT_FOUND = "DeliveryHistoryJobNotFound";
const WRONG_STATUS = "IncorrectDeliveryHistoryJobStatus";

/** What the request does to the model's job; a refusal's code, or null when it is granted or already so. */
export function controlModel(model: Model, job: ModelJob, control: Control): string | null {
  if (job.isDeleted) {
    return control === "delete" ? NOT_FOUND : WRONG_STATUS;
  }
  const refusal = CHANGES[control](model, job);
  if (refusal === null) {
    model.settle(job);
  }
  return refusal;
}

const CHANGES: Readonly<Record<Control, (model: Model, job: ModelJob) => string | null>> = {
  pause: (_, job) => {
    if (job.phase === "queued" || job.phase === "delivering") {
      job.phase = "paused";
      job.pausedMs = 0;
    }
    return job.phase === "paused" ? null : WRONG_STATUS;
  },
  resume: (_, job) => {
    if (job.phase === "paused") {
      job.phase = job.hasBegun ? "delivering" : "queued";
    }
    return job.phase === "queued" || job.phase === "delivering" ? null : WRONG_STATUS;
  },
  cancel: (model, job) => {
    model.endEarly(job, "cancelled");
    return job.phase === "cancelled" || (job.phase === "cancelling" && job.endsAs === "cancelled")
      ? null
      : WRONG_STATUS;
  },
  delete: (model, job) => {
    job.isDeleted = true;
    model.endEarly(job, "cancelled");
    return null;
  },
  limit: (_, job) => (isOpen(job.phase) && job.phase !== "cancelling" ? null : WRONG_STATUS),
  retry: (model, job) => {
    const left = job.slices.filter((slice) => remainingOf(slice) > 0 || slice.undeliverable.size > 0);
    if ((job.phase !== "failed" && job.phase !== "incomplete") || left.length === 0) {
      return WRONG_STATUS;
    }
    if (model.slotJob !== null) {
      return "MaximumNumberOfDeliveryHistoryJobsExceededException";
    }
    job.phase = "queued";
    job.run++;
    job.hasBegun = false;
    for (const slice of left) {
      slice.state = "waiting";
      slice.entryId = null;
      slice.claim = null;
    }
    return null;
  },
};
