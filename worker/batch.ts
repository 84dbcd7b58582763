import { createHash } from "node:crypto";
import { AUDIT_EVENT_TOPIC, BATCH_ID_TAG, JOB_ID_TAG } from "@/domain/log-service/log-service.ts";
import type { DeliverableEvent, PageLimits } from "@/server/history-job/pages.ts";
import type { SliceClaim } from "@/server/history-job/slices.ts";
import { LogGroupWriter } from "@/server/sls/log-group.ts";
import type { Piece } from "./piece.ts";

/**
 * Where a batch ends. A page ends with the event that reaches bytesMax, and a body has 1 MB at most, so no LogGroup passes
 * the 3 MB and 4,096 logs that older SLS accepts (actiontrail.md, 6.3). Larger batches would gain little and cost memory:
 * a worker holds up to a dozen of them.
 */
export const BATCH_LIMITS: PageLimits = { logsMax: 4_000, bytesMax: 1_800_000 };

const LOG_SOURCE = "backtrail";

/** The logs of one PutLogs request. */
export type Batch = {
  readonly id: string;
  readonly events: readonly DeliverableEvent[];
  /** Encoded, not yet compressed. */
  readonly logGroup: Uint8Array;
};

/**
 * The batch of a piece. Its id depends on the job and the events alone, so that a repeat carries the same one; it begins with
 * the job's id, by which a logstore finds all batches of a job.
 * @param deliveredAt the log time of all logs; null for each event's own
 */
export function encodeBatch(claim: SliceClaim, piece: Piece, deliveredAt: Date | null): Batch {
  const id = batchId(claim, piece);
  const tags = [
    { key: JOB_ID_TAG, value: String(claim.jobId) },
    { key: BATCH_ID_TAG, value: id },
  ];
  const expected = {
    logs: piece.events.length,
    eventBytes: piece.events.reduce((sum, { body }) => sum + body.length, 0),
  };
  const writer = new LogGroupWriter({ topic: AUDIT_EVENT_TOPIC, source: LOG_SOURCE, tags }, expected);
  for (const event of piece.events) {
    writer.add({ time: Math.floor((deliveredAt ?? event.eventTime).getTime() / 1_000), event: event.body });
  }
  return { id, events: piece.events, logGroup: writer.finish() };
}

function batchId(claim: SliceClaim, { events, first, last }: Piece): string {
  const parts = [
    claim.jobId,
    claim.region,
    first.eventTime.toISOString(),
    first.eventId,
    last.eventTime.toISOString(),
    last.eventId,
    events.length,
  ];
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
  return `${claim.jobId}-${digest}`;
}
