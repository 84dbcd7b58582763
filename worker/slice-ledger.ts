import { Checksum } from "@/domain/event/checksum.ts";
import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import type { Ledger } from "@/domain/history-job/history-job.ts";
import { stateAtEnd } from "@/domain/history-job/rules.ts";
import type { StoredCounts } from "@/domain/log-service/log-service.ts";
import type { DeliverableEvent } from "@/server/history-job/pages.ts";
import type {
  EventKey,
  Failure,
  RefusedEvent,
  RetriedProgress,
  SliceClaim,
  SliceProgress,
} from "@/server/history-job/slices.ts";
import type { Piece } from "./piece.ts";

/** design 5: so many logs refused alone, in a row, without one acceptance are no longer a matter of single logs. */
const REFUSED_IN_A_ROW_MAX = 20;

/** design 3.3: the log stored first stays. */
const CONFLICT_REASON = ENGINE_SENTENCES.conflict();

/** What the sink said to a piece. */
export type PieceAnswer =
  /** `counts` is null when the sink does not count; it has then taken every log as new. */
  | { readonly kind: "accepted"; readonly counts: StoredCounts | null; readonly isDeliveryTimed: boolean }
  /** The piece is one log, and the sink will not take it. */
  | { readonly kind: "refused-alone"; readonly failure: Failure };

/** What a piece adds, apart from where it stands: the part that first and repeated tries have in common. */
type PieceProgress = Omit<SliceProgress, "cursor" | "endsAs"> & { readonly delivered: readonly DeliverableEvent[] };

/**
 * Counts and checksum of a slice as they move with its pieces. Each progress is the next step behind the one before, so it has to
 * be saved before the next is asked for.
 */
export class SliceLedger {
  readonly #expected: number;
  readonly #checksum: Checksum;
  #delivered: number;
  #undeliverable: number;
  #gap: number;
  #resent = 0;
  #refusedInARow = 0;

  constructor({ ledger, checksum }: SliceClaim) {
    this.#expected = ledger.expected;
    this.#gap = ledger.gap;
    this.#checksum = new Checksum(checksum);
    this.#delivered = ledger.delivered;
    this.#undeliverable = ledger.undeliverable;
  }

  get ledger(): Ledger {
    return {
      expected: this.#expected,
      delivered: this.#delivered,
      undeliverable: this.#undeliverable,
      gap: this.#gap,
    };
  }

  /** Whether the sink has refused so many logs alone, in a row, that the slice is to be given up. */
  get isRefusedThroughout(): boolean {
    return this.#refusedInARow >= REFUSED_IN_A_ROW_MAX;
  }

  /** A piece has to be sent once more. Goes into the next progress. */
  noteResent(): void {
    this.#resent++;
  }

  /** What was noted since the last progress. */
  takeResent(): number {
    const resent = this.#resent;
    this.#resent = 0;
    return resent;
  }

  /**
   * The progress that an answer makes behind the cursor.
   * @param isLast whether nothing is left to be tried behind the piece: the slice then ends with it, unless it is given up
   */
  advance(piece: Piece, answer: PieceAnswer, isLast: boolean): SliceProgress {
    const { delivered, ...progress } = this.#add(piece, answer);
    this.#undeliverable += progress.undeliverable.length;
    return {
      ...progress,
      cursor: { eventTime: piece.last.eventTime, eventId: piece.last.eventId },
      endsAs: isLast && !this.isRefusedThroughout ? stateAtEnd(this.ledger) : null,
    };
  }

  /** The progress that an answer makes with events that count as undeliverable so far. */
  retry(piece: Piece, answer: PieceAnswer): RetriedProgress {
    const progress = this.#add(piece, answer);
    this.#undeliverable -= progress.delivered.length;
    return { ...progress, gone: [] };
  }

  /** The progress that is made when events which count as undeliverable turn out to be no longer in history. */
  lose(gone: readonly EventKey[]): RetriedProgress {
    this.#undeliverable -= gone.length;
    this.#gap += gone.length;
    return {
      delivered: [],
      gone,
      newAtSink: 0,
      presentAtSink: 0,
      undeliverable: [],
      bytes: 0,
      checksum: this.#checksum.toBytes(),
      isAccepted: false,
      deliveryTimed: 0,
      resent: this.takeResent(),
    };
  }

  #add(piece: Piece, answer: PieceAnswer): PieceProgress {
    const { delivered, refused, newAtSink, presentAtSink } = sortOut(piece, answer);
    for (const { digest } of delivered) {
      this.#checksum.add(digest);
    }
    this.#delivered += delivered.length;
    this.#refusedInARow = answer.kind === "accepted" ? 0 : this.#refusedInARow + 1;
    return {
      delivered,
      newAtSink,
      presentAtSink,
      undeliverable: refused,
      bytes: delivered.reduce((sum, { body }) => sum + body.length, 0),
      checksum: this.#checksum.toBytes(),
      isAccepted: answer.kind === "accepted",
      deliveryTimed: answer.kind === "accepted" && answer.isDeliveryTimed ? delivered.length : 0,
      resent: this.takeResent(),
    };
  }
}

type Sorted = {
  readonly delivered: readonly DeliverableEvent[];
  readonly refused: readonly RefusedEvent[];
  readonly newAtSink: number;
  readonly presentAtSink: number;
};

function sortOut({ events }: Piece, answer: PieceAnswer): Sorted {
  if (answer.kind === "refused-alone") {
    return {
      delivered: [],
      refused: events.map(refusedFor(ENGINE_SENTENCES.coded(answer.failure.code, answer.failure.message))),
      newAtSink: 0,
      presentAtSink: 0,
    };
  }
  if (answer.counts === null) {
    return { delivered: events, refused: [], newAtSink: events.length, presentAtSink: 0 };
  }
  const conflicting = new Set(answer.counts.conflicts);
  return {
    delivered: events.filter((_, position) => !conflicting.has(position)),
    refused: events.filter((_, position) => conflicting.has(position)).map(refusedFor(CONFLICT_REASON)),
    newAtSink: answer.counts.new,
    presentAtSink: answer.counts.present,
  };
}

function refusedFor(reason: string): (event: EventKey) => RefusedEvent {
  return ({ eventTime, eventId }) => ({ eventTime, eventId, reason });
}
