"use server";

import { runMemberAction } from "@/app/_request/action.ts";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { apiEndpointOf } from "@/app/_request/api-endpoint.ts";
import { type CallAnswerDto, memberCallSchema } from "@/domain/rpc/member-call.ts";
import { answerMemberCall } from "@/server/rpc/member-call.ts";

/**
 * Makes a call of the API as the signed-in person. What the API refuses is its answer, to be shown as such; the gate of each call is inside,
 * because which permission it takes depends on the call.
 */
export async function callApiAction(input: unknown): Promise<ActionResult<CallAnswerDto>> {
  return runMemberAction(memberCallSchema, input, async ({ membership, from }, call) =>
    answerMemberCall(membership, { from, host: await apiEndpointOf() }, call),
  );
}
