"use server";

import { unstable_rethrow } from "next/navigation";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { apiEndpointOf } from "@/app/_request/api-endpoint.ts";
import { answerToThrown } from "@/app/_request/failure.ts";
import { requireMember } from "@/app/_request/session.ts";
import { DomainError } from "@/domain/errors.ts";
import { type CallAnswerDto, memberCallSchema } from "@/domain/rpc/member-call.ts";
import { answerMemberCall } from "@/server/rpc/member-call.ts";

/**
 * Makes a call of the API as the signed-in person. What the API refuses is its answer, to be shown as such; the gate of each call is inside,
 * because which permission it takes depends on the call.
 */
export async function callApiAction(input: unknown): Promise<ActionResult<CallAnswerDto>> {
  try {
    const { membership, from } = await requireMember();
    const parsed = memberCallSchema.safeParse(input);
    if (!parsed.success) {
      throw new DomainError("InvalidParameterValue");
    }
    const host = await apiEndpointOf();
    return { ok: true, data: await answerMemberCall(membership, { from, host }, parsed.data) };
  } catch (thrown) {
    unstable_rethrow(thrown);
    return { ok: false, error: (await answerToThrown(thrown)).error };
  }
}
