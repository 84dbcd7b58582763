import type * as timers from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, it, vi } from "vitest";
import { closeQueue } from "@/server/queue.ts";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import { commands } from "./model-commands.ts";
import { finish } from "./model-end.ts";
import { EVENTS_COUNT, eventAt } from "./model-events.ts";
import { giveCallersTheirTime } from "./model-gate.ts";
import { World } from "./model-world.ts";

// Everything through which a worker reaches the world waits at a gate, so that a sequence decides who does what when.
vi.mock("@/server/history-job/slices.ts", throughGate);
vi.mock("@/server/history-job/settle.ts", throughGate);
vi.mock("@/server/history-job/pace.ts", throughGate);
vi.mock("@/server/log-service/circuit.ts", throughGate);
vi.mock("@/server/log-service/queries.ts", throughGate);
vi.mock("@/server/queue.ts", throughGate);
vi.mock("@/server/sls/client.ts", throughGate);
vi.mock("@/server/history-job/pages.ts", throughGate);
vi.mock("node:timers/promises", async (original: () => Promise<typeof timers>) => {
  const { gate } = await import("./model-gate.ts");
  const real = await original();
  return { ...real, setTimeout: gate("setTimeout", real.setTimeout as (...args: readonly unknown[]) => unknown) };
});

// Entries as small as all the rest: a slice or two each, so that several workers are on a job. The product gives so few events to
// one, as happens here with every third number of them.
vi.mock("@/domain/history-job/rules.ts", async (original: () => Promise<object>) => ({
  ...(await original()),
  lengthOfNextRun: (slices: readonly object[], jobExpected: number) => Math.min(slices.length, 1 + (jobExpected % 3)),
}));

async function throughGate(original: () => Promise<object>): Promise<object> {
  const { gated } = await import("./model-gate.ts");
  return gated(await original());
}

/** Sequences in all, and how many are under way at a time: each waits for the database most of the time. */
const SEQUENCES = inForm({ short: 100, full: 2_000 });
const LANES = 4;

/** All sequences on a machine that is busy with other tests, and the shrinking of one that failed. */
const TIMEOUT_MS = inForm({ short: 600_000, full: 3_600_000 });

beforeAll(() => {
  giveCallersTheirTime();
  // The jitter of back-offs, which would make a sequence another one when it is run again.
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterAll(async () => {
  vi.restoreAllMocks();
  await closeQueue();
});

it(
  `does what a small model does, in ${SEQUENCES} random sequences of three workers, people and accidents`,
  async () => {
    const { seed, path, replayPath } = replayOf(process.env.MODEL_REPLAY);
    const lanes = path === undefined ? LANES : 1;
    const random = randomFor("model");
    const seeds = Array.from({ length: lanes }, () => seed ?? random.integer(0, 2 ** 31 - 1));
    const runs = await Promise.allSettled(
      seeds.map((own) =>
        fc.assert(sequences(replayPath), {
          seed: own,
          numRuns: SEQUENCES / lanes,
          includeErrorInReport: true,
          ...(path === undefined ? {} : { path, endOnFailure: true }),
        }),
      ),
    );
    const failed = runs.find((run) => run.status === "rejected");
    if (failed !== undefined) {
      throw failed.reason;
    }
  },
  TIMEOUT_MS,
);

/**
 * A failure prints `{ seed: …, path: "…" }` and `replayPath="…"`. As JSON in MODEL_REPLAY these three run the one sequence that
 * failed, and that alone.
 */
function replayOf(text = "{}"): { readonly seed?: number; readonly path?: string; readonly replayPath?: string } {
  return JSON.parse(text);
}

function sequences(replayPath: string | undefined) {
  const some = fc.uniqueArray(fc.nat(EVENTS_COUNT - 1), { maxLength: 3 });
  const start = fc.record({
    sinkCounts: fc.boolean(),
    pageLogs: fc.integer({ min: 1, max: 4 }),
    /** What the sink refuses from the beginning, and what it has already, with another text or the same. */
    poison: some,
    others: some,
    present: some,
  });
  return fc.asyncProperty(start, commands(replayPath), async ({ poison, others, present, ...settings }, sequence) => {
    const world = await World.open(settings);
    for (const index of poison) {
      world.sink.poison.add(eventAt(index, 0).key);
    }
    for (const [variant, indexes] of [present, others].entries()) {
      for (const index of indexes) {
        world.sink.store(eventAt(index, variant));
      }
    }
    await world.record(RECORDED_FIRST.map((index) => eventAt(index, 0)));
    await world.create({ trail: "all-events", window: "default", token: "" });
    await world.compare();
    await fc.asyncModelRun(() => ({ model: world.model, real: world }), sequence);
    await finish(world);
  });
}

/** Three of each slice; the others may arrive while a job runs. */
const RECORDED_FIRST = [0, 1, 2, 4, 5, 7, 8, 9, 11];
