import { parseArgs } from "node:util";
import { benchApi } from "./api.ts";
import { benchEvents } from "./events.ts";
import type { Figure } from "./figure.ts";
import { benchRedeliver } from "./redeliver.ts";
import { benchWeb } from "./web.ts";

const BENCHMARKS: Readonly<Record<string, (events: number | undefined) => Promise<readonly Figure[]>>> = {
  api: benchApi,
  redeliver: benchRedeliver,
  web: benchWeb,
  events: benchEvents,
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { events: { type: "string" } } });
const bench = BENCHMARKS[positionals[0] ?? ""];
if (bench === undefined) {
  console.error(`Name a benchmark: ${Object.keys(BENCHMARKS).join(", ")}.`);
  process.exit(1);
}
for (const { name, value, unit } of await bench(values.events === undefined ? undefined : Number(values.events))) {
  console.log(`${name}: ${value} ${unit}`);
}
