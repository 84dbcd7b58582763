import { askPace, type Pace } from "@/server/history-job/pace.ts";
import type { SliceClaim } from "@/server/history-job/slices.ts";
import { getSlsTarget } from "@/server/log-service/queries.ts";
import type { SlsTarget } from "@/server/sls/client.ts";

/** How old may be what a handler knows of its job: endpoints, keys and ceilings change while jobs run. */
const AGE_MS_MAX = 1_000;

/**
 * What holds for all claims of one entry: it is asked once a second and not for each claim, because a day with ten events is
 * delivered in less time than the asking takes.
 */
export class EntryFacts {
  readonly #jobId: number;
  #target: { readonly value: SlsTarget | null; readonly readAt: number } | null = null;
  #unlimitedAt = Number.NEGATIVE_INFINITY;

  constructor(jobId: number) {
    this.#jobId = jobId;
  }

  /** The sink of the entry's claims, which all have one; null when Backtrail does not know it. */
  async targetOf(claim: SliceClaim): Promise<SlsTarget | null> {
    if (this.#target === null || performance.now() - this.#target.readAt > AGE_MS_MAX) {
      this.#target = { value: await getSlsTarget(claim.scope, claim), readAt: performance.now() };
    }
    return this.#target.value;
  }

  /** askPace, but for a job that had no ceiling a moment ago. */
  async askPace(events: number): Promise<Pace> {
    if (performance.now() - this.#unlimitedAt <= AGE_MS_MAX) {
      return { kind: "go" };
    }
    const pace = await askPace(this.#jobId, events);
    if (pace.kind !== "unlimited") {
      return pace;
    }
    this.#unlimitedAt = performance.now();
    return { kind: "go" };
  }
}
