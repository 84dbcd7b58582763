import type { JobRateDto } from "./schema.ts";

type RateSample = JobRateDto["samples"][number];

/** A stretch of a job's run, in milliseconds since 1970. */
export type RateSpan = {
  readonly from: number;
  readonly to: number;
  /** Events delivered within it. */
  readonly delivered: number;
  /** Null where the job was paused, or between two runs: nothing was to be delivered then. */
  readonly eventsPerSecond: number | null;
};

/** Over less than this the rate is mostly chance, because batches come in lumps; a shorter stretch joins the one before it. */
const SPAN_MIN_MS = 2_000;

/** A run of one batch is over in no time at all; a tenth of a second keeps its rate from being nonsense. */
const SPAN_FLOOR_MS = 100;

/** The rate of a job over its runs, from moments in their order: one stretch after the other, without holes. */
export function rateSpansOf(samples: readonly RateSample[]): RateSpan[] {
  const spans: RateSpan[] = [];
  for (const [index, next] of samples.entries()) {
    const sample = samples[index - 1];
    if (sample === undefined) {
      continue;
    }
    const isIdle = sample.isPause || sample.run !== next.run;
    const span = spanOf(sample, next, isIdle);
    const before = spans.at(-1);
    if (before !== undefined && before.eventsPerSecond !== null && !isIdle && span.to - span.from < SPAN_MIN_MS) {
      spans[spans.length - 1] = withRate(before.from, span.to, before.delivered + span.delivered);
    } else {
      spans.push(span);
    }
  }
  return spans;
}

function spanOf(sample: RateSample, next: RateSample, isIdle: boolean): RateSpan {
  const from = Date.parse(sample.at);
  const to = Date.parse(next.at);
  const delivered = sample.run === next.run ? Math.max(0, next.delivered - sample.delivered) : 0;
  return isIdle ? { from, to, delivered, eventsPerSecond: null } : withRate(from, to, delivered);
}

function withRate(from: number, to: number, delivered: number): RateSpan {
  return { from, to, delivered, eventsPerSecond: delivered / (Math.max(SPAN_FLOOR_MS, to - from) / 1_000) };
}
