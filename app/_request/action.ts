import "server-only";
import { unstable_rethrow } from "next/navigation";
import type { ZodType } from "zod";
import type { RamAction } from "@/domain/access/action.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { auditRefusal } from "@/server/access/audit.ts";
import type { ActionResult } from "./action-result.ts";
import { answerToThrown } from "./failure.ts";
import { requireScope } from "./session.ts";

/**
 * Runs a server action: who and whether they may, then the shape of the input, then `run`. Refusals and faults are
 * returned; signals of Next (redirect, not found) pass through.
 */
export async function runAction<Input, Data>(
  action: RamAction,
  schema: ZodType<Input>,
  input: unknown,
  run: (scope: AccountScope, input: Input) => Promise<Data>,
): Promise<ActionResult<Data>> {
  try {
    const scope = await requireScope(action);
    const parsed = schema.safeParse(input);
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.join(".");
      throw await auditRefusal(scope, new DomainError("InvalidParameterValue", field ? { field } : {}), {
        details: {},
      });
    }
    return { ok: true, data: await run(scope, parsed.data) };
  } catch (thrown) {
    unstable_rethrow(thrown);
    return { ok: false, error: (await answerToThrown(thrown)).error };
  }
}
