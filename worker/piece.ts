import type { DeliverableEvent } from "@/server/history-job/pages.ts";

/**
 * Consecutive events of a page that are sent as one batch: the whole page, or a part that the ceiling or a log at fault has
 * made necessary. The parts are always the same ones, halves of halves, so that whatever cuts a page, each part has one
 * content and one id.
 */
export type Piece = {
  readonly events: readonly DeliverableEvent[];
  readonly first: DeliverableEvent;
  readonly last: DeliverableEvent;
};

/** These events as one piece; null when there are none. */
export function pieceOf(events: readonly DeliverableEvent[]): Piece | null {
  const first = events[0];
  const last = events.at(-1);
  return first === undefined || last === undefined ? null : { events, first, last };
}

/** The halves of a piece of two events or more, in order; the first is the larger one when they are not equal. */
export function halvesOf({ events }: Piece): Piece[] {
  const middle = Math.ceil(events.length / 2);
  return [events.slice(0, middle), events.slice(middle)].flatMap((half) => pieceOf(half) ?? []);
}
