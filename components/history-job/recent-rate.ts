import type { SlotDto } from "@/domain/history-job/schema.ts";

/** What was delivered of a job at a moment of the server's. */
type Sample = { readonly jobId: number; readonly run: number; readonly at: number; readonly delivered: number };

/** The slot with what this tab has seen of it lately. */
export type WatchedSlot = SlotDto & {
  readonly samples: readonly Sample[];
  /** Whether a page has read it with what it asks for, which will read it again. */
  readonly isOfPage?: boolean;
};

/** How far back the present speed looks: long enough to be calm, short enough to follow a pause, a ceiling or an outage. */
const WINDOW_MS = 20_000;

/** Between two moments closer than this the difference is mostly chance: batches come in lumps. */
const SPAN_MIN_MS = 3_000;

/** The samples of one run of delivering, with the newest; a pause, another job or another run begins anew. */
export function watchSlot(before: WatchedSlot | undefined, slot: SlotDto): WatchedSlot {
  const { job } = slot;
  if (job === null || job.phase !== "delivering") {
    return { ...slot, samples: [] };
  }
  const sample = { jobId: job.id, run: job.run, at: Date.parse(slot.now), delivered: job.delivered };
  const kept = (before?.samples ?? []).filter(
    ({ jobId, run, at }) =>
      jobId === sample.jobId && run === sample.run && at < sample.at && at >= sample.at - WINDOW_MS,
  );
  return { ...slot, samples: [...kept, sample] };
}

/** Events per second of late; null while too little was seen to tell. */
export function recentRateOf(samples: readonly Sample[]): number | null {
  const first = samples.at(0);
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < SPAN_MIN_MS) {
    return null;
  }
  return Math.max(0, last.delivered - first.delivered) / ((last.at - first.at) / 1_000);
}
