import "server-only";
import { randomUUID } from "node:crypto";
import { isAllowed } from "@/domain/access/policy.ts";
import { ROLE_POLICIES } from "@/domain/access/role.ts";
import type { Actor } from "@/domain/access/scope.ts";
import type { CallAnswerDto, MemberCall } from "@/domain/rpc/member-call.ts";
import { scopeForMember } from "@/server/access/member-gate.ts";
import type { Membership } from "@/server/access/queries.ts";
import { readDatabaseTime } from "@/server/db.ts";
import { log } from "@/server/log.ts";
import { answerCall, answerText, envelopeOf } from "./answer-call.ts";
import { FAULT, refusalOfError } from "./error-table.ts";

/** Where a member's call comes from, and where it would go by the API. */
type MemberOrigin = {
  /** The client's address. */
  readonly from: string | null;
  /** Host and port of the API. */
  readonly host: string;
};

/**
 * Makes a call of the API for a member at the console, and answers as the API does, refusals too. The session stands for the signature and
 * the member's role for a key's policy; all else is the same: parameters, commands, audit. There is no flow control: a person presses a button.
 */
export async function answerMemberCall(
  membership: Membership,
  { from, host }: MemberOrigin,
  { action, parameters, body }: MemberCall,
): Promise<CallAnswerDto> {
  const startedAt = performance.now();
  const requestId = randomUUID().toUpperCase();
  const actor: Actor = { type: "user", id: membership.userId, name: membership.email, from, requestId };
  const done = (status: number, text: string): CallAnswerDto => ({
    status,
    body: text,
    requestId,
    durationMs: Math.round(performance.now() - startedAt),
  });
  try {
    const answer = await answerCall(
      action,
      {
        accountId: membership.accountId,
        actor,
        scopeFor: (ramAction) => scopeForMember(membership, ramAction, from, requestId),
        may: (ramAction, resource) => isAllowed([ROLE_POLICIES[membership.role]], ramAction, resource),
      },
      parameters,
      { now: await readDatabaseTime(), host, body: { bytes: Buffer.from(body), encoding: undefined } },
    );
    return done(200, answerText(answer, requestId));
  } catch (error) {
    const refusal = refusalOfError(error);
    if (refusal === null) {
      log.error({ err: error, requestId }, "call failed");
    }
    const { status } = refusal ?? FAULT;
    return done(status, JSON.stringify(envelopeOf(refusal ?? FAULT, requestId, host)));
  }
}
