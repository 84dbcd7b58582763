import * as real from "@/server/history-job/slices.ts";
import { comeBy } from "@/worker/faults/boundary.ts";

export * from "@/server/history-job/slices.ts";

export const claimNextSlice: typeof real.claimNextSlice = async (...args) => {
  const claim = await real.claimNextSlice(...args);
  if (claim !== null) {
    comeBy("claimed", claim);
  }
  return claim;
};

/** The last progress of a slice is its finish, too, when it is known to be the last. */
export const saveProgress: typeof real.saveProgress = async (claim, progress) => {
  comeBy("before-commit", claim);
  if (progress.endsAs !== null) {
    comeBy("before-finish", claim);
  }
  const hold = await real.saveProgress(claim, progress);
  comeBy("after-commit", claim);
  if (progress.endsAs !== null) {
    comeBy("after-finish", claim);
  }
  return hold;
};

export const endSlice: typeof real.endSlice = async (claim, ...args) => {
  comeBy("before-finish", claim);
  const hold = await real.endSlice(claim, ...args);
  comeBy("after-finish", claim);
  return hold;
};
