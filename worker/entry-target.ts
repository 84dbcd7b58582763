import type { SliceClaim } from "@/server/history-job/slices.ts";
import { getSlsTarget } from "@/server/log-service/queries.ts";
import type { SlsTarget } from "@/server/sls/client.ts";

/** How old may be what a handler knows of its sink: endpoints and keys change while jobs run. */
const AGE_MS_MAX = 1_000;

/**
 * The sink of all claims of one entry. It is asked for once a second and not for each claim, because a day with ten events is
 * delivered in less time than the asking takes.
 */
export class EntryTarget {
  #known: { readonly target: SlsTarget | null; readonly readAt: number } | null = null;

  /** Null when Backtrail does not know the log project. */
  async of(claim: SliceClaim): Promise<SlsTarget | null> {
    if (this.#known === null || performance.now() - this.#known.readAt > AGE_MS_MAX) {
      this.#known = { target: await getSlsTarget(claim.scope, claim), readAt: performance.now() };
    }
    return this.#known.target;
  }
}
