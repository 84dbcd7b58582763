import "server-only";
import type { LinkDto, MemberRef, ResetPasswordInput } from "@/domain/access/schema.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { prisma, type Transaction } from "@/server/db.ts";
import { auditingRefusal, writeAuditEntry, writePersonalEntry } from "./audit.ts";
import { linkPath, linkTokenHash, makeLinkToken } from "./links.ts";
import { mailLink } from "./mail.ts";
import { openToAdmin } from "./members.ts";
import { hashNewPassword } from "./passwords.ts";
import { deleteSessions } from "./sessions.ts";

/** Long enough to be handed over, short enough that it is used while somebody remembers why it was made. */
export const RESET_MS = 60 * 60_000;

/**
 * A link with which a member sets a new password, once and within an hour. It is answered once, for the admin to hand over, and
 * replaces an earlier one of an admin.
 * @throws DomainError MemberNotFound, PersonOfOtherAccounts
 */
export async function createPasswordReset(scope: AccountScope, { userId }: MemberRef): Promise<LinkDto> {
  const { email } = await openToAdmin(scope, userId);
  const made = await prisma().$transaction(async (tx) => {
    await writeAuditEntry(tx, scope, { details: { email } });
    return await storeReset(tx, { userId, isRequested: false });
  });
  return { ...made, isMailed: await mailReset(email, made.path) };
}

/**
 * Mails a link with which the person of this address sets a new password. It replaces an earlier one that was asked for, and none that an admin
 * has made: whoever asks has shown nothing but that they know the address. Says nothing about whether there is one. When it resolves the
 * mail is on its way or not going to be sent.
 */
export async function requestPasswordReset(email: string, from: string | null): Promise<void> {
  const user = await prisma().user.findUnique({ where: { email }, select: { id: true } });
  if (user === null) {
    return;
  }
  const { path } = await prisma().$transaction(async (tx) => {
    await writePersonalEntry(tx, { userId: user.id, email, from, action: "backtrail:RequestPasswordReset" });
    return await storeReset(tx, { userId: user.id, isRequested: true });
  });
  await mailReset(email, path);
}

/** Whether the link of this token can be used now. */
export async function isOpenReset(token: string): Promise<boolean> {
  return (
    (await prisma().passwordReset.count({
      where: { tokenHash: linkTokenHash(token), expiresAt: { gt: new Date() } },
    })) > 0
  );
}

/**
 * Sets the password that the link of a token is for, and ends all of the person's sessions and their other link. One transaction: of two uses, also
 * of both links, one finds its link gone. An authenticator stays, so that a link alone opens nothing. A refusal is in the audit of the accounts of the person whom the
 * link is for, as long as there is a row to say so; an expired one says it, too.
 * @throws DomainError PasswordResetNotFound, PasswordRefused
 */
export async function resetPassword(
  { token, password }: ResetPasswordInput,
  from: string | null,
): Promise<{ readonly email: string }> {
  const tokenHash = linkTokenHash(token);
  const found = await prisma().passwordReset.findUnique({
    where: { tokenHash },
    include: { user: { select: { email: true } } },
  });
  if (found === null) {
    throw new DomainError("PasswordResetNotFound");
  }
  const { userId, user, expiresAt } = found;
  const entry = { userId, email: user.email, from, action: "backtrail:ResetPassword" } as const;
  await auditingRefusal(entry, async () => {
    if (expiresAt <= new Date()) {
      throw new DomainError("PasswordResetNotFound");
    }
    const hash = await hashNewPassword(password, user);
    await prisma().$transaction(async (tx) => {
      // Both are locked in one order before either goes, so that of two uses of both one waits for the other.
      const [used] = await tx.$queryRaw<object[]>`
        WITH theirs AS (SELECT token_hash, expires_at FROM password_reset WHERE user_id = ${userId}::uuid ORDER BY is_requested FOR UPDATE)
        SELECT 1 FROM theirs WHERE token_hash = ${tokenHash} AND expires_at > now()`;
      if (used === undefined) {
        throw new DomainError("PasswordResetNotFound");
      }
      await tx.passwordReset.deleteMany({ where: { userId } });
      await storePassword(tx, userId, hash);
      const endedSessions = await deleteSessions(tx, userId);
      await writePersonalEntry(tx, { ...entry, details: { endedSessions } });
    });
  });
  return user;
}

/** A person who came by single sign-on has had no password so far. */
async function storePassword(tx: Transaction, userId: string, password: string): Promise<void> {
  const { count } = await tx.credential.updateMany({ where: { userId, providerId: "credential" }, data: { password } });
  if (count === 0) {
    await tx.credential.create({ data: { userId, accountId: userId, providerId: "credential", password } });
  }
}

/** Of each person one link at a time for each of the two ways to come by it. */
async function storeReset(
  tx: Transaction,
  place: { readonly userId: string; readonly isRequested: boolean },
): Promise<{ readonly path: string; readonly expiresAt: string }> {
  const { token, hash } = makeLinkToken();
  const fields = { tokenHash: hash, createdAt: new Date(), expiresAt: new Date(Date.now() + RESET_MS) };
  await tx.passwordReset.upsert({
    where: { userId_isRequested: place },
    create: { ...place, ...fields },
    update: fields,
  });
  return { path: linkPath("reset-password", token), expiresAt: fields.expiresAt.toISOString() };
}

function mailReset(to: string, path: string): Promise<boolean> {
  return mailLink({
    to,
    subject: "Backtrail: set a new password",
    sentences: [
      "With this link you set a new password. It works once, within an hour. If you did not ask for it, leave it: nothing changes.",
      "您可以通过此链接设置新密码。链接在一小时内有效，只能使用一次。如果不是您本人请求的，请忽略：不会有任何更改。",
    ],
    path,
  });
}
