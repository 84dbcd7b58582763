import { setImmediate } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { pool } from "@/server/db.ts";
import { cancelHistoryJob, pauseHistoryJob } from "@/server/history-job/control.ts";
import type * as slices from "@/server/history-job/slices.ts";
import { closeQueue } from "@/server/queue.ts";
import { addTrail, createHistoryAccount, SINK_KEY } from "@/testing/history-account.ts";
import { LogServiceStandIn } from "@/testing/log-service-stand-in.ts";
import { completeEntry, takeEntry } from "@/testing/queue-entries.ts";
import { recordHistory, startWatchedJob, type WatchedJob } from "@/testing/watched-job.ts";
import { syncDatabaseClock } from "./database-clock.ts";
import { deliverEntry } from "./deliver-entry.ts";

// A handler whose process is asked to end, or whose job is held, at a moment of the test's choice.

let isEnding = false;
let endsWithSave = false;
/** Done once when the first slice's end is saved, together with the claim on the next, and its handler has not heard of it yet. */
let afterSave: ((job: WatchedJob) => Promise<unknown>) | null = null;
let job: WatchedJob;
let watchTells = Promise.withResolvers<void>();

vi.mock("@/server/history-job/slices.ts", async (original: () => Promise<typeof slices>) => {
  const real = await original();
  return {
    ...real,
    saveLastProgress: (async (...args) => {
      const saved = await real.saveLastProgress(...args);
      isEnding = endsWithSave;
      const act = afterSave;
      afterSave = null;
      if (act !== null) {
        await act(job);
        await watchTells.promise;
        // What the watch has told ends the slice first.
        await setImmediate();
      }
      return saved;
    }) satisfies typeof slices.saveLastProgress,
    checkHold: (async (claim) => {
      const hold = await real.checkHold(claim);
      if (hold !== "held") {
        watchTells.resolve();
      }
      return hold;
    }) satisfies typeof slices.checkHold,
  };
});

afterAll(closeQueue);

beforeEach(async () => {
  // A handler makes way for others' entries that wait, such as those that another test has left, and would begin nothing anyway.
  await pool().query("DELETE FROM pgboss.job WHERE name = 'deliver-slices'");
  isEnding = false;
  endsWithSave = false;
  afterSave = null;
  watchTells = Promise.withResolvers();
});

/** A job of three days that share one entry, which is delivered until the process ends. */
async function deliverThreeDays(onRequest: () => void) {
  const key = { region: "cn-hangzhou", accessKeyId: SINK_KEY.id, accessKeySecret: SINK_KEY.secret };
  const answerTo = () => {
    onRequest();
    return undefined;
  };
  const sink = await LogServiceStandIn.start({ key, answerTo });
  onTestFinished(() => sink.stop());
  const account = await createHistoryAccount(sink.endpoint);
  await addTrail(account, { name: "all-events" });
  await recordHistory(account, { days: 3, eventsPerSlice: 2 });
  job = await startWatchedJob(account, "all-events");
  const { jobId } = job;
  await syncDatabaseClock();
  const entry = (await takeEntry(jobId)) ?? expect.fail("no entry waits");
  await deliverEntry(entry, "test", () => isEnding);
  await completeEntry(entry);
  const { rows } = await pool().query<{ state: string; attempt: number; entry_id: string | null }>(
    "SELECT state, attempt, entry_id FROM delivery_slice WHERE job_id = $1 ORDER BY day",
    [jobId],
  );
  return { rows, entry, requests: sink.requests.length };
}

describe("the claims of an entry", () => {
  it("come one with the other's last progress, until none is left", async () => {
    const { rows, requests } = await deliverThreeDays(() => undefined);
    expect(rows.map(({ state, attempt }) => [state, attempt])).toEqual(Array(rows.length).fill(["complete", 1]));
    expect(requests).toBe(rows.length);
  });

  it("take nothing along once the worker is to end", async () => {
    const { rows } = await deliverThreeDays(() => {
      isEnding = true;
    });
    expect(rows.slice(0, 2).map(({ state, attempt }) => [state, attempt])).toEqual([
      ["complete", 1],
      // Given back by the settlement, which raises it.
      ["waiting", 1],
    ]);
  });

  it("give back, to another entry, a slice that was claimed and is not begun any more", async () => {
    endsWithSave = true;
    const { rows, entry, requests } = await deliverThreeDays(() => undefined);
    expect(requests).toBe(1);
    expect(rows.slice(0, 2)).toMatchObject([
      { state: "complete", attempt: 1 },
      { state: "waiting", attempt: 2, entry_id: expect.not.stringMatching(entry.id) },
    ]);
  });

  it.each([
    [
      "paused",
      "waiting",
      ({ account, jobId }: WatchedJob) =>
        pauseHistoryJob(account.scope("backtrail:PauseDeliveryHistoryJob"), { jobId }),
    ],
    [
      "cancelled",
      "stopped",
      ({ account, jobId }: WatchedJob) =>
        cancelHistoryJob(account.scope("backtrail:CancelDeliveryHistoryJob"), { jobId }),
    ],
  ] as const)("are not begun when the watch tells that the job is %s before the save does", async (_, state, act) => {
    afterSave = act;
    const { rows, requests } = await deliverThreeDays(() => undefined);
    expect(requests).toBe(1);
    expect(rows.slice(0, 2).map((row) => row.state)).toEqual(["complete", state]);
  });
});
