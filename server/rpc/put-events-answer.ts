import type { PutEventOutcome } from "@/domain/event/put-events.ts";

/** What became of each event of a call, and of how many of them: Recorded, Present, Conflict and Refused are all of them. */
export function putEventsAnswer(outcomes: readonly PutEventOutcome[]) {
  const count = (outcome: PutEventOutcome["outcome"]) => outcomes.filter((one) => one.outcome === outcome).length;
  return {
    Recorded: count("recorded"),
    Present: count("present"),
    Conflict: count("conflict"),
    Refused: count("refused"),
    Outcomes: outcomes.map((one) => ({
      Line: one.line,
      Outcome: one.outcome,
      ...(one.outcome === "refused" ? { Reason: one.reason } : { EventId: one.eventId }),
    })),
  };
}
