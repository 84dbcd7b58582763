import "server-only";
import type { RamAction } from "@/domain/access/action.ts";
import { resourceOf } from "@/domain/access/resource.ts";
import type { RpcSubject } from "@/domain/rpc/calls.ts";
import type { WireParameters } from "@/domain/rpc/parameters.ts";
import { TRAIL_NAME_PATTERN } from "@/domain/trail/trail.ts";
import { findJobHomeRegion } from "@/server/history-job/queries.ts";
import { findHomeRegion } from "@/server/trail/queries.ts";

/**
 * The ARN on which a call's permission is checked. Of a trail or a job that is there, the region is the one that it is at home in,
 * whatever region the call names: a policy for one region would otherwise be as good as one for all.
 * @param region the call's own, for what is not there yet
 */
export async function resourceOfCall(
  accountId: string,
  action: RamAction,
  subject: RpcSubject | null,
  parameters: WireParameters,
  region: string,
): Promise<string> {
  const found = subject === null ? null : await findSubject(accountId, subject, parameters[subject.parameter] ?? "");
  return resourceOf(action, found?.homeRegion ?? region, accountId, subject?.isResource ? found?.id : undefined);
}

type Subject = { readonly id: string; readonly homeRegion: string | null };

/** Null for a name that nothing can have: the call will say so. */
async function findSubject(accountId: string, { kind }: RpcSubject, text: string): Promise<Subject | null> {
  if (kind === "trail") {
    return TRAIL_NAME_PATTERN.test(text) ? { id: text, homeRegion: await findHomeRegion(accountId, text) } : null;
  }
  const jobId = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
  return jobId < 2 ** 31 ? { id: String(jobId), homeRegion: await findJobHomeRegion(accountId, jobId) } : null;
}
