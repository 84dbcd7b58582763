import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import type { EventKey, Failure, Hold, SliceClaim } from "@/server/history-job/slices.ts";
import { deliverPiece } from "./deliver-piece.ts";
import type { DeliveryPorts, SliceOutcome } from "./delivery-ports.ts";
import { type Piece, pieceOf } from "./piece.ts";
import { Pipeline } from "./pipeline.ts";
import type { SliceDelivery } from "./slice-delivery.ts";
import { type PieceAnswer, SliceLedger } from "./slice-ledger.ts";

/**
 * Delivers a claimed slice from its cursor to its end: page by page in key order; read, send, the sink's acknowledgement, then
 * cursor, counts and checksum in one conditional write. While a batch is on the wire the next is read. In a retry of the job
 * what earlier runs could not deliver is tried afterwards. Delivery is at least once: a batch whose acknowledgement was
 * not saved is sent again, with the same content and id.
 *
 * pipeline.ts keeps the order, deliver-piece.ts cuts pages where that is needed, try-piece.ts knows what each answer leads to,
 * sink-request.ts spares a sink in trouble, slice-ledger.ts counts.
 */
export async function deliverSlice(
  claim: SliceClaim,
  ports: DeliveryPorts,
  signal: AbortSignal,
): Promise<SliceOutcome> {
  const pipeline = new Pipeline(signal);
  const ledger = new SliceLedger(claim);
  const isDeliveryTimed = claim.logTime === "delivery";
  const delivery: SliceDelivery = { claim, ports, ledger, signals: pipeline.signals, isDeliveryTimed };
  const watching = new AbortController();
  const watch = ports.watchHold(watching.signal).then((hold) => {
    if (hold !== "held") {
      pipeline.end({ kind: hold });
    }
  });
  let outcome: SliceOutcome;
  try {
    outcome = (await deliverPages(delivery, pipeline)) ??
      (await retryUndeliverable(delivery, pipeline)) ?? { kind: "read-to-end", ledger: ledger.ledger };
  } finally {
    watching.abort();
    await pipeline.leave(ports.sleep);
    await watch;
  }
  const resent = ledger.takeResent();
  if (resent > 0) {
    await ports.saveResent(resent);
  }
  return outcome;
}

/** Everything behind the cursor. Null once it is delivered and saved. */
async function deliverPages(delivery: SliceDelivery, pipeline: Pipeline): Promise<SliceOutcome | null> {
  const { claim, ports } = delivery;
  let cursor = claim.cursor;
  for (let isLast = false; !isLast; ) {
    if (ports.wantsHandBack()) {
      return (await pipeline.drain()) ?? { kind: "handed-back" };
    }
    const read = await ports.readPage(cursor);
    const page = pieceOf(read.events);
    if (page === null) {
      break;
    }
    isLast = read.isLast;
    cursor = page.last;
    // In a retry what was undeliverable is tried behind the last page.
    const last = isLast && claim.run === 1 ? page.last : null;
    const outcome = await pipeline.add((front) =>
      deliverPiece(delivery, page, front, (piece, answer) => saveBehindCursor(delivery, pipeline, piece, answer, last)),
    );
    if (outcome !== null) {
      return outcome;
    }
  }
  return pipeline.drain();
}

/** @param last the event that is the slice's end, together with whose progress the slice is ended; null while it is not known */
async function saveBehindCursor(
  { ports, ledger }: SliceDelivery,
  pipeline: Pipeline,
  piece: Piece,
  answer: PieceAnswer,
  last: EventKey | null,
): Promise<SliceOutcome | null> {
  const progress = ledger.advance(piece, answer, piece.last === last);
  const hold = await ports.saveProgress(progress);
  if (progress.endsAs !== null && hold !== "lost") {
    return { kind: "ended" };
  }
  const outcome = heed(pipeline, hold);
  return answer.kind === "refused-alone" && ledger.isRefusedThroughout
    ? (outcome ?? { kind: "fail-slice", failure: refusedThroughout(answer.failure) })
    : outcome;
}

/** What earlier runs could not deliver, by identity. Null once it is tried and saved. */
async function retryUndeliverable(delivery: SliceDelivery, pipeline: Pipeline): Promise<SliceOutcome | null> {
  const { claim, ports, ledger } = delivery;
  let after: EventKey | null = null;
  while (claim.run > 1) {
    if (ports.wantsHandBack()) {
      return (await pipeline.drain()) ?? { kind: "handed-back" };
    }
    const { events, gone, last } = await ports.readUndeliverable(after);
    if (last === null) {
      break;
    }
    after = last;
    const outcome = await pipeline.add(async (front) => {
      const before = await front;
      if (before !== null) {
        return before;
      }
      const lost = gone.length === 0 ? null : heed(pipeline, await ports.saveRetried(ledger.lose(gone)));
      const page = pieceOf(events);
      return lost !== null || page === null
        ? lost
        : deliverPiece(delivery, page, front, async (piece, answer) =>
            heed(pipeline, await ports.saveRetried(ledger.retry(piece, answer))),
          );
    });
    if (outcome !== null) {
      return outcome;
    }
  }
  return pipeline.drain();
}

/**
 * What the answer to a save leads to. In a job that is paused or ending the save has counted all the same: nothing else is sent, but
 * the batch behind it may be on the wire, and what is acknowledged of it is to be saved, too. So only the slice ends, not the
 * row of saves.
 */
function heed(pipeline: Pipeline, hold: Hold): SliceOutcome | null {
  switch (hold) {
    case "held":
      return null;
    case "lost":
      return { kind: hold };
    case "paused":
    case "stop":
      pipeline.end({ kind: hold });
      return null;
  }
}

function refusedThroughout({ code, message }: Failure): Failure {
  return { code, message: ENGINE_SENTENCES.refusedThroughout(message) };
}
