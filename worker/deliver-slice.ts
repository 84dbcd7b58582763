import { Checksum } from "@/domain/event/checksum.ts";
import type { Ledger } from "@/domain/history-job/history-job.ts";
import type { PutLogsAnswer } from "@/domain/log-service/log-service.ts";
import { backoffMs, verdictOn } from "@/domain/log-service/rules.ts";
import type { DeliverableEvent } from "@/server/history-job/pages.ts";
import type { EventKey, Failure, Hold, SliceClaim, SliceProgress } from "@/server/history-job/slices.ts";
import { type Batch, encodeBatch } from "./batch.ts";

/** Batches of one slice on the wire or being read. More would only hold memory: the next is ready before one is answered. */
const BATCHES_IN_FLIGHT_MAX = 2;

/** How often a batch that waits for its next try looks whether it is still wanted; "cancel" promises 10 s. */
const HOLD_CHECK_MS = 2_000;

/**
 * How long a slice that is being left waits for the answers to batches on the wire. A sink that has a whole batch stores it
 * even when the connection breaks, so the job's slot must not be free before that; a sink in trouble must not keep a
 * cancelled job for a minute.
 */
const LAST_ANSWERS_MS = 5_000;

/** What deliverSlice needs from outside, so that tests can stand in for any of it. */
export type DeliveryPorts = {
  /** The events of the next batch behind the cursor; none when the slice is read to its end. */
  readPage(after: EventKey | null): Promise<readonly DeliverableEvent[]>;
  /** One PutLogs request. Rejects only when the signal is aborted. */
  send(batch: Batch, signal: AbortSignal): Promise<PutLogsAnswer>;
  saveProgress(progress: SliceProgress): Promise<Hold>;
  checkHold(): Promise<Hold>;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
  /** Whether the worker wants to give the slice back: it is shutting down or has worked on its entry long enough. */
  wantsHandBack(): boolean;
};

/** Why deliverSlice returned. Progress up to here is saved; what becomes of the claim is the caller's to do. */
export type SliceOutcome =
  | { readonly kind: "read-to-end"; readonly ledger: Ledger }
  | { readonly kind: "fail-slice" | "stop-job"; readonly failure: Failure }
  | { readonly kind: "stop" | "lost" | "handed-back" };

/**
 * Delivers a claimed slice from its cursor to its end: page by page in key order; read, send, the sink's acknowledgement,
 * then cursor, counts and checksum in one conditional write. While a batch is on the wire the next is read. Progress is
 * saved in the batches' order, so the cursor only ever moves over an unbroken prefix. An answer worth another try is tried
 * again with back-off for as long as the claim holds. Delivery is at least once: a batch whose acknowledgement was not
 * saved is sent again, with the same content and id.
 */
export async function deliverSlice(
  claim: SliceClaim,
  ports: DeliveryPorts,
  signal: AbortSignal,
): Promise<SliceOutcome> {
  const ending = new AbortController();
  const breakingOff = new AbortController();
  const signals = {
    tries: AbortSignal.any([signal, ending.signal]),
    request: AbortSignal.any([signal, breakingOff.signal]),
  };
  const progress = new RunningProgress(claim);
  /** Saves still to come, oldest first; each waits for the one before it. */
  const saves: Promise<SliceOutcome | null>[] = [];
  let lastSave: Promise<SliceOutcome | null> = Promise.resolve(null);
  let cursor = claim.cursor;
  try {
    for (;;) {
      if (ports.wantsHandBack()) {
        return (await lastSave) ?? { kind: "handed-back" };
      }
      const [first, ...rest] = await ports.readPage(cursor);
      if (first === undefined) {
        return (await lastSave) ?? { kind: "read-to-end", ledger: progress.ledger };
      }
      const batch = encodeBatch(claim, [first, ...rest]);
      cursor = batch.last;
      lastSave = saveInOrder(lastSave, deliverBatch(batch, ports, signals), batch, progress, ports, ending);
      // It is awaited in its turn; one that fails while a page is being read must not count as unheard until then.
      lastSave.catch(() => undefined);
      saves.push(lastSave);
      if (saves.length >= BATCHES_IN_FLIGHT_MAX) {
        const outcome = await saves.shift();
        if (outcome) {
          return outcome;
        }
      }
    }
  } finally {
    ending.abort();
    const settled = new AbortController();
    const patience = ports.sleep(LAST_ANSWERS_MS, settled.signal).then(() => breakingOff.abort());
    await Promise.allSettled(saves);
    settled.abort();
    await patience;
  }
}

/** What ends the work on a batch: the one its tries, the other also the request that is on the wire. */
type BatchSignals = { readonly tries: AbortSignal; readonly request: AbortSignal };

type SinkCounts = Extract<PutLogsAnswer, { kind: "accepted" }>["counts"];

/** The sink's acknowledgement of a batch, or why there will be none. */
type BatchAnswer = Extract<PutLogsAnswer, { kind: "accepted" }> | SliceOutcome;

async function deliverBatch(batch: Batch, ports: DeliveryPorts, signals: BatchSignals): Promise<BatchAnswer> {
  for (let attempt = 1; !signals.tries.aborted; attempt++) {
    const answer = await ports.send(batch, signals.request).catch(handBackOnAbort(signals.request));
    if (answer === null) {
      break;
    }
    const verdict = verdictOn(answer);
    if (answer.kind === "accepted") {
      return areCountsWhole(answer.counts, batch) ? answer : { kind: "fail-slice", failure: MISCOUNT };
    }
    if (answer.kind === "refused" && verdict !== "retry") {
      const kind = verdict === "stop-job" ? verdict : "fail-slice";
      return { kind, failure: { code: answer.code, message: answer.message } };
    }
    const retryAfterMs = answer.kind === "refused" ? answer.retryAfterMs : null;
    const outcome = await waitForNextTry(backoffMs(attempt, ports.random, retryAfterMs), ports, signals.tries);
    if (outcome !== null) {
      return outcome;
    }
  }
  return { kind: "handed-back" };
}

/** A sink that counts has to account for every log; to go on with counts that do not add up would make the ledger a lie. */
function areCountsWhole(counts: SinkCounts, batch: Batch): boolean {
  return counts === null || counts.new + counts.present + new Set(counts.conflicts).size === batch.events.length;
}

const MISCOUNT: Failure = {
  code: "BadResponse",
  message: "The log service took a batch but did not account for all of its logs.",
};

function handBackOnAbort(signal: AbortSignal): (error: unknown) => null {
  return (error) => {
    if (signal.aborted) {
      return null;
    }
    throw error;
  };
}

/** Waits in short steps, so that an end of the job, a lost claim or a shutdown does not wait for a long back-off. */
async function waitForNextTry(waitMs: number, ports: DeliveryPorts, signal: AbortSignal): Promise<SliceOutcome | null> {
  for (let left = waitMs; left > 0 && !signal.aborted; left -= HOLD_CHECK_MS) {
    await ports.sleep(Math.min(left, HOLD_CHECK_MS), signal);
    const hold = await ports.checkHold();
    if (hold !== "held") {
      return { kind: hold };
    }
    if (ports.wantsHandBack()) {
      return { kind: "handed-back" };
    }
  }
  return null;
}

/** Saves a batch's progress once all batches before it are saved. An outcome ends the slice; null goes on. */
async function saveInOrder(
  previous: Promise<SliceOutcome | null>,
  answered: Promise<BatchAnswer>,
  batch: Batch,
  progress: RunningProgress,
  ports: DeliveryPorts,
  ending: AbortController,
): Promise<SliceOutcome | null> {
  try {
    // The answer first, so that this ends no earlier than its batch is off the wire, even when the save before it failed.
    const answer = await answered;
    const before = await previous;
    const outcome = before ?? (answer.kind === "accepted" ? await save(answer.counts, batch, progress, ports) : answer);
    if (outcome !== null) {
      ending.abort();
    }
    return outcome;
  } catch (error) {
    ending.abort();
    throw error;
  }
}

async function save(
  counts: SinkCounts,
  batch: Batch,
  progress: RunningProgress,
  ports: DeliveryPorts,
): Promise<SliceOutcome | null> {
  const hold = await ports.saveProgress(progress.after(batch, counts));
  return hold === "held" ? null : { kind: hold };
}

/** Counts and checksum of a slice as they move with its cursor. */
class RunningProgress {
  readonly #expected: number;
  readonly #gap: number;
  readonly #checksum: Checksum;
  #delivered: number;
  #undeliverable: number;

  constructor(claim: SliceClaim) {
    this.#expected = claim.ledger.expected;
    this.#gap = claim.ledger.gap;
    this.#checksum = new Checksum(claim.checksum);
    this.#delivered = claim.ledger.delivered;
    this.#undeliverable = claim.ledger.undeliverable;
  }

  get ledger(): Ledger {
    return {
      expected: this.#expected,
      delivered: this.#delivered,
      undeliverable: this.#undeliverable,
      gap: this.#gap,
    };
  }

  /** The progress that an accepted batch makes. A sink that does not count has taken every log as new. */
  after(batch: Batch, counts: SinkCounts): SliceProgress {
    const { new: newAtSink, present, conflicts } = counts ?? { new: batch.events.length, present: 0, conflicts: [] };
    const conflicting = new Set(conflicts);
    const taken = batch.events.filter((_, position) => !conflicting.has(position));
    for (const { digest } of taken) {
      this.#checksum.add(digest);
    }
    this.#delivered += taken.length;
    this.#undeliverable += conflicting.size;
    return {
      cursor: batch.last,
      newAtSink,
      presentAtSink: present,
      undeliverable: batch.events
        .filter((_, position) => conflicting.has(position))
        .map(({ eventTime, eventId }) => ({ eventTime, eventId, reason: CONFLICT_REASON })),
      bytes: taken.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0),
      checksum: this.#checksum.toBytes(),
    };
  }
}

/** design 3.3: the log stored first stays. */
const CONFLICT_REASON = "The logstore already has this event with another text.";
