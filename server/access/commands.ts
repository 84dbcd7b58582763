import "server-only";
import { randomInt } from "node:crypto";
import type { CreateMemberInput } from "@/domain/access/schema.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { prisma, type Transaction } from "@/server/db.ts";
import { auditRefusal, writeAuditEntry } from "./audit.ts";
import { hashNewPassword } from "./passwords.ts";

/**
 * Gives a person a role in the account. A person who is new to the installation is made with this password; one who is in
 * another account already keeps theirs, and `isNewPerson` is false. One transaction.
 * @throws DomainError MembershipAlreadyExists, also when another call made it just now; PasswordRefused
 */
export async function createMember(
  scope: AccountScope,
  input: CreateMemberInput,
): Promise<{ userId: string; isNewPerson: boolean }> {
  const details = { email: input.email, name: input.name, role: input.role };
  // Outside the transaction: it is slow on purpose.
  const passwordHash = await hashNewPassword(input.password, input);
  const member = await prisma().$transaction(async (tx) => {
    const person = await ensurePerson(tx, { ...input, isEmailVerified: true }, passwordHash);
    const { count } = await tx.membership.createMany({
      data: { userId: person.userId, accountId: scope.accountId, role: input.role },
      skipDuplicates: true,
    });
    if (count === 0) {
      return null;
    }
    await writeAuditEntry(tx, scope, { details });
    return person;
  });
  if (member === null) {
    throw await auditRefusal(scope, new DomainError("MembershipAlreadyExists"), { details });
  }
  return member;
}

/**
 * The person of this address. The insert that does nothing for a known one waits for another that is making it, so that of
 * two calls at once one makes the person and the other finds it.
 *
 * Written past better-auth's internal adapter, which cannot take part in our transaction; a test compares its tables.
 * @param person `isEmailVerified` lets who comes by single sign-on under this address in as this person
 */
export async function ensurePerson(
  tx: Transaction,
  {
    email,
    name,
    isEmailVerified,
  }: { readonly email: string; readonly name: string; readonly isEmailVerified: boolean },
  passwordHash: string,
): Promise<{ userId: string; isNewPerson: boolean }> {
  const [made] = await tx.user.createManyAndReturn({
    data: { email, name, emailVerified: isEmailVerified },
    select: { id: true },
    skipDuplicates: true,
  });
  if (made === undefined) {
    const { id } = await tx.user.findUniqueOrThrow({ where: { email }, select: { id: true } });
    return { userId: id, isNewPerson: false };
  }
  await tx.credential.create({
    data: { userId: made.id, accountId: made.id, providerId: "credential", password: passwordHash },
  });
  return { userId: made.id, isNewPerson: true };
}

/** Without 0, O, 1, l and I, which people mistake for each other when they copy it by hand. */
const PASSWORD_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

/** 20 characters of 57: 116 bits, out of reach of guessing even for who has the hash. */
const PASSWORD_LENGTH = 20;

/** A password to be shown once and stored nowhere but as a hash. */
export function generatePassword(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => PASSWORD_ALPHABET[randomInt(PASSWORD_ALPHABET.length)]).join("");
}
