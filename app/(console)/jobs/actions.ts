"use server";

import { runAction } from "@/app/_request/action.ts";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { jobInputSchema, limitHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import {
  cancelHistoryJob,
  deleteHistoryJob,
  limitHistoryJob,
  pauseHistoryJob,
  resumeHistoryJob,
  retryHistoryJob,
} from "@/server/history-job/control.ts";
import { requestHistoryJobVerification } from "@/server/history-job/verification.ts";

// No page is refreshed from here: pages poll the job and draw again what depends on it.

type JobResult = ActionResult<{ jobId: number }>;

/** Holds a job between batches. */
export async function pauseHistoryJobAction(input: unknown): Promise<JobResult> {
  return runAction("backtrail:PauseDeliveryHistoryJob", jobInputSchema, input, pauseHistoryJob);
}

/** Lets a paused job go on. */
export async function resumeHistoryJobAction(input: unknown): Promise<JobResult> {
  return runAction("backtrail:ResumeDeliveryHistoryJob", jobInputSchema, input, resumeHistoryJob);
}

/** Ends a job early, for good. */
export async function cancelHistoryJobAction(input: unknown): Promise<JobResult> {
  return runAction("backtrail:CancelDeliveryHistoryJob", jobInputSchema, input, cancelHistoryJob);
}

/** Takes up again what remains of an incomplete or failed job. */
export async function retryHistoryJobAction(input: unknown): Promise<JobResult> {
  return runAction("backtrail:RetryDeliveryHistoryJob", jobInputSchema, input, retryHistoryJob);
}

/** Sets a ceiling on a job's speed, or takes it away. */
export async function limitHistoryJobAction(input: unknown): Promise<JobResult> {
  return runAction("backtrail:LimitDeliveryHistoryJob", limitHistoryJobInputSchema, input, limitHistoryJob);
}

/** Deletes a job; its report stays. */
export async function deleteHistoryJobAction(input: unknown): Promise<JobResult> {
  return runAction("actiontrail:DeleteDeliveryHistoryJob", jobInputSchema, input, deleteHistoryJob);
}

/** Compares an ended job with its logstore once more. */
export async function verifyHistoryJobAction(input: unknown): Promise<JobResult> {
  return runAction("backtrail:VerifyDeliveryHistoryJob", jobInputSchema, input, requestHistoryJobVerification);
}
