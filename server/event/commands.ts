import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import type { HistoryEvent } from "@/domain/event/event.ts";
import { inTransaction } from "@/server/transaction.ts";
import { type RecordingOutcome, recordInTransaction } from "./recording.ts";

/**
 * Bounds of one recording transaction, in events and in characters of their bodies. It holds the account's arrival lock,
 * which creating a history job waits for: far larger transactions make a person wait, far smaller ones pay a commit for
 * little.
 */
export const RECORDING_EVENTS_MAX = 1_000;
export const RECORDING_LENGTH_MAX = 2_000_000;

/** What became of events that were offered to history, by their number. */
export type RecordedCounts = { readonly recorded: number; readonly present: number; readonly conflicts: number };

/**
 * Records events in the account's history, any number of them, in short transactions of which each is whole or not at
 * all. The first body of an identity stays; the same body again counts as present, another one as a conflict and is
 * listed (`EventConflict`). The rollup counts exactly what was recorded.
 *
 * Safe to repeat, and any number of recorders may run at once. Rejects when the day of an event has no partition: inside
 * the 90 days of history that means nobody makes them any more. What was recorded before a rejection stays.
 */
export async function recordEvents(scope: AccountScope, events: readonly HistoryEvent[]): Promise<RecordedCounts> {
  const outcomes = await recordEventByEvent(scope, events);
  const count = (wanted: RecordingOutcome) => outcomes.filter((outcome) => outcome === wanted).length;
  return { recorded: count("recorded"), present: count("present"), conflicts: count("conflict") };
}

/** As recordEvents, and says what became of each event, in their order. */
export async function recordEventByEvent(
  { accountId }: AccountScope,
  events: readonly HistoryEvent[],
): Promise<RecordingOutcome[]> {
  const outcomes: RecordingOutcome[] = [];
  for (const chunk of cutIntoChunks(events)) {
    outcomes.push(...(await inTransaction((client) => recordInTransaction(client, accountId, chunk))));
  }
  return outcomes;
}

function* cutIntoChunks(events: readonly HistoryEvent[]): Generator<HistoryEvent[]> {
  let chunk: HistoryEvent[] = [];
  let length = 0;
  for (const event of events) {
    if (
      chunk.length === RECORDING_EVENTS_MAX ||
      (chunk.length > 0 && length + event.body.length > RECORDING_LENGTH_MAX)
    ) {
      yield chunk;
      chunk = [];
      length = 0;
    }
    chunk.push(event);
    length += event.body.length;
  }
  if (chunk.length > 0) {
    yield chunk;
  }
}
