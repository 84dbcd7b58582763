import { afterAll, describe, it } from "vitest";
import { closeQueue } from "@/server/queue.ts";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import { areDone, checkDone, checkEnds, checkLeft, learnCourses } from "@/testing/job-courses.ts";
import { JOB_COMMANDS, type PreparedOrder, prepareOrder, sayOrder } from "@/testing/job-orders.ts";
import { KILL_POINTS, killAt, leftAt, type Victim } from "@/testing/kill-point.ts";
import { type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { startSink } from "@/worker/faults/fault-sink.ts";
import { startFaultWorker } from "@/worker/faults/fault-worker.ts";
import { ENDS_MS, report } from "@/worker/faults/figures.ts";

const KILLS = inForm({ short: 16, full: 200 });

/** A process takes a second to start, and many on a machine that is busy with other tests. */
const KILL_MS_MAX = 20_000;

/** All jobs are delivered in the end, a few small ones for each kill. */
const END_MS_MAX = ENDS_MS + KILLS * 2_000;

const started: ProductProcess[] = [];

afterAll(async () => {
  await Promise.all(started.map((victim) => victim.kill()));
  await closeQueue();
});

describe("a process, killed while it carries out every command at once", () => {
  it(`${KILLS} times, leaves each whole or undone, and said again it is done once`, {
    timeout: KILLS * KILL_MS_MAX + END_MS_MAX,
  }, async () => {
    const random = randomFor("commands");
    const sink = await startSink();
    const courses = await learnCourses(JOB_COMMANDS, sink.endpoint);
    const prepared: PreparedOrder[] = [];
    const found = { unsaid: 0, said: 0 };
    let wholeMs = 0;
    let next = startVictim(0);
    for (let kill = 0; kill < KILLS; kill++) {
      const point = KILL_POINTS[kill % KILL_POINTS.length] ?? "moment";
      const given = await Promise.all(JOB_COMMANDS.map((command) => prepareOrder(command, sink.endpoint)));
      prepared.push(...given);
      const victim = await next;
      if (kill + 1 < KILLS) {
        // It starts while this one dies.
        next = startVictim(kill + 1);
      }
      const orders = given.map(({ order }) => order);
      const ms = await killAt({ point, momentMs: random.next() * wholeMs }, victim, JOB_COMMANDS, {
        begin: () => victim.tell(orders),
        areDone: () => areDone(orders, courses),
      });
      wholeMs = point === "behind" ? ms : wholeMs;
      for (const order of orders) {
        const left = await checkLeft(order, courses, leftAt(point, order.command));
        found[left]++;
        await sayOrder(order);
        await checkDone(order, courses, left === "unsaid" ? "said" : "saidAgain");
      }
    }

    const worker = await startFaultWorker();
    await checkEnds(prepared, sink, END_MS_MAX);
    await worker.stop();
    report("killed commands", { kills: KILLS, undone: found.unsaid, whole: found.said });
  });
});

async function startVictim(index: number): Promise<Victim & Pick<ProductProcess, "tell">> {
  const name = `victim-${index}`;
  const victim = await startProduct("testing/say-orders.ts", { PGAPPNAME: name });
  started.push(victim);
  return { ...victim, name };
}
