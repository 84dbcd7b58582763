import "server-only";
import type { RamAction } from "@/domain/access/action.ts";
import { isAllowed } from "@/domain/access/policy.ts";
import { resourceOf } from "@/domain/access/resource.ts";
import { ROLE_POLICIES } from "@/domain/access/role.ts";
import { type AccountScope, type Actor, mintAccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { env } from "@/server/env.ts";
import { auditingRefusal, writeRefusal } from "./audit.ts";
import type { SignedInPerson } from "./person.ts";
import { listOwnAccounts, type Membership } from "./queries.ts";

/**
 * The session's gate: a scope for one action in the member's account, when their role allows it. A refusal is in the
 * account's audit.
 * @param from the client's address
 * @param requestId as in Actor
 * @throws DomainError NoPermission
 */
export async function scopeForMember(
  membership: Membership,
  action: RamAction,
  from: string | null,
  requestId?: string,
): Promise<AccountScope> {
  const { accountId, role } = membership;
  const actor: Actor = { ...actorOf(membership, from), ...(requestId === undefined ? {} : { requestId }) };
  const resource = resourceOf(action, env().BACKTRAIL_REGION, accountId);
  if (!isAllowed([ROLE_POLICIES[role]], action, resource)) {
    await writeRefusal({ accountId, actor, action, errorCode: "NoPermission", resource, details: { role } });
    throw new DomainError("NoPermission");
  }
  return mintAccountScope(accountId, actor, action);
}

/**
 * Notes in the account's audit that a member's request was refused before it was known which permission it takes.
 * @param from the client's address
 * @param path what was asked for, without the query
 * @returns the refusal, to throw
 */
export async function auditMemberRequest(
  membership: Membership,
  from: string | null,
  refusal: DomainError,
  path: string,
): Promise<DomainError> {
  await writeRefusal({
    accountId: membership.accountId,
    actor: actorOf(membership, from),
    action: "ConsoleRequest",
    errorCode: refusal.code,
    details: { path },
  });
  return refusal;
}

/**
 * Whether a person may choose to work in this account: one that they have no place in is not found, whether it exists or not. A refusal is in
 * the audit of the accounts they have.
 * @throws DomainError AccountNotFound
 */
export async function requirePlace(person: SignedInPerson, accountId: string): Promise<void> {
  await auditingRefusal({ ...person, action: "backtrail:SwitchAccount", details: { accountId } }, async () => {
    const accounts = await listOwnAccounts(person.userId);
    if (!accounts.some(({ id }) => id === accountId)) {
      throw new DomainError("AccountNotFound");
    }
  });
}

function actorOf({ userId, email }: Membership, from: string | null): Actor {
  return { type: "user", id: userId, name: email, from };
}
