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

export const saveProgress: typeof real.saveProgress = async (claim, ...args) => {
  comeBy("before-commit", claim);
  const hold = await real.saveProgress(claim, ...args);
  comeBy("after-commit", claim);
  return hold;
};

export const endSlice: typeof real.endSlice = async (claim, ...args) => {
  comeBy("before-finish", claim);
  const hold = await real.endSlice(claim, ...args);
  comeBy("after-finish", claim);
  return hold;
};
