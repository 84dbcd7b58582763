"use server";

import { runPersonalAction } from "@/app/_request/action.ts";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { chooseAccount, requestHeaders } from "@/app/_request/session.ts";
import { accountRefSchema, confirmIdentityInputSchema } from "@/domain/access/schema.ts";
import { confirmIdentity } from "@/server/access/identity.ts";
import { requirePlace } from "@/server/access/member-gate.ts";

/** Shows once more who the person is, for the ten minutes in which people may be invited and roles changed. */
export async function confirmIdentityAction(input: unknown): Promise<ActionResult<void>> {
  return runPersonalAction(
    "backtrail:ConfirmIdentity",
    confirmIdentityInputSchema,
    input,
    async (person, { proof }) => {
      await confirmIdentity(person, proof, await requestHeaders());
    },
  );
}

/** Chooses the account that this browser works in. One that the person has no place in is not found, whether it exists or not. */
export async function switchAccountAction(input: unknown): Promise<ActionResult<void>> {
  return runPersonalAction("backtrail:SwitchAccount", accountRefSchema, input, async (person, { accountId }) => {
    await requirePlace(person, accountId);
    await chooseAccount(accountId);
  });
}
