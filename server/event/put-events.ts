import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { type HistoryEvent, parseEvent } from "@/domain/event/event.ts";
import {
  EVENTS_ENCODINGS,
  type EventsEncoding,
  type EventsFault,
  OUTSIDE_HISTORY_REASON,
  PUT_EVENTS_BYTES_MAX,
  PUT_EVENTS_MAX,
  type PutEventOutcome,
} from "@/domain/event/put-events.ts";
import { auditRefusal } from "@/server/access/audit.ts";
import { readDatabaseTime } from "@/server/db.ts";
import { inflateBounded } from "@/server/inflate.ts";
import { recordEventByEvent } from "./commands.ts";
import { EventScanner, type ScannedEvent } from "./event-scanner.ts";

/** The body of a call as it came: NDJSON, or what else EventScanner finds events in, perhaps compressed. */
export type PutEventsBody = {
  readonly bytes: Uint8Array;
  /** Content-Encoding; undefined for a body that is not compressed. */
  readonly encoding: string | undefined;
};

/**
 * Records the events of one call in the account's history and says what became of each, in their order. One that is refused keeps no
 * other from being recorded. At most 1,000 events and 4 MB.
 *
 * Safe to repeat, also where no answer came: what was recorded is present the next time. Writes no audit entry for a call that is
 * carried out, which would be one more event for each: who may record is in the keys' policies. A call that is refused is in the audit.
 * @throws DomainError InvalidEvents, and then nothing was recorded
 */
export async function putEvents(scope: AccountScope, body: PutEventsBody): Promise<PutEventOutcome[]> {
  const found = await findEvents(body);
  if (typeof found === "string") {
    const { bytes, encoding = "identity" } = body;
    const details = { fault: found, bytes: bytes.length, encoding: encoding.slice(0, ENCODING_LENGTH_MAX) };
    throw await auditRefusal(scope, new DomainError("InvalidEvents", { events: found }), { details });
  }
  const now = await readDatabaseTime();
  const judged = found.map((one) => judge(one, now));
  const recordable = judged.flatMap((one) => (one.kind === "event" ? [one.event] : []));
  const recorded = (await recordEventByEvent(scope, recordable)).values();
  return judged.map((one) => {
    if (one.kind === "refused") {
      return { line: one.line, outcome: "refused", reason: one.reason };
    }
    const { done, value } = recorded.next();
    if (done) {
      throw new Error("fewer events were judged by history than were offered to it");
    }
    return { line: one.line, outcome: value, eventId: one.event.eventId };
  });
}

/** All compressions there are have shorter names; what is longer would only be carried into the audit. */
const ENCODING_LENGTH_MAX = 100;

/** The events of a body, or why none of them is taken. */
async function findEvents({ bytes, encoding = "identity" }: PutEventsBody): Promise<ScannedEvent[] | EventsFault> {
  const known = EVENTS_ENCODINGS.find((one) => one === encoding.toLowerCase());
  if (known === undefined) {
    return "unknown-encoding";
  }
  const decoded = await decompress(bytes, known);
  if (typeof decoded === "string") {
    return decoded;
  }
  const found = scan(decoded);
  return found.length > PUT_EVENTS_MAX ? "too-many" : found;
}

async function decompress(bytes: Uint8Array, encoding: EventsEncoding): Promise<Uint8Array | "too-large" | "damaged"> {
  if (bytes.length > PUT_EVENTS_BYTES_MAX) {
    return "too-large";
  }
  return encoding === "identity" ? bytes : inflateBounded(bytes, encoding, PUT_EVENTS_BYTES_MAX);
}

/** Even empty objects are some 20,000 in as many bytes: more would only be scanned for nothing, fewer copy large events more often. */
const SCANNED_BYTES = 64 * 1024;

/** The events of a body in their order, or more than a call may have: then what lies behind them is not scanned. */
function scan(bytes: Uint8Array): ScannedEvent[] {
  const scanner = new EventScanner();
  const found: ScannedEvent[] = [];
  for (let at = 0; at < bytes.length; at += SCANNED_BYTES) {
    found.push(...scanner.push(bytes.subarray(at, at + SCANNED_BYTES)));
    if (found.length > PUT_EVENTS_MAX) {
      return found;
    }
  }
  return [...found, ...scanner.end()];
}

/** A scanned event as history sees it: one to record, or one that is refused. */
type Judged =
  | { readonly kind: "event"; readonly line: number; readonly event: HistoryEvent }
  | { readonly kind: "refused"; readonly line: number; readonly reason: string };

function judge(found: ScannedEvent, now: Date): Judged {
  const { line } = found;
  if (found.kind === "refused") {
    return found;
  }
  const parsed = parseEvent(found.text, now);
  switch (parsed.kind) {
    case "event":
      return { kind: "event", line, event: parsed.event };
    case "refused":
      return { kind: "refused", line, reason: parsed.reason };
    case "outside-history":
      return { kind: "refused", line, reason: OUTSIDE_HISTORY_REASON };
  }
}
