"use server";

import { runAction } from "@/app/_request/action.ts";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";

/**
 * Starts a redelivery, or finds the one that the client token has started before (`repeated`). The page is not refreshed
 * from here: the slot sees the new job and draws again what depends on it.
 */
export async function redeliverHistoryAction(
  input: unknown,
): Promise<ActionResult<{ jobId: number; repeated: boolean }>> {
  return runAction("actiontrail:CreateDeliveryHistoryJob", createHistoryJobInputSchema, input, createHistoryJob);
}
