import { parseArgs } from "node:util";
import { benchApi } from "./api.ts";
import { benchEvents } from "./events.ts";
import { type Figure, isMissed, lineOf } from "./figure.ts";
import { benchProfile } from "./profile.ts";
import { benchRedeliver } from "./redeliver.ts";
import { benchScale } from "./scale.ts";
import { benchWeb } from "./web.ts";

/** How large a run is; absent for the size that figures are compared at. */
type Size = {
  readonly events?: number | undefined;
  readonly requests?: number | undefined;
  readonly visits?: number | undefined;
};

const BENCHMARKS: Readonly<Record<string, (size: Size) => Promise<readonly Figure[]>>> = {
  api: benchApi,
  redeliver: ({ events }) => benchRedeliver(events),
  web: ({ visits }) => benchWeb(visits),
  events: ({ events }) => benchEvents(events),
  profile: ({ events }) => benchProfile(events),
  scale: ({ events }) => benchScale(events),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { events: { type: "string" }, requests: { type: "string" }, visits: { type: "string" } },
});
const bench = BENCHMARKS[positionals[0] ?? ""];
if (bench === undefined) {
  console.error(`Name a benchmark: ${Object.keys(BENCHMARKS).join(", ")}.`);
  process.exit(1);
}
const figures = await bench({
  events: numberOf(values.events),
  requests: numberOf(values.requests),
  visits: numberOf(values.visits),
});
for (const figure of figures) {
  console.log(lineOf(figure));
}
if (figures.some(isMissed)) {
  process.exitCode = 1;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
