import { type HeldEntry, lookAtEntry } from "@/server/queue.ts";

/** How often a handler looks at the queue: whether its entry is still its own, and who else is there. */
const LOOK_MS = 500;

/**
 * For so long a handler works on before it makes way for other jobs' entries that wait. Handing back costs some 20 ms, a
 * hundredth of it; a longer share would have a job of a second wait for many.
 */
const SHARE_MS = 2_000;

/**
 * Beside small jobs a handler rests before each page for so many times as long as the last one took: what is left of the machine
 * is theirs. Not for longer than two seconds, because a page that took long took its sink's time and not the machine's.
 */
const REST_SHARE = 20;
const REST_MS_MAX = 2_000;

/**
 * The longest that a handler works on one entry, even while nobody waits: pg-boss would take an entry for expired that goes on
 * for half an hour.
 */
const STAY_MS_MAX = 180_000;

/**
 * A handler's stay on its entry: says when to hand back and when to rest. It looks at the queue twice a second beside the work, so that a slow
 * answer of the sink delays no look.
 */
export class EntryStay {
  readonly #entry: HeldEntry;
  readonly #isShuttingDown: () => boolean;
  readonly #beganAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isLooking = false;
  #isLost = false;
  #hasProgressed = false;
  #doOthersWait = false;
  #isBesideSmall = false;
  #restedAt = performance.now();

  constructor(entry: HeldEntry, isShuttingDown: () => boolean) {
    this.#entry = entry;
    this.#isShuttingDown = isShuttingDown;
    this.#timer = setInterval(() => this.#lookInPassing(), LOOK_MS);
  }

  /**
   * Whether the worker wants to leave what it is at, between two batches. To make way for others it takes progress: a slow sink, or a
   * slow database, may let more time pass than a share before anything is saved, and whoever came next would begin anew where
   * this one did, for ever.
   */
  get isOver(): boolean {
    const stayedMs = performance.now() - this.#beganAt;
    const hasHadShare = stayedMs > STAY_MS_MAX || (this.#doOthersWait && stayedMs > SHARE_MS);
    return this.#isShuttingDown() || this.#entry.signal.aborted || this.#isLost || (this.#hasProgressed && hasHadShare);
  }

  /** Something is saved, and need not be done again by whoever comes next. */
  noteProgress(): void {
    this.#hasProgressed = true;
  }

  /**
   * Whether to claim another slice. A handler that was frozen past its heartbeat learns here that another worker goes on: the
   * last look is old then. Rejects when the database cannot be asked.
   */
  async goesOn(): Promise<boolean> {
    if (performance.now() - this.#lookedAt > 2 * LOOK_MS) {
      await this.#look();
    }
    return !this.isOver;
  }

  /** Leaves the machine to small jobs for a while, if there are any; asked before each page. */
  async makeRoom(sleep: (ms: number) => Promise<void>): Promise<void> {
    if (this.#isBesideSmall && !this.isOver) {
      const workedMs = performance.now() - this.#restedAt;
      await sleep(Math.min(REST_MS_MAX, REST_SHARE * workedMs));
    }
    this.#restedAt = performance.now();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /**
   * One look at a time: in front of a database that stands still they would queue up before whoever saves. One that fails changes
   * nothing: a database that is gone is met by whoever saves next.
   */
  async #lookInPassing(): Promise<void> {
    if (this.#isLooking) {
      return;
    }
    this.#isLooking = true;
    await this.#look().catch(() => undefined);
    this.#isLooking = false;
  }

  async #look(): Promise<void> {
    const { isHeld, doOthersWait, isBesideSmall } = await lookAtEntry(this.#entry);
    this.#isLost = !isHeld;
    this.#doOthersWait = doOthersWait;
    this.#isBesideSmall = isBesideSmall;
    this.#lookedAt = performance.now();
  }
}
