"use server";

import { runAction } from "@/app/_request/action.ts";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { createTrailInputSchema, trailInputSchema, updateTrailInputSchema } from "@/domain/trail/schema.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { createTrail, deleteTrail, startLogging, stopLogging, updateTrail } from "@/server/trail/commands.ts";

/**
 * Starts a redelivery, or finds the one that the client token has started before (`repeated`). The page is not refreshed
 * from here: the slot sees the new job and draws again what depends on it.
 */
export async function redeliverHistoryAction(
  input: unknown,
): Promise<ActionResult<{ jobId: number; repeated: boolean }>> {
  return runAction("actiontrail:CreateDeliveryHistoryJob", createHistoryJobInputSchema, input, createHistoryJob);
}

export async function createTrailAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("actiontrail:CreateTrail", createTrailInputSchema, input, (scope, trail) =>
    createTrail(scope, trail),
  );
}

export async function updateTrailAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("actiontrail:UpdateTrail", updateTrailInputSchema, input, updateTrail);
}

export async function startLoggingAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("actiontrail:StartLogging", trailInputSchema, input, (scope, { name }) => startLogging(scope, name));
}

export async function stopLoggingAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("actiontrail:StopLogging", trailInputSchema, input, stopLogging);
}

export async function deleteTrailAction(input: unknown): Promise<ActionResult<void>> {
  return runAction("actiontrail:DeleteTrail", trailInputSchema, input, deleteTrail);
}
