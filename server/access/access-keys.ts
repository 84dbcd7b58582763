import "server-only";
import { randomInt } from "node:crypto";
import type { PolicyDocument } from "@/domain/access/policy.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { prisma } from "@/server/db.ts";
import { writeAuditEntry } from "./audit.ts";
import { encryptSecret } from "./secrets.ts";

/** An id and a secret that no key has. The secret is shown once, to whom it is made for, and stored only encrypted. */
export type NewAccessKey = { readonly id: string; readonly secret: string };

/**
 * Makes an access key of the account for a client of its API. What it may do is the policy and nothing else.
 * @param policyName how the policy is named in the audit, which holds the document too
 */
export async function createAccessKey(
  scope: AccountScope,
  { policy, policyName }: { readonly policy: PolicyDocument; readonly policyName: string },
): Promise<NewAccessKey> {
  const key = makeAccessKey();
  await prisma().$transaction(async (tx) => {
    await tx.accessKey.create({
      data: { id: key.id, accountId: scope.accountId, secretCiphertext: encryptNewSecret(key), policy },
    });
    await writeAuditEntry(tx, scope, { details: { accessKeyId: key.id, policyName, policy } });
  });
  return key;
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
