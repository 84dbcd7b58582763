import "server-only";
import { randomInt } from "node:crypto";
import { canRotate, type KeyPair } from "@/domain/access/access-key.ts";
import type {
  AccessKeyDto,
  AccessKeyRef,
  AccessKeySecretDto,
  UpdateAccessKeyInput,
} from "@/domain/access/access-key-schema.ts";
import { type PolicyDocument, readStoredPolicy } from "@/domain/access/policy.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { policyTextOf, systemPolicyNameOf } from "@/domain/access/system-policy.ts";
import { DomainError, type DomainErrorCode } from "@/domain/errors.ts";
import type { Prisma } from "@/prisma/generated/client.ts";
import { prisma, type Transaction } from "@/server/db.ts";
import { auditRefusal, writeAuditEntry } from "./audit.ts";
import { encryptSecret } from "./secrets.ts";

/** An id and a secret that no key has. The secret is shown once, to whom it is made for, and stored only encrypted. */
export type NewAccessKey = AccessKeySecretDto;

/**
 * The account's access keys, the newest first, also those whose policy can't be read. Those of the built-in log service are the product's own, and
 * not among them.
 */
export async function listAccessKeys(scope: AccountScope): Promise<AccessKeyDto[]> {
  const rows = await prisma().accessKey.findMany({
    where: { accountId: scope.accountId, logProject: null },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    select: {
      id: true,
      name: true,
      status: true,
      policy: true,
      createdAt: true,
      predecessorId: true,
      successor: { select: { id: true } },
      lastUsedAt: true,
      lastUsedFrom: true,
      lastUsedCall: true,
    },
  });
  return rows.map(({ id, name, status, createdAt, predecessorId, ...row }) => {
    const policy = readStoredPolicy(row.policy);
    return {
      id,
      name,
      isActive: status === "Active",
      policyName: policy && systemPolicyNameOf(policy),
      policyText: policyTextOf(policy ?? row.policy),
      isPolicyReadable: policy !== null,
      createdAt: createdAt.toISOString(),
      predecessorId,
      successorId: row.successor?.id ?? null,
      lastUse:
        row.lastUsedAt === null
          ? null
          : { at: row.lastUsedAt.toISOString(), from: row.lastUsedFrom ?? "", call: row.lastUsedCall ?? "" },
    };
  });
}

/**
 * Makes an access key of the account for a client of its API. What it may do is the policy and nothing else. The entry in the audit is that
 * of the one reading of its secret, too.
 * @param name what it is for, in the words of who makes it
 */
export async function createAccessKey(
  scope: AccountScope,
  { name = null, policy }: { readonly name?: string | null; readonly policy: PolicyDocument },
): Promise<NewAccessKey> {
  return prisma().$transaction(async (tx) => {
    const key = await insertAccessKey(tx, scope, { name, policy });
    const policyName = systemPolicyNameOf(policy);
    await writeAuditEntry(tx, scope, { details: { accessKeyId: key.id, name, policyName, policy } });
    return key;
  });
}

/**
 * Makes a second key of the same name and policy for a client that has this one. Both can be used, until the old one is disabled or deleted,
 * so that the client can change over at its own time.
 * @throws DomainError AccessKeyNotFound, AccessKeyRotated, AccessKeyPolicyUnreadable
 */
export async function rotateAccessKey(scope: AccountScope, { accessKeyId }: AccessKeyRef): Promise<NewAccessKey> {
  return changeAccessKey<NewAccessKey>(scope, accessKeyId, async (tx, { name, stored, predecessorId, successorId }) => {
    if (!canRotate({ predecessorId, successorId })) {
      return { code: "AccessKeyRotated" };
    }
    const policy = readStoredPolicy(stored);
    if (policy === null) {
      return { code: "AccessKeyPolicyUnreadable" };
    }
    const key = await insertAccessKey(tx, scope, { name, policy, predecessorId: accessKeyId });
    return { done: key, details: { newAccessKeyId: key.id } };
  });
}

/** Gives a key another name and policy, which holds from the client's next request on. @throws DomainError AccessKeyNotFound */
export async function updateAccessKey(
  scope: AccountScope,
  { accessKeyId, name, policy }: UpdateAccessKeyInput,
): Promise<void> {
  await changeAccessKey(scope, accessKeyId, async (tx, before) => {
    await tx.accessKey.update({ where: { id: accessKeyId }, data: { name, policy } });
    const policyName = systemPolicyNameOf(policy);
    return { done: undefined, details: { name, policyName, policy, policyBefore: before.stored } };
  });
}

/** Refuses every request that is signed with the key from now on. @throws DomainError AccessKeyNotFound */
export async function disableAccessKey(scope: AccountScope, { accessKeyId }: AccessKeyRef): Promise<void> {
  await setStatus(scope, accessKeyId, "Inactive");
}

/** Takes requests of a disabled key again. @throws DomainError AccessKeyNotFound */
export async function enableAccessKey(scope: AccountScope, { accessKeyId }: AccessKeyRef): Promise<void> {
  await setStatus(scope, accessKeyId, "Active");
}

/** Takes a key away for good, with its secret. @throws DomainError AccessKeyNotFound */
export async function deleteAccessKey(scope: AccountScope, { accessKeyId }: AccessKeyRef): Promise<void> {
  await changeAccessKey(scope, accessKeyId, async (tx) => {
    await tx.accessKey.delete({ where: { id: accessKeyId } });
    return { done: undefined };
  });
}

const KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Ids of 24 and secrets of 30 letters and digits, as the vendor's: clients check the shape. 30 of them are 178 bits. */
export function makeAccessKey(): NewAccessKey {
  return { id: `LTAI${randomText(20)}`, secret: randomText(30) };
}

/** The secret as the key's row holds it. */
export function encryptNewSecret({ id, secret }: NewAccessKey): string {
  return encryptSecret(secret, { purpose: "access-key", rowId: id });
}

function randomText(length: number): string {
  return Array.from({ length }, () => KEY_ALPHABET[randomInt(KEY_ALPHABET.length)]).join("");
}

async function insertAccessKey(
  tx: Transaction,
  { accountId }: AccountScope,
  fields: { readonly name: string | null; readonly policy: PolicyDocument; readonly predecessorId?: string },
): Promise<NewAccessKey> {
  const key = makeAccessKey();
  await tx.accessKey.create({ data: { id: key.id, accountId, secretCiphertext: encryptNewSecret(key), ...fields } });
  return key;
}

async function setStatus(scope: AccountScope, accessKeyId: string, status: "Active" | "Inactive"): Promise<void> {
  await changeAccessKey(scope, accessKeyId, async (tx) => {
    await tx.accessKey.update({ where: { id: accessKeyId }, data: { status } });
    return { done: undefined };
  });
}

/** A key as it is before a change. Its policy is as it is stored: a key must not be kept from being disabled because nobody can read it. */
type ChangedKey = KeyPair & { readonly name: string | null; readonly stored: Prisma.JsonValue };

/** What became of a change: what it gives, and what the audit says of it beside the key; or why it was refused. */
type Change<Done> =
  | { readonly done: Done; readonly details?: Prisma.InputJsonObject }
  | { readonly code: DomainErrorCode };

/**
 * Does the work on a key of the account in one transaction with its entry in the audit, unless it answers with a refusal. Another account's
 * key, and one of the built-in log service, is not there.
 */
async function changeAccessKey<Done>(
  scope: AccountScope,
  accessKeyId: string,
  work: (tx: Transaction, key: ChangedKey) => Promise<Change<Done>>,
): Promise<Done> {
  const change = await prisma().$transaction(async (tx): Promise<Change<Done>> => {
    const key = await findLocked(tx, scope, accessKeyId);
    if (key === null) {
      return { code: "AccessKeyNotFound" };
    }
    const changed = await work(tx, key);
    if ("done" in changed) {
      await writeAuditEntry(tx, scope, { details: { accessKeyId, ...changed.details } });
    }
    return changed;
  });
  if ("code" in change) {
    throw await auditRefusal(scope, new DomainError(change.code), { details: { accessKeyId } });
  }
  return change.done;
}

/** Locked in a statement of its own: one that also read would not see what it has waited for, such as another rotation's new key. */
async function findLocked(tx: Transaction, { accountId }: AccountScope, id: string): Promise<ChangedKey | null> {
  await tx.$queryRaw`SELECT "id" FROM "access_key" WHERE "id" = ${id} AND "account_id" = ${accountId} FOR UPDATE`;
  const row = await tx.accessKey.findFirst({
    where: { id, accountId, logProject: null },
    select: { name: true, policy: true, predecessorId: true, successor: { select: { id: true } } },
  });
  return (
    row && {
      name: row.name,
      stored: row.policy,
      predecessorId: row.predecessorId,
      successorId: row.successor?.id ?? null,
    }
  );
}
