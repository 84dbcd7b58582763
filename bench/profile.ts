import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withBenchDatabase } from "./bench-database.ts";
import { type CpuProfile, IDLE, selfTimesOf } from "./cpu-profile.ts";
import type { Figure } from "./figure.ts";
import { openAccount, redeliver } from "./redelivery.ts";
import { recordSample } from "./sample.ts";
import { startSink } from "./sink.ts";

const EVENTS = 500_000;

/** The functions that are told: a screen full. */
const FUNCTIONS = 20;

/** Stays behind the run, until the next one. */
const PROFILE_FILE = join(tmpdir(), "backtrail-worker.cpuprofile");

/** Redelivers generated history through a worker under V8's profiler, leaves the profile, and tells where the time went. */
export function benchProfile(events = EVENTS): Promise<readonly Figure[]> {
  return withBenchDatabase(async (folder) => {
    const sink = await startSink();
    try {
      const account = await openAccount(sink.endpoint);
      await recordSample(account, events);
      const profiles = join(folder, "profiles");
      const settings = { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` };
      const { eventsPerSecond } = await redeliver(account, { settings });
      copyFileSync(join(profiles, nameOfMainThread(readdirSync(profiles))), PROFILE_FILE);
      console.log(`profile: ${PROFILE_FILE}`);
      return [
        { name: "events_per_second_profiled", value: Math.round(eventsPerSecond), unit: "events/s" },
        ...figuresOf(JSON.parse(readFileSync(PROFILE_FILE, "utf8"))),
      ];
    } finally {
      await sink.stop();
    }
  });
}

/** Each thread writes a profile of its own, called CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile; the main thread is 0. */
function nameOfMainThread(names: readonly string[]): string {
  const name = names.find((one) => one.split(".")[4] === "0");
  if (name === undefined) {
    throw new Error(`the worker has left no profile of its main thread: ${names.join(", ")}`);
  }
  return name;
}

function figuresOf(profile: CpuProfile): readonly Figure[] {
  const times = selfTimesOf(profile);
  const sum = (of: typeof times) => of.reduce((total, { ms }) => total + ms, 0);
  const busy = times.filter(({ name }) => name !== IDLE);
  const percent = (ms: number, of: number) => Number(((100 * ms) / of).toFixed(1));
  return [
    { name: "busy", value: percent(sum(busy), sum(times)), unit: "% of the worker's life" },
    ...busy
      .slice(0, FUNCTIONS)
      .map(({ name, ms }) => ({ name, value: percent(ms, sum(busy)), unit: "% of the busy time" })),
  ];
}
