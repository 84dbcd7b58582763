import { mintAccountScope } from "@/domain/access/scope.ts";
import { DomainError, type DomainErrorCode } from "@/domain/errors.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import {
  cancelHistoryJob,
  deleteHistoryJob,
  limitHistoryJob,
  pauseHistoryJob,
  resumeHistoryJob,
  retryHistoryJob,
} from "@/server/history-job/control.ts";
import { settleAfterEntry } from "@/server/history-job/settle.ts";
import { claimNextSlice, failSlice } from "@/server/history-job/slices.ts";
import { addTrail, createHistoryAccount, type HistoryAccount } from "./history-account.ts";
import { beginJob, completeEntry, takeEntry } from "./queue-entries.ts";
import { recordHistory, startWatchedJob, type WatchedJob } from "./watched-job.ts";

/** All that may be asked of a job, and the asking for one, with what it is a permission of. */
const ACTIONS = {
  create: "actiontrail:CreateDeliveryHistoryJob",
  pause: "backtrail:PauseDeliveryHistoryJob",
  resume: "backtrail:ResumeDeliveryHistoryJob",
  cancel: "backtrail:CancelDeliveryHistoryJob",
  retry: "backtrail:RetryDeliveryHistoryJob",
  delete: "actiontrail:DeleteDeliveryHistoryJob",
  limit: "backtrail:LimitDeliveryHistoryJob",
} as const;

export type JobCommand = keyof typeof ACTIONS;

export const JOB_COMMANDS = Object.keys(ACTIONS) as JobCommand[];

/** A command that somebody gives once, as often as they say it. */
export type JobOrder = {
  readonly command: JobCommand;
  readonly accountId: string;
  /** None where a job is asked for. */
  readonly jobId: number | null;
};

/** What a creation is asked for with. */
export const ORDERED_TRAIL = "ordered";
export const ORDER_TOKEN = "one-token";

/** What a limit sets: no hindrance to a job as small as these. */
export const ORDERED_EVENTS_PER_SECOND = 10_000;

const HISTORY = { days: 2, eventsPerSlice: 2 } as const;

/** Says an order once, within this process. @returns "done", or with which code it was refused */
export async function sayOrder({ command, accountId, jobId }: JobOrder): Promise<"done" | DomainErrorCode> {
  const actor = { type: "command-line", id: "test", name: "test", from: null } as const;
  const scope = mintAccountScope(accountId, actor, ACTIONS[command]);
  const job = { jobId: jobId ?? 0 };
  try {
    switch (command) {
      case "create":
        await createHistoryJob(
          scope,
          createHistoryJobInputSchema.parse({ trailName: ORDERED_TRAIL, clientToken: ORDER_TOKEN }),
        );
        break;
      case "pause":
        await pauseHistoryJob(scope, job);
        break;
      case "resume":
        await resumeHistoryJob(scope, job);
        break;
      case "cancel":
        await cancelHistoryJob(scope, job);
        break;
      case "retry":
        await retryHistoryJob(scope, job);
        break;
      case "delete":
        await deleteHistoryJob(scope, job);
        break;
      case "limit":
        await limitHistoryJob(scope, { ...job, eventsPerSecondMax: ORDERED_EVENTS_PER_SECOND });
    }
    return "done";
  } catch (error) {
    if (error instanceof DomainError) {
      return error.code;
    }
    throw error;
  }
}

/** An order that may be given now, and the job that it is about. */
export type PreparedOrder = {
  readonly order: JobOrder;
  readonly account: HistoryAccount;
  /** Null where a job is asked for. */
  readonly job: WatchedJob | null;
};

/**
 * Makes an account of its own with a job of two slices that a worker has begun and handed back: paused where it is to be resumed, failed
 * where it is to be retried. No worker may run meanwhile.
 * @param endpoint where its sink is
 */
export async function prepareOrder(command: JobCommand, endpoint: string): Promise<PreparedOrder> {
  const account = await createHistoryAccount(endpoint);
  const { accountId } = account;
  await addTrail(account, { name: ORDERED_TRAIL });
  await recordHistory(account, HISTORY);
  if (command === "create") {
    return { order: { command, accountId, jobId: null }, account, job: null };
  }
  const job = await startWatchedJob(account, ORDERED_TRAIL);
  const { jobId } = job;
  await beginJob(jobId);
  if (command === "resume") {
    await sayOrder({ command: "pause", accountId, jobId });
  } else if (command === "retry") {
    await failJob(jobId);
  }
  return { order: { command, accountId, jobId }, account, job };
}

async function failJob(jobId: number): Promise<void> {
  for (let entry = await takeEntry(jobId); entry !== null; entry = await takeEntry(jobId)) {
    for (
      let claim = await claimNextSlice(entry, "worker");
      claim !== null;
      claim = await claimNextSlice(entry, "worker")
    ) {
      await failSlice(claim, { code: "PostBodyInvalid", message: "no" });
    }
    await settleAfterEntry(entry);
    await completeEntry(entry);
  }
}
