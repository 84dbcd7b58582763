import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DomainError } from "@/domain/errors.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { pool, prisma } from "@/server/db.ts";
import { closeQueue, type HeldEntry } from "@/server/queue.ts";
import {
  addTrail,
  createHistoryAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { beginJob, completeEntry, loseEntry, takeEntries } from "@/testing/queue-entries.ts";
import { createHistoryJob } from "./commands.ts";
import {
  cancelHistoryJob,
  deleteHistoryJob,
  limitHistoryJob,
  pauseHistoryJob,
  resumeHistoryJob,
  retryHistoryJob,
} from "./control.ts";
import { findSlotJob, getHistoryJob } from "./queries.ts";
import { settleAfterEntry, sweepJobs } from "./settle.ts";
import { checkHold, claimNextSlice, failSlice, type SliceClaim, stopSlice } from "./slices.ts";

const DAY_MS = 86_400_000;
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS - 5 * DAY_MS + DAY_MS / 2;
const SLICES = 3;

/** So many that each slice is worth an entry of its own (lengthOfNextRun). */
const EVENTS_PER_SLICE = 5_001;

let account: HistoryAccount;

beforeAll(async () => {
  account = await createHistoryAccount("http://127.0.0.1:9");
  for (let day = 0; day < SLICES; day++) {
    const at = (index: number) => new Date(NOON + day * DAY_MS + index);
    await recordTexts(
      account,
      Array.from({ length: EVENTS_PER_SLICE }, (_, index) => eventText({ eventTime: at(index) })),
    );
  }
});

beforeEach(() => addTrail(account, { name: "all-events" }));

afterEach(async () => {
  await pool().query(
    `UPDATE delivery_history_job SET phase = 'cancelled', status = 3, ended_at = now(), ends_as = NULL, paused_at = NULL
     WHERE account_id = $1 AND status < 2`,
    [account.accountId],
  );
  await prisma().trail.deleteMany({ where: { accountId: account.accountId } });
});

afterAll(closeQueue);

const slotScope = () => account.scope("actiontrail:ListDeliveryHistoryJobs");

async function createJob(clientToken = ""): Promise<number> {
  const input = createHistoryJobInputSchema.parse({ trailName: "all-events", clientToken });
  return (await createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), input)).jobId;
}

const pause = (jobId: number) => pauseHistoryJob(account.scope("backtrail:PauseDeliveryHistoryJob"), { jobId });
const resume = (jobId: number) => resumeHistoryJob(account.scope("backtrail:ResumeDeliveryHistoryJob"), { jobId });
const cancel = (jobId: number) => cancelHistoryJob(account.scope("backtrail:CancelDeliveryHistoryJob"), { jobId });
const retry = (jobId: number) => retryHistoryJob(account.scope("backtrail:RetryDeliveryHistoryJob"), { jobId });
const remove = (jobId: number) => deleteHistoryJob(account.scope("actiontrail:DeleteDeliveryHistoryJob"), { jobId });
const limit = (jobId: number, eventsPerSecondMax: number | null) =>
  limitHistoryJob(account.scope("backtrail:LimitDeliveryHistoryJob"), { jobId, eventsPerSecondMax });

async function jobOf(jobId: number) {
  return getHistoryJob(account.scope("actiontrail:GetDeliveryHistoryJob"), jobId);
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

/** Workers that have taken all of the job's entries and hold a slice of each. */
async function holdAll(jobId: number): Promise<{ entry: HeldEntry; claim: SliceClaim }[]> {
  await beginJob(jobId);
  const held = [];
  for (const entry of await takeEntries(jobId)) {
    const claim = await claimNextSlice(entry, "worker");
    if (claim === null) {
      throw new Error("nothing to claim");
    }
    held.push({ entry, claim });
  }
  return held;
}

async function failAll(jobId: number): Promise<void> {
  for (const { entry, claim } of await holdAll(jobId)) {
    await failSlice(claim, { code: "PostBodyInvalid", message: "no" });
    await settleAfterEntry(entry);
    await completeEntry(entry);
  }
}

async function countEntriesToTake(jobId: number): Promise<number> {
  return (await takeEntries(jobId)).length;
}

async function lastAudit() {
  const [entry] = await prisma().auditEntry.findMany({
    where: { accountId: account.accountId },
    orderBy: { at: "desc" },
    take: 1,
  });
  return entry;
}

describe("a paused job", () => {
  it("gets its slices back from its workers and gives them to nobody until it goes on", async () => {
    const jobId = await createJob();
    const held = await holdAll(jobId);
    await pause(jobId);
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "paused", status: 1, claims: SLICES });
    for (const { entry, claim } of held) {
      expect(await checkHold(claim)).toBe("paused");
      await settleAfterEntry(entry);
      await completeEntry(entry);
    }
    await sweepJobs();
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "paused", claims: 0 });
    expect(await countEntriesToTake(jobId)).toBe(0);

    await resume(jobId);
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "delivering", pausedAt: null });
    expect(await countEntriesToTake(jobId)).toBe(SLICES);
  });

  it("ends when what its workers had in hand was the last of it", async () => {
    const jobId = await createJob();
    const held = await holdAll(jobId);
    await pause(jobId);
    for (const { entry, claim } of held) {
      expect(await failSlice(claim, { code: "PostBodyInvalid", message: "no" })).toBe("paused");
      await settleAfterEntry(entry);
      await completeEntry(entry);
    }
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "failed", status: 3, pausedAt: null });
  });

  it("is queued again when no worker had begun it", async () => {
    const jobId = await createJob();
    await pause(jobId);
    await beginJob(jobId);
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "paused", status: 1, startedAt: null });
    await resume(jobId);
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "queued", status: 0 });
  });

  it("goes on with a worker that was just about to hand back when it was resumed", async () => {
    const jobId = await createJob();
    const held = await holdAll(jobId);
    await pause(jobId);
    await resume(jobId);
    expect(await countEntriesToTake(jobId)).toBe(0);
    for (const { entry } of held) {
      await settleAfterEntry(entry);
      await completeEntry(entry);
    }
    expect(await countEntriesToTake(jobId)).toBe(SLICES);
  });

  it("is cancelled by the sweep after 24 hours, says why, and not before", async () => {
    const jobId = await createJob();
    await pause(jobId);
    const pausedFor = (hours: string) =>
      pool().query("UPDATE delivery_history_job SET paused_at = now() - $2::interval WHERE id = $1", [jobId, hours]);
    await pausedFor("23 hours 59 minutes");
    await sweepJobs();
    expect((await jobOf(jobId)).job.phase).toBe("paused");
    await pausedFor("24 hours");
    await sweepJobs();
    expect((await jobOf(jobId)).job).toMatchObject({
      phase: "cancelled",
      status: 3,
      cancelledBy: null,
      failure: { code: "PausedTooLong", message: expect.stringContaining("24 hours") },
    });
  });
});

describe("a cancelled job", () => {
  it("ends at once when no worker holds a slice of it", async () => {
    const jobId = await createJob();
    await cancel(jobId);
    const { job, slices } = await jobOf(jobId);
    expect(job).toMatchObject({ phase: "cancelled", status: 3, cancelledBy: "test", failure: null, delivered: 0 });
    expect(slices.map(({ state }) => state)).toEqual(["stopped", "stopped", "stopped"]);
    await createJob();
  });

  it("keeps the slot until its last claim has ended, and says how many it waits for", async () => {
    const jobId = await createJob();
    const held = await holdAll(jobId);
    await cancel(jobId);
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "cancelling", status: 1, claims: SLICES });
    expect((await refusalOf(createJob())).details.jobId).toBe(jobId);
    for (const [index, { entry, claim }] of held.entries()) {
      expect((await jobOf(jobId)).job).toMatchObject({ phase: "cancelling", claims: SLICES - index });
      expect(await checkHold(claim)).toBe("stop");
      await stopSlice(claim);
      await settleAfterEntry(entry);
    }
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "cancelled", claims: 0 });
  });

  it("does not wait for workers that have lost their entries", async () => {
    const jobId = await createJob();
    const held = await holdAll(jobId);
    await cancel(jobId);
    for (const { entry } of held) {
      await loseEntry(entry);
    }
    await sweepJobs();
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "cancelled", claims: 0 });
    for (const { claim } of held) {
      expect(await checkHold(claim)).toBe("lost");
    }
  });
});

describe("a deleted job", () => {
  it("is deleted at once and holds the slot until its last claim has ended", async () => {
    const jobId = await createJob("token");
    const [{ entry, claim } = expect.fail("no entry")] = await holdAll(jobId);
    await remove(jobId);
    const { job } = await jobOf(jobId);
    expect(job).toMatchObject({ phase: "cancelling", cancelledBy: "test", deletedAt: expect.any(String) });
    expect((await refusalOf(createJob())).details.jobId).toBe(jobId);
    await stopSlice(claim);
    await settleAfterEntry(entry);
    expect(await createJob("token")).toBe(jobId);
  });

  it("keeps how it had ended, and cannot be taken up again", async () => {
    const jobId = await createJob();
    await failAll(jobId);
    const { endedAt } = (await jobOf(jobId)).job;
    await remove(jobId);
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "failed", endedAt, cancelledBy: null });
    expect((await refusalOf(retry(jobId))).details.why).toBe("job-deleted");
    expect((await refusalOf(remove(jobId))).code).toBe("DeliveryHistoryJobNotFound");
  });
});

describe("a retried job", () => {
  it("goes on behind its cursors in its next run, and only with what is left", async () => {
    const jobId = await createJob();
    const [first] = await holdAll(jobId);
    await pool().query(
      `UPDATE delivery_slice SET state = 'complete', delivered = expected, new_at_sink = expected, ended_at = now()
       WHERE job_id = $1 AND day = $2`,
      [jobId, first?.claim.day],
    );
    await pool().query(
      "UPDATE delivery_slice SET state = 'failed', failure_code = 'x', failure_message = 'x', ended_at = now() WHERE job_id = $1 AND state = 'delivering'",
      [jobId],
    );
    await sweepJobs();
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "failed", run: 1 });
    expect((await jobOf(jobId)).retry).toEqual({ slices: 2, remaining: 2 * EVENTS_PER_SLICE, undeliverable: 0 });

    await retry(jobId);
    const { job, slices } = await jobOf(jobId);
    expect(job).toMatchObject({ phase: "queued", status: 0, run: 2, failure: null, endedAt: null, startedAt: null });
    for (const { day, state, failure } of slices) {
      expect([state, failure]).toEqual([day === first?.claim.day ? "complete" : "waiting", null]);
    }
    expect(first && (await claimNextSlice(first.entry, "late"))).toBeNull();
    expect(await countEntriesToTake(jobId)).toBe(2);
  });

  it("needs its log project, but not its trail", async () => {
    const jobId = await createJob();
    await failAll(jobId);
    await prisma().trail.deleteMany({ where: { accountId: account.accountId } });
    await retry(jobId);
    await failAll(jobId);
    const renamed = (from: string, to: string) =>
      prisma().logProject.updateMany({ where: { accountId: account.accountId, name: from }, data: { name: to } });
    await renamed("history-test", "renamed");
    expect(await refusalOf(retry(jobId))).toMatchObject({ code: "TrailNotValid", details: { why: "no-log-project" } });
    await renamed("renamed", "history-test");
  });

  it("of many retries and creations at once, leaves one in the slot, and every other names it", async () => {
    const failed: number[] = [];
    for (let index = 0; index < 3; index++) {
      const jobId = await createJob();
      await failAll(jobId);
      failed.push(jobId);
    }
    const outcomes = await Promise.allSettled([
      ...failed.map((jobId) => retry(jobId).then((answer) => answer.jobId)),
      ...failed.map(() => createJob()),
    ]);
    const { rows } = await pool().query<{ id: number }>(
      "SELECT id FROM delivery_history_job WHERE account_id = $1 AND status IN (0, 1)",
      [account.accountId],
    );
    expect(rows).toHaveLength(1);
    const holder = rows[0]?.id;
    expect(outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []))).toEqual([holder]);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") {
        expect(outcome.reason).toMatchObject({
          code: "MaximumNumberOfDeliveryHistoryJobsExceededException",
          details: { jobId: holder },
        });
      }
    }
  });
});

describe("a limited job", () => {
  it("forgets what it waited for under the ceiling before, and gets no more entries than it has use for", async () => {
    const jobId = await createJob();
    await limit(jobId, 10);
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "queued", eventsPerSecondMax: 10 });
    const held = await holdAll(jobId);
    await pool().query("UPDATE delivery_history_job SET paced_until = now() + interval '1 hour' WHERE id = $1", [
      jobId,
    ]);
    for (const { entry } of held) {
      await settleAfterEntry(entry);
      await completeEntry(entry);
    }
    await sweepJobs();
    expect(await countEntriesToTake(jobId)).toBe(1);

    await limit(jobId, null);
    const { rows } = await pool().query("SELECT paced_until FROM delivery_history_job WHERE id = $1", [jobId]);
    expect(rows).toEqual([{ paced_until: null }]);
    expect((await jobOf(jobId)).job.eventsPerSecondMax).toBeNull();
    expect(await countEntriesToTake(jobId)).toBe(SLICES - 1);
  });
});

describe("a job whose sink is in trouble", () => {
  const project = () => pool().query("SELECT name FROM log_project WHERE account_id = $1", [account.accountId]);

  it("has one entry, deferred to the next try, and all of them as soon as the sink has recovered", async () => {
    const { rows } = await project();
    const jobId = await createJob();
    const held = await holdAll(jobId);
    const endpoint = `http://sick.example/${account.accountId}`;
    await pool().query("UPDATE log_project SET endpoint = $2 WHERE account_id = $1", [account.accountId, endpoint]);
    await pool().query(
      `INSERT INTO sink_circuit (endpoint, project, cause, code, message, retry_at)
       VALUES ($1, $2, 'endpoint', 'InternalServerError', 'sick', now() + interval '1 hour')`,
      [endpoint, rows[0].name],
    );
    for (const { entry } of held) {
      await settleAfterEntry(entry);
      await completeEntry(entry);
    }
    await sweepJobs();
    expect(await countEntriesToTake(jobId)).toBe(0);
    const deferred = await pool().query(
      "SELECT DISTINCT entry_id FROM delivery_slice WHERE job_id = $1 AND entry_id IS NOT NULL",
      [jobId],
    );
    expect(deferred.rows).toHaveLength(1);

    await pool().query("DELETE FROM sink_circuit WHERE endpoint = $1", [endpoint]);
    await sweepJobs();
    expect(await countEntriesToTake(jobId)).toBe(SLICES);
  });

  it("says so on its page and in the slot, when the trouble is its own project's at its own endpoint", async () => {
    const { rows } = await project();
    const jobId = await createJob();
    const endpoint = `http://sick-too.example/${account.accountId}`;
    await pool().query("UPDATE log_project SET endpoint = $2 WHERE account_id = $1", [account.accountId, endpoint]);
    const addTrouble = (at: string, name: string) =>
      pool().query(
        `INSERT INTO sink_circuit (endpoint, project, cause, code, message, failures, tried_at, retry_at)
         VALUES ($1, $2, 'project', 'ShardWriteQuotaExceed', 'quota', 7, '2026-11-01T00:00:01Z', '2026-11-01T00:01:00Z')`,
        [at, name],
      );
    await addTrouble(endpoint, "another-project");
    await addTrouble("http://well.example", rows[0].name);
    const troublesOf = async () => [(await jobOf(jobId)).sinkTrouble, (await findSlotJob(slotScope())).sinkTrouble];
    expect(await troublesOf()).toEqual([null, null]);
    await addTrouble(endpoint, rows[0].name);
    const trouble = {
      openedAt: expect.stringMatching(/Z$/),
      triedAt: "2026-11-01T00:00:01.000Z",
      retryAt: "2026-11-01T00:01:00.000Z",
      failures: 7,
      code: "ShardWriteQuotaExceed",
      message: "quota",
    };
    expect(await troublesOf()).toEqual([trouble, trouble]);
    await pool().query("DELETE FROM sink_circuit WHERE code = 'ShardWriteQuotaExceed'");
  });
});

describe("every command", () => {
  it("does not know another account's job", async () => {
    const jobId = await createJob();
    const mine = account;
    account = await createHistoryAccount("http://127.0.0.1:9");
    for (const command of [pause, resume, cancel, retry, remove, (id: number) => limit(id, 5)]) {
      expect((await refusalOf(command(jobId))).code).toBe("DeliveryHistoryJobNotFound");
      expect(await lastAudit()).toMatchObject({ outcome: "refused", errorCode: "DeliveryHistoryJobNotFound" });
    }
    account = mine;
    expect((await jobOf(jobId)).job).toMatchObject({ phase: "queued", deletedAt: null, eventsPerSecondMax: null });
  });

  it("notes in the audit what was done, repeated or refused, and on which job", async () => {
    const jobId = await createJob();
    const resource = `acs:actiontrail:cn-hangzhou:${account.accountId}:historydeliveryjob/${jobId}`;
    await pause(jobId);
    expect(await lastAudit()).toMatchObject({
      action: "backtrail:PauseDeliveryHistoryJob",
      resource,
      outcome: "allowed",
    });
    await pause(jobId);
    expect((await lastAudit())?.details).toEqual({ jobId, repeated: true });
    await limit(jobId, 5);
    expect((await lastAudit())?.details).toEqual({ jobId, eventsPerSecondMax: 5 });
    await cancel(jobId);
    await cancel(jobId);
    expect((await refusalOf(resume(jobId))).details).toEqual({ jobId, why: "job-ended" });
    expect(await lastAudit()).toMatchObject({
      action: "backtrail:ResumeDeliveryHistoryJob",
      resource,
      errorCode: "IncorrectDeliveryHistoryJobStatus",
    });
  });
});
