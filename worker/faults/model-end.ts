import { pool } from "@/server/db.ts";
import { demand, remainingOf } from "./model.ts";
import { demandSame } from "./model-claim.ts";
import { canRetry } from "./model-control.ts";
import { WORKERS } from "./model-workers.ts";
import type { World } from "./model-world.ts";

/** Twelve events in three slices, a few requests each, four lost entries at most: far more than any job needs. */
const ROUNDS_MAX = 30;
const STEPS_MAX = 500;

/** More than any sink's rest, any lease and any ceiling's pause; far less than the 24 hours of a paused job. */
const ROUND_MS = 600_000;

/**
 * The end of every sequence: late workers come to their ends, the sink is well again, and one worker goes on with what the sweeps
 * give it. Everything that is not paused must then end; what is paused, once it is resumed; and what a retry can deliver
 * is delivered.
 */
export async function finish(world: World): Promise<void> {
  const { model, sink } = world;
  sink.recover();
  world.doOthersWait = false;
  for (let place = 0; place < WORKERS; place++) {
    await runToEnd(world, place);
    await world.compare();
  }
  await workUntilQuiet(world);
  const paused = model.slotJob;
  if (paused !== null) {
    demandSame("what is left is", paused.phase, "paused");
    await world.control(paused, "resume", null);
    await workUntilQuiet(world);
  }
  demandSame("the job that still holds the slot", model.slotJob?.id ?? null, null);
  const left = model.jobs.findLast(canRetry);
  if (left !== undefined) {
    sink.poison.clear();
    await world.control(left, "retry", null);
    await workUntilQuiet(world);
    const remaining = left.slices.reduce((sum, slice) => sum + remainingOf(slice), 0);
    demandSame("what remains after a retry at a sink that is well", remaining, 0);
  }
  await forgetEntries(world);
}

async function workUntilQuiet(world: World): Promise<void> {
  const { model, workers } = world;
  for (let round = 0; model.slotJob !== null && model.slotJob.phase !== "paused"; round++) {
    demand(round < ROUNDS_MAX, `job ${model.slotJob.id} ends within ${ROUNDS_MAX} rounds of a healthy worker`);
    await world.passTime(ROUND_MS);
    await world.sweep();
    await workers.take(0);
    await runToEnd(world, 0);
    await world.compare();
  }
}

async function runToEnd({ workers }: World, place: number): Promise<void> {
  await workers.run(place, STEPS_MAX);
  demand(!workers.isAtWork(place), `a worker comes to its end within ${STEPS_MAX} steps`);
}

/** Entries that nobody will take would slow all later sequences down. */
async function forgetEntries({ model }: World): Promise<void> {
  await pool().query(
    `DELETE FROM pgboss.job WHERE (data->>'jobId')::int = ANY ($1)
       OR (data->>'verificationId')::int IN (SELECT id FROM job_verification WHERE job_id = ANY ($1))`,
    [model.jobs.map(({ id }) => id)],
  );
}
