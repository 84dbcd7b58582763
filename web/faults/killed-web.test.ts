import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { ACCOUNT_COOKIE } from "@/domain/access/account-choice.ts";
import { limitHistoryJob } from "@/server/history-job/control.ts";
import { closeQueue } from "@/server/queue.ts";
import { actionHeaders } from "@/testing/console-actions.ts";
import { addPerson, addPlace, createSession, type Person } from "@/testing/console-session.ts";
import { checkDelivery } from "@/testing/delivery-check.ts";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import { areDone, checkDone, checkEnds, checkLeft, learnCourses } from "@/testing/job-courses.ts";
import {
  JOB_COMMANDS,
  type JobCommand,
  type JobOrder,
  ORDER_TOKEN,
  ORDERED_EVENTS_PER_SECOND,
  ORDERED_TRAIL,
  type PreparedOrder,
  prepareOrder,
  sayOrder,
} from "@/testing/job-orders.ts";
import { KILL_POINTS, killAt, leftAt, type Victim } from "@/testing/kill-point.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { findEnded, startWatchedJob, waitForJobs } from "@/testing/watched-job.ts";
import { createDeliveringAccount, startSink } from "@/worker/faults/fault-sink.ts";
import { startFaultWorker } from "@/worker/faults/fault-worker.ts";
import { ENDS_MS, report } from "@/worker/faults/figures.ts";

const WEB_KILLS = inForm({ short: 2, full: 200 });
/** In short, twenty with those of server/faults/killed-commands.test.ts. */
const CONTROL_KILLS = inForm({ short: 2, full: 200 });
const CONTROL_END_MS_MAX = ENDS_MS + CONTROL_KILLS * 2_000;
/** For each kill: a process takes seconds to start, and many on a machine that is busy with other tests. */
const KILL_MS_MAX = 60_000;

/** So slow that the job is at work until the last kill, however long a process takes to start; and then as fast as it can. */
const SLOW_EVENTS_PER_SECOND = 1;
const SLICES = 4;
const EVENTS_PER_SLICE = (WEB_KILLS * KILL_MS_MAX * SLOW_EVENTS_PER_SECOND) / 1_000 / SLICES;
/** All that is left then, in batches of four. */
const END_MS_MAX = 150_000 + WEB_KILLS * 3_000;

/** Within this time web carries out all that is asked of it at once, or most of it. */
const MOMENT_MS_MAX = 500;

/** What the pages of trails and jobs call. */
const ACTION_NAMES: Readonly<Record<JobCommand, string>> = {
  create: "redeliverHistoryAction",
  pause: "pauseHistoryJobAction",
  resume: "resumeHistoryJobAction",
  cancel: "cancelHistoryJobAction",
  retry: "retryHistoryJobAction",
  delete: "deleteHistoryJobAction",
  limit: "limitHistoryJobAction",
};

const started: ProductProcess[] = [];

afterAll(async () => {
  await Promise.all(started.map((web) => web.kill()));
  await closeQueue();
});

describe("web, killed while people look at a job", () => {
  it(`${WEB_KILLS} times, changes nothing of it`, { timeout: WEB_KILLS * KILL_MS_MAX + END_MS_MAX }, async () => {
    const random = randomFor("web");
    const sink = await startSink();
    const { account, trailName } = await createDeliveringAccount(sink, {
      days: SLICES,
      eventsPerSlice: Math.max(200, EVENTS_PER_SLICE),
      batchLogs: 4,
    });
    const setCeiling = (jobId: number, eventsPerSecondMax: number | null) =>
      limitHistoryJob(account.scope("backtrail:LimitDeliveryHistoryJob"), { jobId, eventsPerSecondMax });
    const cookie = await cookieOf(await addPerson(account, "admin"));
    const worker = await startFaultWorker();
    const job = await startWatchedJob(account, trailName);
    await setCeiling(job.jobId, SLOW_EVENTS_PER_SECOND);
    for (let kill = 0; kill < WEB_KILLS; kill++) {
      const web = await startWeb("web");
      const look = () => fetch(`${web.base}/jobs/${job.jobId}/data`, { headers: { cookie } });
      const first = await look();
      expect(first.status).toBe(200);
      expect(await first.json()).toMatchObject({ job: { id: job.jobId } });
      // Dies with some looks under way: they only read.
      const looks = Promise.allSettled(Array.from({ length: 10 }, look));
      await delay(random.integer(0, 50));
      await web.kill();
      await looks;
    }
    expect(await findEnded([job.jobId])).toEqual(new Set());
    expect(sink.requestCount).toBeGreaterThan(0);
    await setCeiling(job.jobId, null);
    await waitForJobs([job], END_MS_MAX);
    await worker.stop();
    await checkDelivery(job, sink, { repeatedBatchesMax: 0 });
    report("killed web", { kills: WEB_KILLS, requests: sink.requestCount });
  });
});

describe("web, killed while people control jobs", () => {
  it(`${CONTROL_KILLS} times, leaves what each asked for whole or undone, and asked again it is done once`, {
    timeout: CONTROL_KILLS * KILL_MS_MAX + CONTROL_END_MS_MAX,
  }, async () => {
    const random = randomFor("control");
    const points = random.shuffle(KILL_POINTS);
    const sink = await startSink();
    const courses = await learnCourses(JOB_COMMANDS, sink.endpoint);
    const prepared: PreparedOrder[] = [];
    for (let kill = 0; kill < CONTROL_KILLS; kill++) {
      const point = points[kill % points.length] ?? "moment";
      const given = await Promise.all(JOB_COMMANDS.map((command) => prepareOrder(command, sink.endpoint)));
      prepared.push(...given);
      const cookie = await signInTo(given.map(({ account }) => account));
      const orders = given.map(({ order }) => order);
      const web = await startWeb(`web-${kill}`);
      let asked: Promise<unknown> = Promise.resolve();
      await killAt({ point, momentMs: random.integer(0, MOMENT_MS_MAX) }, web, JOB_COMMANDS, {
        begin: () => {
          asked = Promise.allSettled(orders.map((order) => ask(order, web.base, cookie)));
        },
        areDone: () => areDone(orders, courses),
      });
      await asked;
      for (const order of orders) {
        const left = await checkLeft(order, courses, leftAt(point, order.command));
        await sayOrder(order);
        await checkDone(order, courses, left === "unsaid" ? "said" : "saidAgain");
      }
    }

    const worker = await startFaultWorker();
    await checkEnds(prepared, sink, CONTROL_END_MS_MAX);
    await worker.stop();
    report("killed control", { kills: CONTROL_KILLS });
  });
});

async function startWeb(name: string): Promise<Victim & { readonly base: string }> {
  const port = await findFreePort();
  const settings = { PORT: String(port), NODE_ENV: "production", PGAPPNAME: name };
  const web = await startProduct("web/main.ts", settings);
  started.push(web);
  return { ...web, name, base: `http://127.0.0.1:${port}` };
}

/** The cookies of somebody who is an operator in each of these accounts. */
async function signInTo([first, ...others]: readonly HistoryAccount[]): Promise<string> {
  if (first === undefined) {
    throw new Error("there is no account to sign in to");
  }
  const person = await addPerson(first, "operator");
  await Promise.all(others.map((account) => addPlace(account, person.email, "operator")));
  return cookieOf(person);
}

async function cookieOf(person: Person): Promise<string> {
  return (await createSession(person)).map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** Calls the order's action as a browser does whose person works in its account. */
function ask({ command, accountId, jobId }: JobOrder, base: string, cookie: string): Promise<Response> {
  const input = {
    ...(command === "create" ? { trailName: ORDERED_TRAIL, clientToken: ORDER_TOKEN } : { jobId }),
    ...(command === "limit" && { eventsPerSecondMax: ORDERED_EVENTS_PER_SECOND }),
  };
  return fetch(`${base}${command === "create" ? "/trails" : `/jobs/${jobId}`}`, {
    method: "POST",
    headers: {
      cookie: `${cookie}; ${ACCOUNT_COOKIE}=${accountId}`,
      origin: base,
      ...actionHeaders(ACTION_NAMES[command]),
    },
    body: JSON.stringify([input]),
  });
}
