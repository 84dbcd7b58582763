import type { AccountScope } from "@/domain/access/scope.ts";
import { parseEvent } from "@/domain/event/event.ts";
import { readDatabaseTime } from "@/server/db.ts";
import { recordEvents } from "@/server/event/commands.ts";
import type { ImportCounts } from "@/server/event/imports.ts";
import { EventLanes } from "./event-lanes.ts";
import { type SampleOptions, sampleBodies } from "./sample-history.ts";

/** A day less than history has, so that the first day of the sample stays inside it for a day. */
export const SAMPLE_DAYS = 89;

/**
 * Records a sample in the account's history and answers what came of it; the sample is the same for the same options, so
 * a repeat adds nothing. Stops early when the signal says so. `onProgress` gets the number of events made so far.
 */
export async function recordSample(
  scope: AccountScope,
  options: SampleOptions,
  { onProgress, signal }: { onProgress?: (made: number) => void; signal?: AbortSignal } = {},
): Promise<ImportCounts> {
  const now = await readDatabaseTime();
  const lanes = new EventLanes((events) => recordEvents(scope, events));
  let made = 0;
  let outsideHistory = 0;
  for (const body of sampleBodies(options)) {
    if (signal?.aborted === true) {
      break;
    }
    const parsed = parseEvent(body, now);
    if (parsed.kind === "refused") {
      throw new Error(`a sample event is refused: ${parsed.reason}`);
    }
    if (parsed.kind === "outside-history") {
      outsideHistory++;
      continue;
    }
    made++;
    const turn = lanes.add(parsed.event);
    if (turn !== null) {
      await turn;
      onProgress?.(made);
    }
  }
  await lanes.drain();
  return { ...lanes.counts, outsideHistory, refused: 0 };
}
