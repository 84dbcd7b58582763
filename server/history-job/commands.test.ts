import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DomainError } from "@/domain/errors.ts";
import { parseEvent } from "@/domain/event/event.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { closeDatabase, pool, prisma } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { arrivalLockKey } from "@/server/event/arrival-lock.ts";
import { recordInTransaction } from "@/server/event/recording.ts";
import { closeQueue } from "@/server/queue.ts";
import {
  addTrail,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { createHistoryJob } from "./commands.ts";
import { previewHistory } from "./preview.ts";
import { findSlotJob, getHistoryJob, listHistoryJobs } from "./queries.ts";

const NOWHERE = "http://127.0.0.1:9";
const DAY_MS = 86_400_000;

let account: HistoryAccount;

beforeAll(async () => {
  account = await createHistoryAccount(NOWHERE);
  await addTrail(account, { name: "all-regions" });
  await addTrail(account, { name: "writes-only", trailRegion: "cn-hangzhou,cn-shanghai", eventRW: "Write" });
  await addTrail(account, { name: "organization", isOrganizationTrail: true });
  await addTrail(account, { name: "oss-only", slsProjectArn: null, ossBucketName: "bucket" });
  await addTrail(account, { name: "lost-project", slsProjectArn: "acs:log:cn-hangzhou:1:project/gone" });
  await addTrail(account, { name: "long-enabled", startLoggingTime: new Date(Date.now() - 100 * DAY_MS) });
});

afterAll(closeQueue);

function create(fields: Record<string, unknown>, by: HistoryAccount = account) {
  return createHistoryJob(
    by.scope("actiontrail:CreateDeliveryHistoryJob"),
    createHistoryJobInputSchema.parse({ trailName: "all-regions", ...fields }),
  );
}

async function refusalOf(promise: Promise<unknown>): Promise<DomainError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) {
    throw new Error(`expected a refusal, got ${String(error)}`);
  }
  return error;
}

/** Runs the work over new connections to a database whose operator has chosen another default. */
async function withDefaultIsolation(level: string, work: () => Promise<void>): Promise<void> {
  const owner = new Client({ connectionString: env().MIGRATION_DATABASE_URL });
  await owner.connect();
  const { rows } = await owner.query("SELECT quote_ident(current_database()) AS name");
  const setting = `ALTER DATABASE ${rows[0].name}`;
  try {
    await owner.query(`${setting} SET default_transaction_isolation = '${level}'`);
    await closeDatabase();
    await work();
  } finally {
    await owner.query(`${setting} RESET default_transaction_isolation`);
    await owner.end();
    await closeDatabase();
  }
}

/** Ends whatever holds the slot, as if its delivery were over. */
async function freeSlot(of: HistoryAccount = account): Promise<void> {
  await pool().query(
    `UPDATE delivery_history_job SET phase = 'cancelled', status = 3, ended_at = now() WHERE account_id = $1 AND status IN (0, 1)`,
    [of.accountId],
  );
}

describe("a refused creation", () => {
  it.each([
    [{ trailName: "" }, "MissingTrailName"],
    [{ trailName: "No-such-name" }, "InvalidTrailNameException"],
    [{ trailName: "all\0regions" }, "InvalidTrailNameException"],
    [{ clientToken: "é" }, "InvalidClientToken.Malformed"],
    [{ clientToken: "NUL \0, half a pair \ud800" }, "InvalidClientToken.Malformed"],
    [{ trailName: "not-there" }, "TrailNotFoundException"],
    [{ trailName: "organization" }, "TrailNotValid"],
    [{ trailName: "oss-only" }, "TrailNotValid"],
    [{ trailName: "lost-project" }, "TrailNotValid"],
    [{ window: { kind: "until-effect" } }, "TrailNotValid"],
    [{ trailName: "long-enabled", window: { kind: "until-effect" } }, "TrailNotValid"],
    [
      { window: { kind: "own", from: "2020-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" } },
      "InvalidParameterStartTimeOutOfDate",
    ],
    [
      { window: { kind: "own", from: "2026-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" } },
      "InvalidParameterCombination",
    ],
  ])("of %j answers %s, leaves no job and an entry in the audit", async (fields, code) => {
    const jobsBefore = await prisma().deliveryHistoryJob.count({ where: { accountId: account.accountId } });
    const refusal = await refusalOf(create(fields));
    expect(refusal.code).toBe(code);
    expect(await prisma().deliveryHistoryJob.count({ where: { accountId: account.accountId } })).toBe(jobsBefore);
    const [entry] = await prisma().auditEntry.findMany({
      where: { accountId: account.accountId, errorCode: code },
      orderBy: { at: "desc" },
      take: 1,
    });
    expect(entry).toMatchObject({ action: "actiontrail:CreateDeliveryHistoryJob", outcome: "refused" });
  });

  it("uses up no token", async () => {
    const other = await createHistoryAccount(NOWHERE);
    await refusalOf(create({ clientToken: "kept" }, other));
    await addTrail(other, { name: "all-regions" });
    await expect(create({ clientToken: "kept" }, other)).resolves.toMatchObject({ repeated: false });
  });

  it("sees no trail and no job of another account", async () => {
    const other = await createHistoryAccount(NOWHERE);
    const refusal = await refusalOf(create({}, other));
    expect(refusal.code).toBe("TrailNotFoundException");
  });
});

describe("a created job", () => {
  it("expects what its trail selects, in slices of one region and one UTC day", async () => {
    const own = await createHistoryAccount(NOWHERE);
    await addTrail(own, { name: "writes-only", trailRegion: "cn-hangzhou,cn-shanghai", eventRW: "Write" });
    const noon = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - 3 * DAY_MS + DAY_MS / 2);
    const nextDay = new Date(noon.getTime() + DAY_MS);
    await recordTexts(own, [
      eventText({ eventTime: noon, eventRW: "Write" }),
      eventText({ eventTime: noon, eventRW: "Write" }),
      eventText({ eventTime: nextDay, eventRW: "Write" }),
      eventText({ eventTime: noon, eventRW: "Write", region: "cn-shanghai" }),
      eventText({ eventTime: noon, eventRW: "Write", region: "ap-southeast-1" }),
      eventText({ eventTime: noon, eventRW: "Read" }),
      eventText({ eventTime: noon, eventRW: null }),
    ]);

    const preview = await previewHistory(own.scope("actiontrail:DescribeTrails"), {
      trailName: "writes-only",
      window: { kind: "default" },
    });
    const { jobId } = await create({ trailName: "writes-only", reason: "incident\0 318" }, own);

    const { job, slices } = await getHistoryJob(own.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    expect(preview.expected).toBe(4);
    expect(job).toMatchObject({ phase: "queued", status: 0, expected: 4, remaining: 4, reason: "incident 318" });
    expect(slices.map(({ day, region, expected, state }) => [day, region, expected, state])).toEqual([
      [noon.toISOString().slice(0, 10), "cn-hangzhou", 2, "waiting"],
      [noon.toISOString().slice(0, 10), "cn-shanghai", 1, "waiting"],
      [nextDay.toISOString().slice(0, 10), "cn-hangzhou", 1, "waiting"],
    ]);
    const live = await pool().query(
      `SELECT count(*) AS slices FROM delivery_slice s JOIN pgboss.job e ON e.id = s.entry_id
       WHERE s.job_id = $1 AND e.state = 'created'`,
      [jobId],
    );
    expect(live.rows[0].slices).toBe(3);
    expect((await findSlotJob(own.scope("actiontrail:ListDeliveryHistoryJobs"))).job?.id).toBe(jobId);
  });

  it("counts the events that were being recorded while it was created, whatever level the server isolates at", async () => {
    const own = await createHistoryAccount(NOWHERE);
    await addTrail(own, { name: "all-regions" });
    const parsed = parseEvent(eventText({ eventTime: new Date(Date.now() - DAY_MS) }), new Date());
    await withDefaultIsolation("repeatable read", async () => {
      const recorder = await pool().connect();
      await recorder.query("BEGIN ISOLATION LEVEL READ COMMITTED");
      await recorder.query("SELECT pg_advisory_xact_lock_shared($1, $2)", [...arrivalLockKey(own.accountId)]);
      const creation = create({}, own);
      await waitUntil("the creation waits for the recorder", 60_000, async () => {
        const { rowCount } = await pool().query("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
        return rowCount === 1;
      });
      await recordInTransaction(recorder, own.accountId, parsed.kind === "event" ? [parsed.event] : []);
      await recorder.query("COMMIT");
      recorder.release();
      const { jobId } = await creation;
      const { job } = await getHistoryJob(own.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
      expect(job.expected).toBe(1);
    });
  });

  it("without an expected event is complete at once and holds no slot", async () => {
    const own = await createHistoryAccount(NOWHERE);
    await addTrail(own, { name: "all-regions" });
    const { jobId } = await create({}, own);
    const { job } = await getHistoryJob(own.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
    expect(job).toMatchObject({ phase: "complete", status: 2, expected: 0, remaining: 0 });
    expect((await findSlotJob(own.scope("actiontrail:ListDeliveryHistoryJobs"))).job).toBeNull();
  });

  it("is found by its account alone", async () => {
    const own = await createHistoryAccount(NOWHERE);
    await addTrail(own, { name: "all-regions" });
    const { jobId } = await create({}, own);
    const refusal = await refusalOf(getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId));
    expect(refusal.code).toBe("DeliveryHistoryJobNotFound");
    const page = await listHistoryJobs(own.scope("actiontrail:ListDeliveryHistoryJobs"), { page: 1, pageSize: 20 });
    expect(page).toMatchObject({ totalCount: 1, jobs: [{ id: jobId }] });
  });
});

describe("one running job per account and one job per token", () => {
  let busy: HistoryAccount;

  beforeAll(async () => {
    busy = await createHistoryAccount(NOWHERE);
    await addTrail(busy, { name: "all-regions" });
    await addTrail(busy, { name: "other-trail" });
    await recordTexts(busy, [eventText({ eventTime: new Date(Date.now() - DAY_MS) })]);
  });

  it("refuses a second job while one is running, and names the first", async () => {
    const { jobId } = await create({}, busy);
    const refusal = await refusalOf(create({ trailName: "other-trail" }, busy));
    expect(refusal).toMatchObject({
      code: "MaximumNumberOfDeliveryHistoryJobsExceededException",
      details: { jobId },
    });
    await freeSlot(busy);
  });

  it("gives a repeated token its job back while it runs and after it has ended", async () => {
    const first = await create({ clientToken: "again" }, busy);
    expect(await create({ clientToken: "again" }, busy)).toEqual({ jobId: first.jobId, repeated: true });
    await freeSlot(busy);
    expect(await create({ clientToken: "again", reason: "other words" }, busy)).toEqual({
      jobId: first.jobId,
      repeated: true,
    });
    await pool().query("UPDATE delivery_history_job SET deleted_at = now() WHERE id = $1", [first.jobId]);
    expect(await create({ clientToken: "again" }, busy)).toEqual({ jobId: first.jobId, repeated: true });
  });

  it("gives a retry its job back when its first request commits while the retry is being looked at", async () => {
    const jobs = prisma().deliveryHistoryJob;
    const readSlot = jobs.findFirst;
    const spy = vi.spyOn(jobs, "findFirst");
    const first = Promise.withResolvers<{ jobId: number }>();
    // What the retry reads together with the slot, it reads before this commit.
    const commitFirst = async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      spy.mockRestore();
      first.resolve(await create({ clientToken: "raced" }, busy));
      return readSlot({ where: { accountId: busy.accountId, status: { in: [0, 1] } } });
    };
    spy.mockImplementationOnce(() => commitFirst() as never);
    const retry = await create({ clientToken: "raced" }, busy);
    expect(retry).toEqual({ jobId: (await first.promise).jobId, repeated: true });
    await freeSlot(busy);
  });

  it("refuses a repeated token with another request", async () => {
    const { jobId } = await create({ clientToken: "mismatch" }, busy);
    for (const fields of [{ trailName: "other-trail" }, { window: { kind: "until-effect" } }]) {
      const refusal = await refusalOf(create({ clientToken: "mismatch", ...fields }, busy));
      expect(refusal).toMatchObject({ code: "IdempotentParameterMismatch", details: { jobId } });
    }
    await freeSlot(busy);
  });

  it("takes any number of jobs without a token, one after the other", async () => {
    const first = await create({ clientToken: "" }, busy);
    await freeSlot(busy);
    const second = await create({ clientToken: "" }, busy);
    expect(second.jobId).toBeGreaterThan(first.jobId);
    await freeSlot(busy);
  });

  it("lets one of 100 creations from 4 processes win: 99 refusals with the exact code", async () => {
    const answers = await createFromProcesses(busy, "different-tokens");
    const created = answers.filter((answer) => "jobId" in answer);
    const refused = answers.filter((answer) => "code" in answer);
    expect(created).toHaveLength(1);
    expect(refused).toHaveLength(99);
    expect(new Set(refused.map((answer) => answer.code))).toEqual(
      new Set(["MaximumNumberOfDeliveryHistoryJobsExceededException"]),
    );
    await freeSlot(busy);
  });

  it("answers one token 100 times from 4 processes with one JobId", async () => {
    const answers = await createFromProcesses(busy, "one-token");
    expect(answers).toHaveLength(100);
    expect(new Set(answers.map((answer) => answer.jobId)).size).toBe(1);
    expect(answers.filter((answer) => answer.repeated === false)).toHaveLength(1);
    await freeSlot(busy);
  });

  it("holds by the indexes alone: racing inserts leave one running job and one job per token", async () => {
    const insert = (clientToken: string) =>
      pool()
        .query(
          `INSERT INTO delivery_history_job (account_id, trail_name, home_region, trail_region, event_rw, project_region,
             project_name, logstore_name, window_from, window_to, arrival_max, client_token, request, created_by, status, phase, expected)
           VALUES ($1, 'all-regions', 'r', 'All', 'All', 'r', 'p', 'l', now() - interval '1 day', now(), 0, $2, '{}', 'test', 0, 'queued', 1)`,
          [busy.accountId, clientToken],
        )
        .then(
          () => "inserted",
          (error: { constraint?: string }) => error.constraint,
        );
    const different = await Promise.all(Array.from({ length: 100 }, (_, index) => insert(`race-${index}`)));
    expect(different.filter((outcome) => outcome === "inserted")).toHaveLength(1);
    expect(different.filter((outcome) => outcome === "delivery_history_job_slot_key")).toHaveLength(99);

    await pool().query(
      "UPDATE delivery_history_job SET phase = 'complete', status = 2, ended_at = now() WHERE account_id = $1 AND status = 0",
      [busy.accountId],
    );
    const same = await Promise.all(Array.from({ length: 100 }, () => insert("one-token-straight")));
    expect(same.filter((outcome) => outcome === "inserted")).toHaveLength(1);
    const { rows } = await pool().query(
      "SELECT count(*) AS jobs FROM delivery_history_job WHERE account_id = $1 AND client_token = 'one-token-straight'",
      [busy.accountId],
    );
    expect(rows[0].jobs).toBe(1);
    await freeSlot(busy);
  });
});

type CreationAnswer = { readonly jobId?: number; readonly repeated?: boolean; readonly code?: string };

/** 4 processes with 25 parallel creations each; no worker runs. */
async function createFromProcesses(of: HistoryAccount, mode: string): Promise<CreationAnswer[]> {
  const answers = await Promise.all(
    Array.from({ length: 4 }, async (_, index) => {
      const child = spawn(
        process.execPath,
        [
          "-C",
          "react-server",
          "--import",
          "tsx",
          "testing/create-history-jobs.ts",
          of.accountId,
          mode,
          String(index),
          "25",
        ],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
      return JSON.parse(output) as CreationAnswer[];
    }),
  );
  return answers.flat();
}
