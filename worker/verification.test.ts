import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pool } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { getHistoryJob } from "@/server/history-job/queries.ts";
import { getHistoryJobReport } from "@/server/history-job/report.ts";
import { requestHistoryJobVerification } from "@/server/history-job/verification.ts";
import { closeQueue } from "@/server/queue.ts";
import { createJob } from "@/testing/ended-job.ts";
import { addTrail, createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { recordHistory } from "@/testing/watched-job.ts";

// Real processes: what a worker delivered is compared by the worker itself, from the job's end on, and after a kill.

const TRAIL = "all-events";

let api: ProductProcess;
let worker: ProductProcess;
let settings: Record<string, string>;
let account: HistoryAccount;

beforeAll(async () => {
  const port = String(await findFreePort());
  settings = { LOG_SERVICE_ENDPOINT: `http://127.0.0.1:${port}` };
  [api, worker] = await Promise.all([
    startProduct("api/main.ts", { API_PORT: port }),
    startProduct("worker/main.ts", settings),
  ]);
  account = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL, logstore: true });
  await recordHistory(account, { days: 3, regions: ["cn-hangzhou", "cn-shanghai"], eventsPerSlice: 40 });
});

afterAll(async () => {
  await Promise.all([api?.stop(), worker?.stop()]);
  await closeQueue();
});

function verificationOf(jobId: number, timeoutMs: number, state: string) {
  return waitUntil(`the verification of job ${jobId} is ${state}`, timeoutMs, async () => {
    const { verification } = await getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    return verification?.state === state ? verification : null;
  });
}

it("follows the end of a job by itself, and finds what batches carried when history has let a day go", async () => {
  const jobId = await createJob(account, TRAIL);
  const found = await verificationOf(jobId, 60_000, "complete");
  expect(found).toMatchObject({ requestedBy: "Backtrail", methods: ["identity"], missing: 0, checksumsEqual: true });

  // Delivered once more, so that the logs carry batches of a job that did not store them first.
  const later = await createJob(account, TRAIL);
  await verificationOf(later, 60_000, "complete");
  const { rows } = await pool().query<{ day: string }>("SELECT min(day) AS day FROM delivery_slice WHERE job_id = $1", [
    later,
  ]);
  const partition = `event_${rows[0]?.day.replaceAll("-", "")}`;
  const owner = new Client({ connectionString: env().MIGRATION_DATABASE_URL });
  await owner.connect();
  await owner.query(`ALTER TABLE event DETACH PARTITION ${partition} CONCURRENTLY`);
  await owner.query(`DROP TABLE ${partition}`);
  await owner.end();
  await requestHistoryJobVerification(account.scope("backtrail:VerifyDeliveryHistoryJob"), { jobId: later });
  const again = await verificationOf(later, 30_000, "complete");
  expect(again.requestedBy).toBe("test");
  expect(again.methods.toSorted()).toEqual(["checksum", "identity"]);
  expect(again).toMatchObject({ missing: 0, checksumsEqual: true });
  const { job, equation, statements } = await getHistoryJobReport(
    account.scope("actiontrail:GetDeliveryHistoryJob"),
    later,
  );
  expect(job).toMatchObject({ presentAtSink: expect.any(Number), phase: "complete" });
  expect(equation.holds).toBe(true);
  expect(statements.join(" ")).toContain("because history no longer keeps their days");
});

it("is gone on with by another worker when its own is killed in the middle", async () => {
  const jobId = await createJob(account, TRAIL);
  await verificationOf(jobId, 60_000, "complete");
  // Nobody can keep a result while this holds, so that the worker is in the middle for as long as it takes to kill it.
  const blocker = await pool().connect();
  await blocker.query("BEGIN");
  await blocker.query("LOCK TABLE slice_verification IN EXCLUSIVE MODE");
  try {
    await requestHistoryJobVerification(account.scope("backtrail:VerifyDeliveryHistoryJob"), { jobId });
    await waitUntil("a worker waits to keep a result", 60_000, async () => {
      const { rowCount } = await pool().query(
        "SELECT FROM pg_locks WHERE relation = 'slice_verification'::regclass AND NOT granted",
      );
      return rowCount === 1;
    });
    await worker.kill();
  } finally {
    await blocker.query("COMMIT");
    blocker.release();
  }
  worker = await startProduct("worker/main.ts", settings);
  expect(await verificationOf(jobId, 45_000, "complete")).toMatchObject({ missing: 0, checksumsEqual: true });
}, 120_000);
