import { pool } from "@/server/db.ts";
import { completeEntry, giveEntryUp, loseEntry, takeEntry } from "@/testing/queue-entries.ts";
import { demand } from "./model.ts";
import { Actor } from "./model-actor.ts";
import { performBeside } from "./model-steps.ts";
import type { World } from "./model-world.ts";

/** Workers at a time. */
export const WORKERS = 3;

/** For so long at least a worker has shown no sign of life when the queue believes it to be dead. */
const HEARTBEAT_MS = 10_000;

/** The workers of one account, each with one entry at most, and what the queue does to them. */
export class Workers {
  readonly #world: World;
  /** Their handlers; null for a worker that has no entry. */
  readonly #actors: (Actor | null)[] = Array.from({ length: WORKERS }, () => null);

  constructor(world: World) {
    this.#world = world;
  }

  isAtWork(place: number): boolean {
    return this.#actors[place] !== null;
  }

  /** Gives a waiting entry to a worker that has none, after a look at which slices it is for. */
  async take(place: number): Promise<void> {
    const { model } = this.#world;
    const job = model.slotJob;
    if (job === null || this.isAtWork(place)) {
      return;
    }
    await this.#world.compare();
    const entry = await takeEntry(job.id);
    if (entry === null) {
      return;
    }
    demand(model.entries.get(entry.id) !== "active", "no entry is given out while a worker has it");
    model.entries.set(entry.id, "active");
    const world = this.#world;
    const actor = new Actor(entry, {
      perform: (own, call) => performBeside(world, own, call),
      now: () => world.timeMs,
    });
    this.#actors[place] = actor;
    await actor.begin();
    await this.#release(place, actor);
  }

  /** Lets a worker go on for so many steps, or until it is done. */
  async run(place: number, steps: number): Promise<void> {
    for (let made = 0; made < steps && this.isAtWork(place); made++) {
      await this.step(place, made);
    }
  }

  /** Lets a worker go on until it is about to make this call, for so many steps at most. */
  async runUntil(place: number, name: string, stepsMax: number): Promise<void> {
    for (let made = 0; made < stepsMax && this.#actors[place]?.isBefore(name) === false; made++) {
      await this.step(place, made);
    }
  }

  /** @param which of the calls that it is about to make at the same time */
  async step(place: number, which: number): Promise<void> {
    const actor = this.#actors[place];
    if (actor) {
      await actor.step(which);
      await this.#release(place, actor);
    }
  }

  /** The worker process is told to end. */
  shutDown(place: number): void {
    const actor = this.#actors[place];
    if (actor) {
      actor.isShuttingDown = true;
    }
  }

  /**
   * The queue believes the worker to be dead: its entry is given out again after a rest, or given up. The worker need not notice,
   * unless it is dead indeed.
   */
  async loseEntry(place: number, { isGivenUp, isDead }: { isGivenUp: boolean; isDead: boolean }): Promise<void> {
    const actor = this.#actors[place];
    if (actor?.hasEntry) {
      await this.#world.passTime(HEARTBEAT_MS);
      await (isGivenUp ? giveEntryUp : loseEntry)(actor.entry);
      await pool().query(
        `UPDATE pgboss.job SET start_after = now() + retry_delay * interval '1 s' WHERE id = $1 AND state = 'retry'`,
        [actor.entry.id],
      );
      this.#world.model.entries.set(actor.entry.id, isGivenUp ? "ended" : "resting");
      actor.hasEntry = false;
    }
    if (actor && isDead) {
      this.#actors[place] = null;
    }
  }

  /** What the queue does when a handler has returned. */
  async #release(place: number, actor: Actor): Promise<void> {
    if (actor.isDone) {
      if (actor.hasEntry) {
        await completeEntry(actor.entry);
        this.#world.model.entries.set(actor.entry.id, "ended");
      }
      this.#actors[place] = null;
    }
  }
}
