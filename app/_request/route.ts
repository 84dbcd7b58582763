import "server-only";
import { unstable_rethrow } from "next/navigation";
import type { ZodType } from "zod";
import type { RamAction } from "@/domain/access/action.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { answerToThrown } from "./failure.ts";
import { requireScope } from "./session.ts";

/** Polled answers are of their moment and of one person. */
const headers = { "cache-control": "no-store, private" };

/** Answers a polling GET as JSON of the given shape, behind the same permission check as the page. */
export async function answerJson<Dto>(
  action: RamAction,
  schema: ZodType<Dto>,
  read: (scope: AccountScope) => Promise<Dto>,
): Promise<Response> {
  try {
    const scope = await requireScope(action);
    return Response.json(schema.parse(await read(scope)), { headers });
  } catch (thrown) {
    unstable_rethrow(thrown);
    const { status, error } = await answerToThrown(thrown);
    return Response.json({ error }, { status, headers });
  }
}
