import { afterAll, expect, it, onTestFinished } from "vitest";
import { pool } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { addPerson, createSession } from "@/testing/console-session.ts";
import { inForm } from "@/testing/fault-run.ts";
import { generateHistory } from "@/testing/generated-history.ts";
import { addTrail, createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { startWatchedJob, waitForJobs } from "@/testing/watched-job.ts";

const WORKERS = 3;
const ACCOUNTS = 2;
const EVENTS = inForm({ short: 12_000, full: 200_000 });
const TRAIL = "whole-history";

afterAll(closeQueue);

/** @returns the addresses of the webs */
async function startProcesses(): Promise<string[]> {
  const ports = await Promise.all(Array.from({ length: 4 }, findFreePort));
  const [webUrls, apiUrls] = [ports.slice(0, 2), ports.slice(2)].map((pair) =>
    pair.map((port) => `http://127.0.0.1:${port}`),
  );
  const started = [
    ...ports.slice(0, 2).map((port) => startProduct("web/main.ts", { PORT: String(port), NODE_ENV: "production" })),
    ...ports.slice(2).map((port) => startProduct("api/main.ts", { API_PORT: String(port) })),
    ...Array.from({ length: WORKERS }, (_, index) =>
      startProduct("worker/main.ts", { LOG_SERVICE_ENDPOINT: apiUrls?.[index % 2] ?? "" }),
    ),
  ];
  onTestFinished(async () => {
    const settled = await Promise.allSettled(started);
    const running = settled.flatMap((one): ProductProcess[] => (one.status === "fulfilled" ? [one.value] : []));
    await Promise.all(running.map((process) => process.stop()));
  });
  await Promise.all(started);
  return webUrls ?? [];
}

async function createAccount(): Promise<HistoryAccount> {
  const account = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL, logstore: true });
  await generateHistory(account, { events: EVENTS, days: 8, regions: ["cn-hangzhou", "cn-beijing"] });
  return account;
}

it("two web, two api and three worker processes deliver each event once, and say the same of it", async () => {
  const accounts = await Promise.all(Array.from({ length: ACCOUNTS }, createAccount));
  const webUrls = await startProcesses();
  const jobs = await Promise.all(accounts.map((account) => startWatchedJob(account, TRAIL)));
  await waitForJobs(jobs, 120_000);

  for (const { account, jobId, expected } of jobs) {
    const { rows } = await pool().query<{ logs: number; identities: number }>(
      `SELECT count(*)::int AS logs, count(DISTINCT (region, event_time, event_id))::int AS identities
       FROM log WHERE job_id = $1`,
      [jobId],
    );
    expect(rows[0]).toEqual({ logs: expected.length, identities: expected.length });
    const counted = {
      expected: expected.length,
      delivered: expected.length,
      newAtSink: expected.length,
      presentAtSink: 0,
    };
    const cookie = (await createSession(await addPerson(account, "viewer")))
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
    for (const url of webUrls) {
      const response = await fetch(`${url}/jobs/${jobId}/data`, { headers: { cookie } });
      expect(await response.json()).toMatchObject({ job: { id: jobId, phase: "complete", ...counted } });
    }
  }
});
