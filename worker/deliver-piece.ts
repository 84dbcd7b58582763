import type { SliceOutcome } from "./delivery-ports.ts";
import { halvesOf, type Piece } from "./piece.ts";
import type { SliceDelivery } from "./slice-delivery.ts";
import type { PieceAnswer } from "./slice-ledger.ts";
import { tryPiece } from "./try-piece.ts";

/** Saves what the sink said to a piece. Null when the slice goes on. */
type SavePiece = (piece: Piece, answer: PieceAnswer) => Promise<SliceOutcome | null>;

/**
 * Delivers a piece whole, or half by half where the ceiling or a log at fault does not let it through, down to single logs. Each
 * part is saved before the next is sent, and the first only when everything before the piece is saved.
 * @returns null when the piece is done; else what ends the slice
 */
export async function deliverPiece(
  delivery: SliceDelivery,
  piece: Piece,
  front: Promise<SliceOutcome | null>,
  save: SavePiece,
): Promise<SliceOutcome | null> {
  const tried = await tryPiece(delivery, piece, front);
  if (tried.kind === "halve") {
    for (const half of halvesOf(piece)) {
      const outcome = await deliverPiece(delivery, half, front, save);
      if (outcome !== null) {
        return outcome;
      }
    }
    return null;
  }
  const before = await front;
  if (before !== null) {
    if (tried.kind === "accepted") {
      // The sink has it, but the cursor cannot move past what stands before it: it goes out once more.
      delivery.ledger.noteResent();
    }
    return before;
  }
  if (tried.kind !== "accepted" && tried.kind !== "refused-alone") {
    return tried;
  }
  return save(piece, tried);
}
