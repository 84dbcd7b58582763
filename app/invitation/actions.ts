"use server";

import { z } from "zod";
import { runPersonalAction } from "@/app/_request/action.ts";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { chooseAccount } from "@/app/_request/session.ts";
import { linkTokenSchema } from "@/domain/access/schema.ts";
import { acceptInvitationAs } from "@/server/access/invitations.ts";

/** Takes the place, and chooses the account for what comes next. */
export async function joinAction(input: unknown): Promise<ActionResult<void>> {
  const schema = z.strictObject({ token: linkTokenSchema });
  return runPersonalAction("backtrail:AcceptInvitation", schema, input, async (person, { token }) => {
    const { accountId } = await acceptInvitationAs(person, token);
    await chooseAccount(accountId);
  });
}
