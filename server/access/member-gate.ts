import "server-only";
import type { RamAction } from "@/domain/access/action.ts";
import { isAllowed } from "@/domain/access/policy.ts";
import { resourceOf } from "@/domain/access/resource.ts";
import { ROLE_POLICIES } from "@/domain/access/role.ts";
import { type AccountScope, type Actor, mintAccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { env } from "@/server/env.ts";
import { writeRefusal } from "./audit.ts";
import type { Membership } from "./queries.ts";

/**
 * The session's gate: a scope for one action in the member's account, when their role allows it. A refusal is in the
 * account's audit; that of a person without an account has none to be in.
 * @param from the client's address
 * @throws DomainError NoPermission
 */
export async function scopeForMember(
  membership: Membership | null,
  action: RamAction,
  from: string | null,
): Promise<AccountScope> {
  if (membership === null) {
    throw new DomainError("NoPermission");
  }
  const { accountId, role } = membership;
  const actor: Actor = { type: "user", id: membership.userId, name: membership.email, from };
  const resource = resourceOf(action, env().BACKTRAIL_REGION, accountId);
  if (!isAllowed([ROLE_POLICIES[role]], action, resource)) {
    await writeRefusal({ accountId, actor, action, errorCode: "NoPermission", resource, details: { role } });
    throw new DomainError("NoPermission");
  }
  return mintAccountScope(accountId, actor, action);
}
