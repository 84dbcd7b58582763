import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { prisma } from "@/server/db.ts";
import { closeQueue } from "@/server/queue.ts";
import { createJob, endJob } from "@/testing/ended-job.ts";
import {
  addTrail,
  createBuiltInAccount,
  eventText,
  type HistoryAccount,
  recordTexts,
} from "@/testing/history-account.ts";
import { requestHistoryJobVerification } from "./verification.ts";

const TRAIL = "all-events";

let account: HistoryAccount;

afterAll(closeQueue);

beforeEach(async () => {
  account = await createBuiltInAccount();
  await addTrail(account, { name: TRAIL, logstore: true });
  await recordTexts(account, [eventText({ eventTime: new Date(Date.now() - 86_400_000) })]);
});

function request(jobId: number, by: HistoryAccount = account) {
  return requestHistoryJobVerification(by.scope("backtrail:VerifyDeliveryHistoryJob"), { jobId });
}

function verificationsOf(jobId: number) {
  return prisma().jobVerification.findMany({ where: { jobId }, orderBy: { id: "asc" } });
}

async function auditOf(by: HistoryAccount) {
  const entries = await prisma().auditEntry.findMany({
    where: { accountId: by.accountId, action: "backtrail:VerifyDeliveryHistoryJob" },
  });
  return entries.map(({ outcome, errorCode }) => errorCode ?? outcome);
}

describe("a request to verify a job", () => {
  it("is refused while the job runs", async () => {
    const jobId = await createJob(account, TRAIL);
    await expect(request(jobId)).rejects.toMatchObject({
      code: "IncorrectDeliveryHistoryJobStatus",
      details: { jobId, why: "job-running" },
    });
    expect(await verificationsOf(jobId)).toEqual([]);
    expect(await auditOf(account)).toEqual(["IncorrectDeliveryHistoryJobStatus"]);
  });

  it("is refused for another account's job, as for one that is not there", async () => {
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    const other = await createBuiltInAccount();
    await expect(request(jobId, other)).rejects.toMatchObject({ code: "DeliveryHistoryJobNotFound" });
    expect(await auditOf(other)).toEqual(["DeliveryHistoryJobNotFound"]);
  });

  it("makes one verification, however many ask at once, and each is answered and written to the audit", async () => {
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    await prisma().jobVerification.updateMany({ where: { jobId }, data: { state: "complete", endedAt: new Date() } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => request(jobId)));
    expect(answers).toEqual(Array.from({ length: 8 }, () => ({ jobId })));
    expect((await verificationsOf(jobId)).map(({ state, requestedBy }) => [state, requestedBy])).toEqual([
      ["complete", "Backtrail"],
      ["waiting", "test"],
    ]);
    expect(await auditOf(account)).toEqual(Array.from({ length: 8 }, () => "allowed"));
  });

  it("names the job in the audit, as every other command on a job does, whether it was taken or refused", async () => {
    const jobId = await createJob(account, TRAIL);
    await expect(request(jobId)).rejects.toMatchObject({ code: "IncorrectDeliveryHistoryJobStatus" });
    await endJob(account, jobId, "complete");
    await request(jobId);
    const entries = await prisma().auditEntry.findMany({
      where: { accountId: account.accountId, action: "backtrail:VerifyDeliveryHistoryJob" },
    });
    const arn = expect.stringMatching(new RegExp(`:${account.accountId}:historydeliveryjob/${jobId}$`));
    expect(entries.map(({ resource }) => resource)).toEqual([arn, arn]);
  });

  it("is taken for a deleted job: its report stays", async () => {
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "complete");
    await prisma().jobVerification.updateMany({ where: { jobId }, data: { state: "complete", endedAt: new Date() } });
    await prisma().deliveryHistoryJob.update({ where: { id: jobId }, data: { deletedAt: new Date() } });
    await request(jobId);
    expect(await verificationsOf(jobId)).toHaveLength(2);
  });
});

describe("the end of a job", () => {
  it("takes the place of a comparison that began before it, which has seen another state", async () => {
    const jobId = await createJob(account, TRAIL);
    await endJob(account, jobId, "cancelled", () => "leave");
    const [first] = await verificationsOf(jobId);
    await prisma().deliveryHistoryJob.update({
      where: { id: jobId },
      data: { phase: "delivering", status: 1, endedAt: null, run: 2 },
    });
    await endJob(account, jobId, "complete");
    const [before, after] = await verificationsOf(jobId);
    expect(before).toMatchObject({ id: first?.id, state: "failed", failure: expect.stringContaining("newer") });
    expect(after).toMatchObject({ state: "waiting" });
  });
});
