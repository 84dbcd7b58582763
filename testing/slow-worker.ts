import { Checksum } from "@/domain/event/checksum.ts";
import { stateAtEnd } from "@/domain/history-job/rules.ts";
import { type DeliverableEvent, readPage, readUndeliverable } from "@/server/history-job/pages.ts";
import { failJob, settleAfterEntry } from "@/server/history-job/settle.ts";
import {
  beginDelivery,
  claimNextSlice,
  type EventKey,
  endSlice,
  failSlice,
  type Hold,
  type SliceClaim,
  type SliceProgress,
  saveLastProgress,
  saveProgress,
  saveRetried,
  stopSlice,
} from "@/server/history-job/slices.ts";
import { type HeldEntry, isEntryHeld } from "@/server/queue.ts";
import { completeEntry } from "./queue-entries.ts";

/** One event a piece, so that every acknowledgement is a step of its own. */
const ONE_EVENT = { logsMax: 1, bytesMax: 1 };

/** The same and the event behind it, if there is one. */
const TWO_EVENTS = { logsMax: 2, bytesMax: 1_800_000 };

const NAME = "slow";

const FAILURE = { code: "PostBodyInvalid", message: "refused by the test" };

/** What the sink answers to this step's piece, if the step sends one. */
export type SinkAnswer = "accept" | "refuse-event" | "refuse-batch" | "refuse-all";

/** Where an event stands in its slice: among those that an earlier run could not deliver, or behind the cursor, and known to be the last there. */
type Place = "behind-cursor" | "last" | "refused-before";

/**
 * A worker that goes on by one step whenever a test says so: claim, or one event and its answer, or the end of a slice. Between
 * two steps it may be left for dead, or go on late. It makes the same calls in the same order as worker/deliver-entry.ts.
 */
export class SlowWorker {
  readonly entry: HeldEntry;
  #claim: SliceClaim | null = null;
  /** Brought along by the last progress of the slice before, and not begun. */
  #next: SliceClaim | null = null;
  #cursor: EventKey | null = null;
  #checksum = new Checksum();
  #ledger = { expected: 0, delivered: 0, undeliverable: 0, gap: 0 };

  constructor(entry: HeldEntry) {
    this.entry = entry;
  }

  get hasClaim(): boolean {
    return this.#claim !== null;
  }

  /** @returns whether it has more to do; its entry is done with when not */
  async step(answer: SinkAnswer = "accept"): Promise<boolean> {
    const claim = this.#claim;
    if (claim === null) {
      return this.#claimNext();
    }
    const {
      events: [event, behind],
    } = await readPage(claim, this.#cursor, TWO_EVENTS);
    if (event !== undefined) {
      // As if pages had two events: an even number fills the last one, which then does not know that it is. A retry goes on with
      // what was refused before.
      const isKnownLast = behind === undefined && claim.ledger.expected % 2 === 1 && claim.run === 1;
      return this.#goOn(claim, await this.#send(claim, event, answer, isKnownLast ? "last" : "behind-cursor"));
    }
    const { events, gone } = await readUndeliverable(claim, null, ONE_EVENT);
    if (gone.length > 0) {
      const hold = await saveRetried(claim, { ...this.#progress([], []), delivered: [], gone });
      this.#ledger.undeliverable -= gone.length;
      this.#ledger.gap += gone.length;
      return this.#goOn(claim, hold);
    }
    const [refused] = events;
    if (refused !== undefined) {
      return this.#goOn(claim, await this.#send(claim, refused, answer, "refused-before"));
    }
    return this.#goOn(claim, await endSlice(claim, stateAtEnd(this.#ledger)), true);
  }

  async #claimNext(): Promise<boolean> {
    await beginDelivery(this.entry);
    const brought = this.#next;
    this.#next = null;
    const claim = (await isEntryHeld(this.entry)) ? (brought ?? (await claimNextSlice(this.entry, NAME))) : null;
    if (claim === null) {
      await settleAfterEntry(this.entry);
      await completeEntry(this.entry);
      return false;
    }
    this.#claim = claim;
    this.#cursor = claim.cursor;
    this.#checksum = new Checksum(claim.checksum);
    this.#ledger = { ...claim.ledger };
    return true;
  }

  async #send(claim: SliceClaim, event: DeliverableEvent, answer: SinkAnswer, place: Place): Promise<Hold | "ended"> {
    if (answer === "refuse-batch") {
      await failSlice(claim, FAILURE);
      return "ended";
    }
    if (answer === "refuse-all") {
      await failJob(claim, FAILURE);
      await stopSlice(claim);
      return "ended";
    }
    const isAccepted = answer === "accept";
    if (isAccepted) {
      this.#checksum.add(event.digest);
    }
    const progress = isAccepted ? this.#progress([event], []) : this.#progress([], [event]);
    if (place === "refused-before") {
      this.#ledger.delivered += isAccepted ? 1 : 0;
      this.#ledger.undeliverable -= isAccepted ? 1 : 0;
      return saveRetried(claim, { ...progress, delivered: isAccepted ? [event] : [], gone: [] });
    }
    this.#cursor = event;
    this.#ledger.delivered += isAccepted ? 1 : 0;
    this.#ledger.undeliverable += isAccepted ? 0 : 1;
    if (place === "last") {
      const last = { ...progress, cursor: event, endsAs: stateAtEnd(this.#ledger) };
      this.#next = (await saveLastProgress(claim, last, this.entry, NAME)).next;
      return "ended";
    }
    return saveProgress(claim, { ...progress, cursor: event, endsAs: null });
  }

  #progress(
    accepted: readonly DeliverableEvent[],
    refused: readonly DeliverableEvent[],
  ): Omit<SliceProgress, "cursor" | "endsAs"> {
    return {
      newAtSink: accepted.length,
      presentAtSink: 0,
      undeliverable: refused.map(({ eventTime, eventId }) => ({ eventTime, eventId, reason: "refused by the test" })),
      bytes: accepted.reduce((sum, { body }) => sum + body.length, 0),
      checksum: this.#checksum.toBytes(),
      isAccepted: accepted.length > 0,
      deliveryTimed: 0,
      resent: 0,
    };
  }

  async #goOn(claim: SliceClaim, hold: Hold | "ended", isSliceEnded = false): Promise<boolean> {
    switch (hold) {
      case "held":
        this.#claim = isSliceEnded ? null : claim;
        return true;
      case "stop":
        await stopSlice(claim);
        this.#claim = null;
        return true;
      case "lost":
      case "ended":
        this.#claim = null;
        return true;
      case "paused":
        await settleAfterEntry(this.entry);
        await completeEntry(this.entry);
        return false;
    }
  }
}
