import fc from "fast-check";
import type { Model } from "./model.ts";
import { CONTROLS, type Control, canRetry } from "./model-control.ts";
import { DAYS, EVENTS_COUNT, eventAt } from "./model-events.ts";
import { TROUBLES } from "./model-sink.ts";
import { WORKERS } from "./model-workers.ts";
import type { World } from "./model-world.ts";

export type Command = fc.AsyncCommand<Model, World>;

/** A command that is compared with the model right after it. Whether it applies, the world decides: a person or a worker may try anything. */
function command(name: string, run: (world: World) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (_, world) => {
      await run(world);
      await world.compare();
    },
    toString: () => name,
  };
}

const place = fc.nat(WORKERS - 1);
const index = fc.nat(EVENTS_COUNT - 1);
const variant = fc.nat(1);

const record = fc
  .tuple(fc.uniqueArray(index, { minLength: 1, maxLength: 4 }), variant)
  .map(([indexes, of]) =>
    command(`record ${indexes} (${of})`, (world) => world.record(indexes.map((one) => eventAt(one, of)))),
  );

const create = fc
  .record({
    trail: fc.constantFrom("all-events", "all-events", "write-events"),
    window: fc.constantFrom("default", "default", "own"),
    token: fc.constantFrom("", "one", "two"),
  })
  .map((request) => command(`create ${JSON.stringify(request)}`, (world) => world.create(request)));

/** Mostly of the newest job: the one that is running, when one is. */
const control = fc
  .tuple(
    fc.constantFrom<Control>(...CONTROLS, "pause", "resume"),
    fc.constantFrom(0, 0, 0, 1),
    fc.constantFrom(null, 1, 3),
  )
  .map(([what, age, limit]) =>
    command(`${what} job -${age} (${limit})`, async (world) => {
      const job = world.model.jobs.at(-1 - age);
      if (job !== undefined) {
        await world.control(job, what, limit);
      }
    }),
  );

/** Of the newest job of which something is left: as often as jobs that can be retried are made. */
const retry = fc.constant(
  command("retry what is left", async (world) => {
    const job = world.model.jobs.findLast(canRetry);
    if (job !== undefined) {
      await world.control(job, "retry", null);
    }
  }),
);

const take = place.map((at) => command(`take ${at}`, (world) => world.workers.take(at)));

const step = fc
  .tuple(place, fc.nat(2))
  .map(([at, which]) => command(`step ${at} ${which}`, (world) => world.workers.step(at, which)));

/** A worker that has some time to itself. */
const run = fc
  .tuple(place, fc.integer({ min: 3, max: 15 }))
  .map(([at, steps]) => command(`run ${at} ${steps}`, (world) => world.workers.run(at, steps)));

/** A worker that has all the time it needs, for one entry or for all that wait. */
const work = fc.tuple(place, fc.constantFrom(1, 4)).map(([at, entries]) =>
  command(`work ${at} on ${entries}`, async (world) => {
    for (let done = 0; done < entries; done++) {
      await world.workers.take(at);
      await world.workers.run(at, STEPS_PER_ENTRY);
      await world.compare();
    }
  }),
);

const expire = fc
  .record({ at: place, isGivenUp: fc.boolean(), isDead: fc.boolean() })
  .map(({ at, ...how }) => command(`expire ${at} ${JSON.stringify(how)}`, (world) => world.workers.loseEntry(at, how)));

/** A worker begins and freezes; another gets its slices and goes on for a while; then the first wakes up, perhaps to trouble. */
const takeOver = fc
  .record({
    at: place,
    before: fc.integer({ min: 2, max: 9 }),
    isGivenUp: fc.boolean(),
    after: fc.integer({ min: 2, max: 12 }),
    trouble: fc.constantFrom(null, null, null, ...TROUBLES),
    late: fc.nat(6),
  })
  .map(({ at, before, isGivenUp, after, trouble: met, late }) =>
    command(`take over from ${at} ${JSON.stringify({ before, isGivenUp, after, met, late })}`, async (world) => {
      const { workers, sink } = world;
      const next = (at + 1) % WORKERS;
      await workers.take(at);
      await workers.run(at, before);
      await workers.loseEntry(at, { isGivenUp, isDead: false });
      await world.passTime(5_000);
      if (isGivenUp) {
        await world.sweep();
      }
      await workers.take(next);
      await workers.run(next, after);
      sink.troubles.push(...(met === null ? [] : [met]));
      await workers.run(at, late);
    }),
  );

/** A person or the queue acts when a slice's last answer is there and not saved: the save must then claim no other slice. */
const interrupt = fc
  .record({
    at: place,
    what: fc.constantFrom("pause" as const, "pause" as const, "cancel" as const, "expire" as const),
    after: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ at, what, after }) =>
    command(`${what} before ${at} ends a slice, and then ${after}`, async (world) => {
      const { workers, model } = world;
      await workers.take(at);
      await workers.runUntil(at, "saveLastProgress", STEPS_PER_ENTRY);
      const job = model.slotJob;
      if (job !== null && workers.isAtWork(at)) {
        await (what === "expire"
          ? workers.loseEntry(at, { isGivenUp: false, isDead: false })
          : world.control(job, what, null));
        await workers.run(at, after);
        await world.compare();
        await world.control(job, "resume", null);
      }
    }),
  );

const shutDown = place.map((at) => command(`shut down ${at}`, async (world) => world.workers.shutDown(at)));

const queue = fc.boolean().map((doWait) =>
  command(`other jobs ${doWait ? "wait" : "do not wait"}`, async (world) => {
    world.doOthersWait = doWait;
  }),
);

const sweep = fc.constant(command("sweep", (world) => world.sweep()));

const passTime = fc
  .constantFrom(2_000, 70_000, 25 * 3_600_000)
  .map((ms) => command(`pass ${ms} ms`, (world) => world.passTime(ms)));

const trouble = fc
  .array(fc.constantFrom(...TROUBLES), { minLength: 1, maxLength: 2 })
  .map((troubles) => command(`trouble ${troubles}`, async (world) => void world.sink.troubles.push(...troubles)));

const poison = fc.tuple(index, fc.boolean()).map(([one, isPoison]) =>
  command(`${isPoison ? "poison" : "cure"} ${one}`, async ({ sink }) => {
    const { key } = eventAt(one, 0);
    isPoison ? sink.poison.add(key) : sink.poison.delete(key);
  }),
);

const foreign = fc
  .tuple(index, variant)
  .map(([one, of]) => command(`at the sink ${one} (${of})`, async ({ sink }) => sink.store(eventAt(one, of))));

const times = fc.boolean().map((refuses) =>
  command(`old times ${refuses ? "refused" : "taken"}`, async ({ sink }) => {
    sink.refusesOldTimes = refuses;
  }),
);

const drop = fc.constantFrom(...DAYS).map((day) => command(`drop ${day}`, (world) => world.dropDay(day)));

/** More than the longest entry takes, with all that a sink can do to it. */
const STEPS_PER_ENTRY = 80;

/** Work often, accidents often enough, and jobs that come to their ends and are taken up again. */
export function commands(replayPath: string | undefined): fc.Arbitrary<Iterable<Command>> {
  return fc.commands(
    [
      fc.oneof(
        { weight: 6, arbitrary: take },
        { weight: 6, arbitrary: run },
        { weight: 5, arbitrary: takeOver },
        { weight: 5, arbitrary: work },
        { weight: 3, arbitrary: interrupt },
        { weight: 4, arbitrary: step },
        { weight: 5, arbitrary: control },
        { weight: 3, arbitrary: retry },
        { weight: 3, arbitrary: trouble },
        { weight: 3, arbitrary: sweep },
        { weight: 2, arbitrary: expire },
        { weight: 2, arbitrary: create },
        { weight: 2, arbitrary: poison },
        { weight: 2, arbitrary: foreign },
        { weight: 1, arbitrary: record },
        { weight: 1, arbitrary: passTime },
        { weight: 1, arbitrary: times },
        { weight: 1, arbitrary: shutDown },
        { weight: 1, arbitrary: queue },
        { weight: 1, arbitrary: drop },
      ),
    ],
    { maxCommands: COMMANDS_MAX, size: "max", ...(replayPath === undefined ? {} : { replayPath }) },
  );
}

/** Enough for a job, its retry and another one; a longer sequence finds less in the same time than two of these. */
const COMMANDS_MAX = 40;
