import "server-only";
import { createHash } from "node:crypto";
import { unstable_rethrow } from "next/navigation";
import type { ZodType } from "zod";
import type { RamAction } from "@/domain/access/action.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { answerToThrown } from "./failure.ts";
import { requireScope } from "./session.ts";

/** Polled answers are of their moment and of one person. */
const headers = { "cache-control": "no-store, private" };

/**
 * The same for answers that say the same. Their moment, `now`, is left out: who has the rest already learns it from the answer's Date.
 */
function tagOf(answer: object): string {
  const text = JSON.stringify({ ...answer, now: undefined });
  return `W/"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
}

/** Answers a polling GET as JSON of the given shape, behind the same permission check as the page. */
export async function answerJson<Dto extends object>(
  action: RamAction,
  schema: ZodType<Dto>,
  read: (scope: AccountScope) => Promise<Dto>,
): Promise<Response> {
  try {
    const scope = await requireScope(action);
    const answer = schema.parse(await read(scope));
    return Response.json(answer, { headers: { ...headers, etag: tagOf(answer) } });
  } catch (thrown) {
    unstable_rethrow(thrown);
    const { status, error } = await answerToThrown(thrown);
    return Response.json({ error }, { status, headers });
  }
}
