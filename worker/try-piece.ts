import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import type { StoredCounts } from "@/domain/log-service/log-service.ts";
import { verdictOn } from "@/domain/log-service/rules.ts";
import type { Failure } from "@/server/history-job/slices.ts";
import { type Batch, encodeBatch } from "./batch.ts";
import type { SliceOutcome } from "./delivery-ports.ts";
import type { Piece } from "./piece.ts";
import { requestInTurn } from "./sink-request.ts";
import type { SliceDelivery } from "./slice-delivery.ts";
import type { PieceAnswer } from "./slice-ledger.ts";

/** The longest a piece waits for its job's ceiling before it asks again: so a ceiling that was changed acts within a second. */
const PACE_ASKED_EVERY_MS = 1_000;

/** The sink's word on a piece; or that it has to go in halves; or why there will be no word. */
type Tried = PieceAnswer | { readonly kind: "halve" } | SliceOutcome;

const HALVE = { kind: "halve" } as const;

/**
 * Sends a piece until the sink takes it or refuses it for good; each time with the same content and id. Before each request the
 * job's ceiling and the sink's circuit are asked. Ends without an answer when the slice is to be left.
 * @param front resolves when all pieces before this one are saved
 */
export async function tryPiece(
  delivery: SliceDelivery,
  piece: Piece,
  front: Promise<SliceOutcome | null>,
): Promise<Tried> {
  let isDeliveryTimed = delivery.isDeliveryTimed;
  let batch: Batch | null = null;
  for (;;) {
    const stay = await waitForPace(delivery, piece, front);
    if (stay !== null) {
      return stay;
    }
    batch ??= encodeBatch(delivery.claim, piece, isDeliveryTimed ? delivery.ports.now() : null);
    const requested = await requestInTurn(delivery, batch, front);
    if (requested.kind === "trouble") {
      delivery.ledger.noteResent();
      continue;
    }
    if (requested.kind !== "answered") {
      return requested;
    }
    const { answer } = requested;
    if (answer.kind === "accepted") {
      return areCountsWhole(answer.counts, piece)
        ? { kind: "accepted", counts: answer.counts, isDeliveryTimed }
        : { kind: "fail-slice", failure: MISCOUNT };
    }
    const failure = { code: answer.code, message: answer.message };
    const verdict = verdictOn(answer);
    if (verdict === "stop-job" || verdict === "fail-slice") {
      return { kind: verdict, failure };
    }
    if (verdict === "delivery-time" && delivery.claim.logTime === "auto" && !isDeliveryTimed) {
      delivery.isDeliveryTimed = true;
      isDeliveryTimed = true;
      batch = null;
      continue;
    }
    return piece.events.length > 1 ? HALVE : { kind: "refused-alone", failure };
  }
}

/**
 * Null when the piece may go. Waits in short steps, at whose ends a changed ceiling, a pause and a shutdown are noticed. A page is cut
 * only when all before it is saved: it would overtake one that goes out in small parts itself, and what was sent of it would be sent
 * again after each hand-back.
 */
async function waitForPace(
  { ports, signals }: SliceDelivery,
  piece: Piece,
  front: Promise<SliceOutcome | null>,
): Promise<Tried | null> {
  for (;;) {
    if (signals.tries.aborted || ports.wantsHandBack()) {
      return { kind: "handed-back" };
    }
    const pace = await ports.askPace(piece.events.length);
    switch (pace.kind) {
      case "go":
        return null;
      case "smaller":
        return (await front) ?? HALVE;
      case "wait":
        await ports.sleep(Math.min(pace.ms, PACE_ASKED_EVERY_MS), signals.tries);
    }
  }
}

/** A sink that counts has to account for every log; to go on with counts that do not add up would make the ledger a lie. */
function areCountsWhole(counts: StoredCounts | null, { events }: Piece): boolean {
  if (counts === null) {
    return true;
  }
  const conflicts = new Set(counts.conflicts);
  const isWithin = counts.conflicts.every((position) => position < events.length);
  return isWithin && counts.new + counts.present + conflicts.size === events.length;
}

const MISCOUNT: Failure = {
  code: "BadResponse",
  message: ENGINE_SENTENCES.miscount(),
};
