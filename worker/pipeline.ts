import type { SliceOutcome } from "./delivery-ports.ts";

/** Batches of one slice on the wire or being read. More would only hold memory: the next is ready before one is answered. */
const TASKS_MAX = 2;

/**
 * How long a slice that is being left waits for the answers to batches on the wire. A sink that has a whole batch stores it
 * even when the connection breaks, so the job's slot must not be free before that; a sink in trouble must not keep a
 * cancelled job for a minute.
 */
const LAST_ANSWERS_MS = 5_000;

/** What ends the work on a piece: the one its tries, the other also the request that is on the wire. */
export type PieceSignals = { readonly tries: AbortSignal; readonly request: AbortSignal };

/**
 * The delivery of one page, or of a part of it. `front` resolves when everything before it is saved: with null, or with the
 * outcome that ended it, which is then the task's own. What a task returns ends the slice unless it is null.
 */
export type DeliveryTask = (front: Promise<SliceOutcome | null>) => Promise<SliceOutcome | null>;

/**
 * Runs the tasks of a slice, two at a time, each of which may save only once the one before it is done: so the cursor moves
 * over an unbroken prefix. The first outcome ends the slice for all.
 */
export class Pipeline {
  readonly signals: PieceSignals;
  readonly #ending = new AbortController();
  readonly #breakingOff = new AbortController();
  /** The slice's outcome, or the fault that ended it. */
  readonly #end = Promise.withResolvers<SliceOutcome>();
  readonly #open = new Set<Promise<SliceOutcome | null>>();
  #last: Promise<SliceOutcome | null> = Promise.resolve(null);

  /** @param signal ends tries and requests at once */
  constructor(signal: AbortSignal) {
    this.signals = {
      tries: AbortSignal.any([signal, this.#ending.signal]),
      request: AbortSignal.any([signal, this.#breakingOff.signal]),
    };
    // A fault is thrown by whoever asks next; until then it must not count as unheard.
    this.#end.promise.catch(() => undefined);
  }

  /** Starts a task and resolves when there is room for the next; with the slice's outcome when it has one. */
  async add(task: DeliveryTask): Promise<SliceOutcome | null> {
    const run = this.#run(task, this.#last).finally(() => this.#open.delete(run));
    this.#last = run;
    this.#open.add(run);
    while (this.#open.size >= TASKS_MAX && !this.#ending.signal.aborted) {
      await Promise.race([this.#end.promise, ...this.#open]);
    }
    return this.#outcome();
  }

  /** Resolves when all tasks are done; with the slice's outcome when it has one. */
  async drain(): Promise<SliceOutcome | null> {
    await Promise.race([this.#end.promise, this.#last]);
    return this.#outcome();
  }

  /** Ends the slice for all its tasks. The first outcome stays. */
  end(outcome: SliceOutcome): void {
    this.#end.resolve(outcome);
    this.#ending.abort();
  }

  /**
   * Ends all tries and resolves when no request is on its way any more. Those that are get a few seconds for their answers.
   */
  async leave(sleep: (ms: number, signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#ending.abort();
    const settled = new AbortController();
    const patience = sleep(LAST_ANSWERS_MS, settled.signal).then(() => this.#breakingOff.abort());
    await Promise.all(this.#open);
    settled.abort();
    await patience;
  }

  #outcome(): Promise<SliceOutcome | null> {
    return Promise.race([this.#end.promise, null]);
  }

  /** Never rejects: a fault ends the slice, and whoever stands behind it leaves. */
  async #run(task: DeliveryTask, front: Promise<SliceOutcome | null>): Promise<SliceOutcome | null> {
    try {
      const outcome = await task(front);
      if (outcome !== null) {
        this.end(outcome);
      }
      return outcome;
    } catch (error) {
      this.#end.reject(error);
      this.#ending.abort();
      return { kind: "handed-back" };
    }
  }
}
