import { beforeAll, expect, it } from "vitest";
import { type JobFilter, type JobOrder, parseJobPlace } from "@/domain/history-job/job-list.ts";
import { pool } from "@/server/db.ts";
import { createHistoryAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { listJobs, listJobTrails, pageStatement, watchJobs } from "./job-list.ts";
import { findSlotJob } from "./queries.ts";

const ANY: JobFilter = { phase: null, trailName: null, who: null, from: null, to: null };
const JOBS = 2_000;

let account: HistoryAccount;
let other: HistoryAccount;

const scope = () => account.scope("actiontrail:ListDeliveryHistoryJobs");

/** Ended jobs, an hour apart: every 10th failed, of 4 trails, by 2 people, of sizes that repeat. */
async function insertJobs({ accountId }: HistoryAccount, count: number): Promise<void> {
  await pool().query(
    `INSERT INTO delivery_history_job (account_id, trail_name, home_region, trail_region, event_rw, project_region, project_name,
       logstore_name, window_from, window_to, arrival_max, request, created_by, status, phase, expected, delivered, new_at_sink,
       present_at_sink, undeliverable, gap, bytes, created_at, started_at, ended_at)
     SELECT $1, 'trail-' || n % 4, 'cn-hangzhou', 'All', 'All', 'cn-hangzhou', 'p', 'l', '2026-01-01', '2026-01-02', 0,
       '{"trailName": "t", "window": {"kind": "default"}}', CASE WHEN n % 2 = 0 THEN 'Ann@Example.com' ELSE 'bob_%@example.com' END,
       CASE WHEN n % 10 = 0 THEN 3 ELSE 2 END, CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'complete' END, n % 100, 0, 0, 0, 0, 0, 0,
       timestamptz '2026-01-01' + n * interval '1 hour', now(), now()
     FROM generate_series(1, $2::int) AS n`,
    [accountId, count],
  );
}

beforeAll(async () => {
  account = await createHistoryAccount("http://127.0.0.1:9");
  other = await createHistoryAccount("http://127.0.0.1:9");
  await insertJobs(account, JOBS);
  await insertJobs(other, 30);
  await pool().query("ANALYZE delivery_history_job");
});

async function listAll(filter: JobFilter, order: JobOrder) {
  const pages = [await listJobs(scope(), filter, order, null)];
  for (let next = pages[0]?.next ?? null; next !== null; next = pages.at(-1)?.next ?? null) {
    pages.push(await listJobs(scope(), filter, order, parseJobPlace(next)));
  }
  return { jobs: pages.flatMap(({ jobs }) => jobs), totalCount: pages[0]?.totalCount };
}

it.each<JobOrder>(["newest", "oldest", "largest", "smallest"])(
  "gives each failed job once, %s first",
  async (order) => {
    const { jobs, totalCount } = await listAll({ ...ANY, phase: "failed" }, order);
    expect(totalCount).toBe(JOBS / 10);
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(JOBS / 10);
    const byId = order === "newest" || order === "oldest";
    const keys = jobs.map(({ id, expected }) => (byId ? id : expected));
    const isDown = order === "newest" || order === "largest";
    expect(keys).toEqual(keys.toSorted((a, b) => (isDown ? b - a : a - b)));
  },
);

it.each<JobOrder>(["newest", "oldest", "largest", "smallest"])(
  "names the newest job of the whole list with its first jobs, %s first",
  async (order) => {
    const filter: JobFilter = { ...ANY, phase: "failed" };
    const { jobs } = await listAll(filter, order);
    const first = await listJobs(scope(), filter, order, null);
    const newestId = Math.max(...jobs.map(({ id }) => id));
    expect(first.newestId).toBe(newestId);
    expect(await watchJobs(scope(), filter, { ids: [], newestId, slotJobId: null })).toMatchObject({ newerCount: 0 });
    expect(await listJobs(scope(), filter, order, parseJobPlace(first.next ?? ""))).toMatchObject({
      totalCount: null,
      newestId: null,
    });
    expect(await listJobs(scope(), { ...ANY, phase: "queued" }, order, null)).toMatchObject({
      totalCount: 0,
      newestId: 0,
    });
  },
);

it("gives what all filters together demand, whatever signs a name has", async () => {
  const filter = {
    ...ANY,
    trailName: "trail-2",
    who: "ann@",
    from: "2026-01-10T00:00:00Z",
    to: "2026-01-20T00:00:00Z",
  };
  const { jobs } = await listAll(filter, "newest");
  expect(jobs.length).toBeGreaterThan(50);
  for (const job of jobs) {
    expect(job).toMatchObject({ trailName: "trail-2", createdBy: "Ann@Example.com" });
    expect(job.createdAt >= "2026-01-10" && job.createdAt < "2026-01-20").toBe(true);
  }
  expect((await listJobs(scope(), { ...ANY, who: "b_%@" }, "newest", null)).totalCount).toBe(JOBS / 2);
  expect((await listJobs(scope(), { ...ANY, who: "%", phase: "queued" }, "newest", null)).totalCount).toBe(0);
});

it("knows the trails of the account's own jobs", async () => {
  expect(await listJobTrails(scope())).toEqual(["trail-0", "trail-1", "trail-2", "trail-3"]);
});

it("watches the account's own jobs and slot alone, and counts those of the list that are newer", async () => {
  const [first, second] = (await listJobs(scope(), ANY, "newest", null)).jobs;
  const foreign = (await listJobs(other.scope("actiontrail:ListDeliveryHistoryJobs"), ANY, "newest", null)).jobs[0];
  const ids = [second?.id ?? 0, foreign?.id ?? 0, 2 ** 31 - 1];
  const watched = await watchJobs(scope(), ANY, { ids, newestId: second?.id ?? 0, slotJobId: first?.id ?? 0 });
  const { now: _now, ...slot } = await findSlotJob(scope(), first?.id ?? 0);
  expect(watched).toMatchObject({ jobs: [{ id: second?.id }], newerCount: 1, slot });
  expect(slot.ended).toMatchObject({ id: first?.id });
  const newest = { ids: [], newestId: first?.id ?? 0, slotJobId: foreign?.id ?? 0 };
  expect(await watchJobs(scope(), ANY, newest)).toMatchObject({ newerCount: 0, slot: { ended: null } });
});

it.each<[JobOrder, Partial<JobFilter>, string]>([
  ["newest", {}, "delivery_history_job_account_id_id_idx"],
  ["oldest", { phase: "failed" }, "delivery_history_job_account_id_id_idx"],
  ["newest", { trailName: "trail-1" }, "delivery_history_job_account_id_trail_name_id_idx"],
  ["largest", {}, "delivery_history_job_account_id_expected_id_idx"],
  ["smallest", { who: "ann" }, "delivery_history_job_account_id_expected_id_idx"],
])("reads a page of the %s by %j from one range of an index, without sorting", async (order, filter, index) => {
  const { text, values } = pageStatement(scope(), { ...ANY, ...filter }, order, { expected: 50, id: 1_000 }, 51);
  expect(text).not.toContain("OFFSET");
  const { rows } = await pool().query(`EXPLAIN (FORMAT JSON) ${text}`, [...values]);
  const plan = JSON.stringify(rows[0]["QUERY PLAN"]);
  expect(plan).toContain(`"Index Name":"${index}"`);
  expect(plan).not.toContain("Sort");
  expect(plan).toMatch(
    order === "newest" || order === "oldest"
      ? /"Index Cond":"[^"]*\(id [<>] /
      : /"Index Cond":"[^"]*ROW\(expected, id\)/,
  );
});
