import "server-only";
import type { RamAction } from "@/domain/access/action.ts";
import { isAllowed, type PolicyDocument, policyDocumentSchema } from "@/domain/access/policy.ts";
import { type AccountScope, type Actor, mintAccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { prisma } from "@/server/db.ts";
import { writeRefusal } from "./audit.ts";
import { decryptSecret } from "./secrets.ts";

/** An API client's key, as its requests are verified and judged. */
export type AccessKey = {
  readonly id: string;
  readonly accountId: string;
  readonly secret: string;
  readonly policy: PolicyDocument;
};

/**
 * The active key of this id, or null. Part of the API signature's gate: it takes no scope, because scopes are minted from what it
 * finds, once a request is shown to be signed with its secret.
 */
export async function findAccessKey(id: string): Promise<AccessKey | null> {
  const row = await prisma().accessKey.findUnique({ where: { id, status: "Active" } });
  return (
    row && {
      id,
      accountId: row.accountId,
      secret: decryptSecret(row.secretCiphertext, { purpose: "access-key", rowId: id }),
      policy: policyDocumentSchema.parse(row.policy),
    }
  );
}

/**
 * The API signature's gate: a scope for one action in the key's account, when its policy allows it on this resource. Call it
 * after the signature is verified, never before. A refusal is in the account's audit.
 * @param from the client's address
 * @throws DomainError NoPermission
 */
export async function scopeForAccessKey(
  { id, accountId, policy }: AccessKey,
  action: RamAction,
  resource: string,
  from: string | null,
): Promise<AccountScope> {
  const actor: Actor = { type: "access-key", id, name: id, from };
  if (!isAllowed([policy], action, resource)) {
    await writeRefusal({ accountId, actor, action, errorCode: "NoPermission", resource, details: {} });
    throw new DomainError("NoPermission");
  }
  return mintAccountScope(accountId, actor, action);
}
