import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { type Direction, FaultProxy } from "@/testing/fault-proxy.ts";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import { addTrail, createBuiltInAccount } from "@/testing/history-account.ts";
import { findFreePort, startProduct } from "@/testing/product-process.ts";
import { recordHistory, startWatchedJob, waitForJobs } from "@/testing/watched-job.ts";
import { startFaultWorker } from "@/worker/faults/fault-worker.ts";
import { report } from "@/worker/faults/figures.ts";

const KILLS = inForm({ short: 5, full: 200 });
const SHAPE = { days: 4, eventsPerSlice: 25 * KILLS } as const;

/** The batches of the trail's jobs (worker/faults/interposed/pages.ts): some thirty for each kill. */
const TRAIL = "trail-by-3";

/** Where api dies: with half of a request read, at some moment while it stores it, with the answer on its lips. */
const MOMENTS = ["half of the request", "storing", "the answer"] as const;
const STORING_MS_MAX = 30;
const REQUESTS_MAX = 6;

/** A kill takes api a second or two to start and a sick sink up to ten to be found well; more on a busy machine. */
const ALL_END_MS = 60_000 + KILLS * 20_000;

afterAll(closeQueue);

describe("api, killed while it takes logs", () => {
  it(
    `${KILLS} times, loses none and has none twice`,
    async () => {
      const random = randomFor("api");
      const apiPort = await findFreePort();
      const startApi = () => startProduct("api/main.ts", { API_PORT: String(apiPort) });
      let api = await startApi();
      let kills = 0;
      let isDying = false;
      let moment = random.pick(MOMENTS);
      let left = random.integer(1, REQUESTS_MAX);
      const dieAndComeBack = async () => {
        isDying = true;
        kills++;
        await api.kill();
        api = await startApi();
        moment = random.pick(MOMENTS);
        left = random.integer(1, REQUESTS_MAX);
        isDying = false;
      };
      const proxy = await FaultProxy.start(apiPort, async (direction: Direction, piece) => {
        const isAt = direction === "to-server" ? moment !== "the answer" : moment === "the answer";
        if (kills === KILLS || isDying || !isAt || --left > 0) {
          return piece.length;
        }
        switch (moment) {
          case "half of the request":
            dieAndComeBack().catch(() => undefined);
            return Math.floor(piece.length / 2);
          case "storing":
            delay(random.integer(0, STORING_MS_MAX))
              .then(dieAndComeBack)
              .catch(() => undefined);
            isDying = true;
            return piece.length;
          case "the answer":
            await dieAndComeBack();
            return 0;
        }
      });

      const account = await createBuiltInAccount();
      await addTrail(account, { name: TRAIL, logstore: true });
      await recordHistory(account, SHAPE);
      const job = await startWatchedJob(account, TRAIL);
      const worker = await startFaultWorker({
        settings: { LOG_SERVICE_ENDPOINT: `http://127.0.0.1:${proxy.port}` },
        answerTimeoutMs: 5_000,
      });
      await waitForJobs([job], ALL_END_MS);
      await worker.stop();
      await proxy.stop();
      await api.stop();

      expect(kills).toBe(KILLS);
      const { rows: logs } = await pool().query<{ event: string }>("SELECT event FROM log WHERE job_id = $1", [
        job.jobId,
      ]);
      // Compared as two long texts: a diff of them would be no help to anybody.
      expect(
        logs
          .map((log) => log.event)
          .toSorted()
          .join("\n") === job.expected.toSorted().join("\n"),
      ).toBe(true);
      const { rows: counts } = await pool().query(
        `SELECT (SELECT count(*)::int FROM log l WHERE l.logstore_id = s.id) AS logs,
         (SELECT sum(count)::int FROM log_count c WHERE c.logstore_id = s.id AND c.granularity = 'day') AS counted,
         (SELECT count(*)::int FROM plain_log p WHERE p.logstore_id = s.id) AS plain
       FROM logstore s JOIN log_project p ON p.id = s.log_project_id WHERE p.account_id = $1`,
        [account.accountId],
      );
      expect(counts).toEqual([{ logs: job.expected.length, counted: job.expected.length, plain: 0 }]);
      const { rows: jobs } = await pool().query(
        "SELECT phase, delivered, new_at_sink, present_at_sink FROM delivery_history_job WHERE id = $1",
        [job.jobId],
      );
      const all = job.expected.length;
      // A batch that was stored and not answered is stored by this job all the same: new, not already there.
      expect(jobs).toEqual([{ phase: "complete", delivered: all, new_at_sink: all, present_at_sink: 0 }]);
      report("killed api", { kills, logs: all });
    },
    ALL_END_MS + 60_000,
  );
});
