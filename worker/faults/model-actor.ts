import { setImmediate as turn } from "node:timers/promises";
import type { SliceClaim } from "@/server/history-job/slices.ts";
import type { HeldEntry } from "@/server/queue.ts";
import { deliverEntry } from "@/worker/deliver-entry.ts";
import { DifferenceError, type ModelClaim } from "./model.ts";
import { type Caller, type GatedCall, runAs } from "./model-gate.ts";

/** What an actor has of its world. */
export type ActorPorts = Pick<Caller, "now"> & {
  /** Makes a call on behalf of an actor: in the real world, beside the model. */
  perform(actor: Actor, call: GatedCall): Promise<unknown>;
};

/** Calls that are steps of their own. The others belong to the step before: nothing that another actor does could matter. */
const STEPS: ReadonlySet<string> = new Set([
  "beginDelivery",
  "lookAtEntry",
  "claimNextSlice",
  "readPage",
  "readUndeliverable",
  "putLogs",
  "saveProgress",
  "saveLastProgress",
  "saveRetried",
  "checkHold",
  "endSlice",
  "failSlice",
  "stopSlice",
  "failJob",
  "settleAfterEntry",
  "settleIfFree",
  "takeTurn",
  "noteFailure",
  "setTimeout",
]);

/** A claim that the last progress of a slice has brought along: as the worker knows it, and in the model. */
type BroughtClaim = { readonly known: SliceClaim; readonly inModel: ModelClaim };

/** A call that waits to be let through. */
type Parked = { readonly call: GatedCall; go(): void };

/** Longer than any statement takes, also on a busy machine. */
const STUCK_MS = 20_000;

/** A worker's handler of one entry: the product's own, which stops before each of its steps until it is let go on. */
export class Actor implements Caller {
  readonly entry: HeldEntry;
  /** The claim it works on, in the model; it keeps the last one when it has lost it. */
  claim: ModelClaim | null = null;
  /** Until it begins to work on it, or is done without having begun. */
  broughtClaim: BroughtClaim | null = null;
  /** Whether it still has its entry, as far as the queue is concerned. */
  hasEntry = true;
  isShuttingDown = false;
  isDone = false;
  readonly #perform: ActorPorts["perform"];
  readonly #parked: Parked[] = [];
  #running = 0;
  #fault: unknown;
  #wake = Promise.withResolvers<void>();

  readonly now: () => number;

  constructor(entry: HeldEntry, { perform, now }: ActorPorts) {
    this.entry = entry;
    this.#perform = perform;
    this.now = now;
  }

  /** Begins, and stops before the first step. */
  async begin(): Promise<void> {
    runAs(this, () => deliverEntry(this.entry, "model", () => this.isShuttingDown))
      .catch((error: unknown) => {
        this.#fault = error ?? new Error("rejected with nothing");
      })
      .finally(() => {
        this.isDone = true;
        this.#wake.resolve();
      });
    await this.#untilQuiet();
  }

  /**
   * Lets one of the calls through that wait, and waits until it comes to its next. Time passes when nothing else is left to
   * do, for the oldest wait first.
   */
  async step(which: number): Promise<void> {
    const ready = this.#parked.filter(({ call }) => call.name !== "setTimeout");
    const parked = ready.length > 0 ? ready[which % ready.length] : this.#parked[0];
    if (parked !== undefined) {
      parked.go();
      await this.#untilQuiet();
    }
  }

  /** Whether this call waits to be let through. */
  isBefore(name: string): boolean {
    return this.#parked.some(({ call }) => call.name === name);
  }

  async call(call: GatedCall): Promise<unknown> {
    if (STEPS.has(call.name)) {
      await this.#park(call);
    }
    this.#running++;
    try {
      return await this.#perform(this, call);
    } catch (error) {
      if (error instanceof DifferenceError) {
        this.#fault ??= error;
      }
      throw error;
    } finally {
      this.#running--;
      this.#wake.resolve();
    }
  }

  /** Waits to be let through. What waits for time or an answer is also ended by its signal, as in reality. */
  #park(call: GatedCall): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#parked.splice(this.#parked.indexOf(parked), 1);
        signal?.removeEventListener("abort", abort);
      };
      const parked: Parked = {
        call,
        go: () => {
          leave();
          resolve();
        },
      };
      const abort = () => {
        leave();
        reject(signal?.reason);
      };
      const signal = signalOf(call);
      this.#parked.push(parked);
      if (signal?.aborted) {
        abort();
      } else {
        signal?.addEventListener("abort", abort);
      }
      this.#wake.resolve();
    });
  }

  /** Resolves when all it does is wait to be let through, or when it is done. */
  async #untilQuiet(): Promise<void> {
    const deadline = performance.now() + STUCK_MS;
    for (;;) {
      await turn();
      await turn();
      if (this.#fault !== undefined) {
        throw this.#fault;
      }
      if (this.isDone || (this.#running === 0 && this.#parked.length > 0)) {
        return;
      }
      this.#wake = Promise.withResolvers();
      const timer = setTimeout(this.#wake.resolve, STUCK_MS);
      await this.#wake.promise;
      clearTimeout(timer);
      if (performance.now() > deadline) {
        throw new DifferenceError(`a worker came to no next step within ${STUCK_MS} ms`);
      }
    }
  }
}

/** The signal that ends a wait (`setTimeout(ms, value, options)`) or a request (`putLogs(target, logstore, logs, options)`). */
function signalOf({ name, args }: GatedCall): AbortSignal | undefined {
  if (name !== "setTimeout" && name !== "putLogs") {
    return undefined;
  }
  const options = args[name === "putLogs" ? 3 : 2] as { readonly signal?: AbortSignal } | undefined;
  return options?.signal;
}
