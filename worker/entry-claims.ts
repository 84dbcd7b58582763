import {
  claimNextSlice,
  type Hold,
  type SliceClaim,
  type SliceProgress,
  saveLastProgress,
  saveProgress,
} from "@/server/history-job/slices.ts";
import type { HeldEntry } from "@/server/queue.ts";

/** The claims of one entry, one after the other. The last progress of a slice brings the claim on the next one along. */
export class EntryClaims {
  readonly entry: HeldEntry;
  readonly #workerName: string;
  #next: SliceClaim | null = null;

  constructor(entry: HeldEntry, workerName: string) {
    this.entry = entry;
    this.#workerName = workerName;
  }

  /** Null when the entry has no slice left that may be claimed. */
  async next(): Promise<SliceClaim | null> {
    const claim = this.#next;
    this.#next = null;
    return claim ?? claimNextSlice(this.entry, this.#workerName);
  }

  /** Forgets the next claim, whose slice is then claimed anew, from where it is. */
  leaveNext(): void {
    this.#next = null;
  }

  /** @param goesOn whether the handler wants another slice after this one */
  async save(claim: SliceClaim, progress: SliceProgress, goesOn: boolean): Promise<Hold> {
    if (progress.endsAs === null || !goesOn) {
      return saveProgress(claim, progress);
    }
    const { hold, next } = await saveLastProgress(claim, progress, this.entry, this.#workerName);
    this.#next = next;
    return hold;
  }
}
