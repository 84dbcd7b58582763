import { REGIONS } from "@/domain/trail/trail.ts";
import { withBenchDatabase } from "./bench-database.ts";
import { copyHistory } from "./copied-history.ts";
import type { Figure } from "./figure.ts";
import { openAccount, type Redelivery, redeliver } from "./redelivery.ts";
import { recordSample } from "./sample.ts";
import { measureAnswers } from "./scale-answers.ts";
import { measureImport } from "./scale-import.ts";
import { measureLoad } from "./scale-load.ts";
import { measureWorkers } from "./scale-workers.ts";
import { type BenchSink, startSink } from "./sink.ts";

const EVENTS = 10_000_000;

/** How much smaller the small history is. */
const TIMES = 10;

/** The large history's; the small one has a tenth of them, so that a slice has as many events in both and only their number differs. */
const LARGE_REGIONS = REGIONS.slice(0, 26);
const SMALL_REGIONS = REGIONS.slice(0, Math.ceil(LARGE_REGIONS.length / TIMES));

/** Recorded as they are, and copied into everything else. */
const SAMPLE_EVENTS = 100_000;

/**
 * What stays as it is, and what does not, when history or its use grows: ten times as many events, a second worker, recording and
 * polling beside a job.
 * @param events of the large history
 */
export function benchScale(events = EVENTS): Promise<readonly Figure[]> {
  return withBenchDatabase(async (folder) => {
    const sink = await startSink();
    try {
      return await measure(events, sink, folder);
    } finally {
      await sink.stop();
    }
  });
}

async function measure(events: number, { endpoint }: BenchSink, folder: string): Promise<readonly Figure[]> {
  const sample = await openAccount(endpoint);
  await timed("sample recorded", () => recordSample(sample, Math.min(SAMPLE_EVENTS, events)));
  const small = await openAccount(endpoint);
  await timed("small history made", () =>
    copyHistory(sample, small, { events: Math.ceil(events / TIMES), regions: SMALL_REGIONS }),
  );
  const ofSmall = await timed("small history redelivered", () => redeliver(small));
  const workers = await timed("two workers compared with one", () => measureWorkers(small, endpoint));
  const load = await timed("disturbed", () => measureLoad(small));
  const large = await openAccount(endpoint);
  await timed("large history made", () => copyHistory(sample, large, { events, regions: LARGE_REGIONS }));
  const ofLarge = await timed("large history redelivered", () => redeliver(large));
  const answers = await timed("starts and previews", () => measureAnswers(large));
  const [imported, copied] = [await openAccount(endpoint), await openAccount(endpoint)];
  const imports = await timed("imported and copied", () => measureImport(small, imported, copied, folder));
  return [...figuresOf(ofSmall, ofLarge), ...workers, ...answers, ...imports, ...load];
}

function figuresOf(small: Redelivery, large: Redelivery): readonly Figure[] {
  return [
    { name: "small_events", value: small.job.expected, unit: "events" },
    { name: "small_events_per_second", value: Math.round(small.eventsPerSecond), unit: "events/s" },
    { name: "small_worker_rss_mb", value: Math.round(small.workerRssMb), unit: "MB" },
    { name: "large_events", value: large.job.expected, unit: "events" },
    { name: "large_events_per_second", value: Math.round(large.eventsPerSecond), unit: "events/s" },
    { name: "large_worker_rss_mb", value: Math.round(large.workerRssMb), unit: "MB" },
    {
      name: "large_rate_ratio",
      value: Number((large.eventsPerSecond / small.eventsPerSecond).toFixed(2)),
      unit: "of the small history's rate",
      least: 0.9,
      aim: 1,
    },
    {
      name: "large_rss_ratio",
      value: Number((large.workerRssMb / small.workerRssMb).toFixed(2)),
      unit: "of the small history's memory",
      most: 1.1,
      aim: 1,
    },
  ];
}

/** Says how long a step took: together they take so long that one wonders whether anything still happens. */
async function timed<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
  const begunAt = performance.now();
  const result = await work();
  console.error(`${step}: ${Math.round((performance.now() - begunAt) / 1_000)} s`);
  return result;
}
