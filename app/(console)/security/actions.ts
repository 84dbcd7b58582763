"use server";

import { z } from "zod";
import { runPersonalAction } from "@/app/_request/action.ts";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { rememberBrowser } from "@/app/_request/session.ts";
import { changePasswordInputSchema, sessionRefSchema } from "@/domain/access/schema.ts";
import { changePassword } from "@/server/access/identity.ts";
import { endOtherSessions, endOwnSession } from "@/server/access/sessions.ts";

export async function changePasswordAction(input: unknown): Promise<ActionResult<void>> {
  return runPersonalAction(
    "backtrail:ChangePassword",
    changePasswordInputSchema,
    input,
    async (person, { present, password }) => {
      await changePassword(person, present, password);
      await rememberBrowser(person);
    },
  );
}

export async function endSessionAction(input: unknown): Promise<ActionResult<void>> {
  return runPersonalAction("backtrail:EndSession", sessionRefSchema, input, (person, { sessionId }) =>
    endOwnSession(person, sessionId),
  );
}

export async function endOtherSessionsAction(): Promise<ActionResult<void>> {
  return runPersonalAction("backtrail:EndSession", z.undefined(), undefined, endOtherSessions);
}
