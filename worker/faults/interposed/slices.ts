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

export const saveProgress: typeof real.saveProgress = (claim, progress) =>
  saveBetween(claim, progress, () => real.saveProgress(claim, progress));

export const saveLastProgress: typeof real.saveLastProgress = async (claim, progress, ...args) => {
  const saved = await saveBetween(claim, progress, () => real.saveLastProgress(claim, progress, ...args));
  if (saved.next !== null) {
    comeBy("claimed", saved.next);
  }
  return saved;
};

/** The last progress of a slice is its finish, too, when it is known to be the last. */
async function saveBetween<T>(
  claim: real.SliceClaim,
  progress: real.SliceProgress,
  save: () => Promise<T>,
): Promise<T> {
  comeBy("before-commit", claim);
  if (progress.endsAs !== null) {
    comeBy("before-finish", claim);
  }
  const saved = await save();
  comeBy("after-commit", claim);
  if (progress.endsAs !== null) {
    comeBy("after-finish", claim);
  }
  return saved;
}

export const endSlice: typeof real.endSlice = async (claim, ...args) => {
  comeBy("before-finish", claim);
  const hold = await real.endSlice(claim, ...args);
  comeBy("after-finish", claim);
  return hold;
};
