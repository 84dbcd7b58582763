import { createHash } from "node:crypto";
import { AUDIT_EVENT_TOPIC, BATCH_ID_TAG, JOB_ID_TAG } from "@/domain/log-service/log-service.ts";
import type { DeliverableEvent, PageLimits } from "@/server/history-job/pages.ts";
import type { EventKey, SliceClaim } from "@/server/history-job/slices.ts";
import { LogGroupWriter } from "@/server/sls/log-group.ts";

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
  readonly last: EventKey;
  /** Encoded, not yet compressed. */
  readonly logGroup: Uint8Array;
  /** Bytes of the bodies. */
  readonly bytes: number;
};

/**
 * The batch of a page. Its id depends on the job and the events alone, so that a repeat carries the same one. The log time is
 * the event's.
 */
export function encodeBatch(claim: SliceClaim, events: readonly [DeliverableEvent, ...DeliverableEvent[]]): Batch {
  const last = events[events.length - 1] ?? events[0];
  const id = batchId(claim, events[0], last, events.length);
  const writer = new LogGroupWriter({
    topic: AUDIT_EVENT_TOPIC,
    source: LOG_SOURCE,
    tags: [
      { key: JOB_ID_TAG, value: String(claim.jobId) },
      { key: BATCH_ID_TAG, value: id },
    ],
  });
  let bytes = 0;
  for (const event of events) {
    writer.add({ time: Math.floor(event.eventTime.getTime() / 1_000), event: event.body });
    bytes += Buffer.byteLength(event.body);
  }
  return { id, events, last, logGroup: writer.finish(), bytes };
}

function batchId(claim: SliceClaim, first: EventKey, last: EventKey, count: number): string {
  const parts = [
    claim.jobId,
    claim.region,
    first.eventTime.toISOString(),
    first.eventId,
    last.eventTime.toISOString(),
    last.eventId,
    count,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
