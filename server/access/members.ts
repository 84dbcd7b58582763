import "server-only";
import type { Role } from "@/domain/access/role.ts";
import type { MemberDto, MemberRef, MemberSessionRef, UpdateMemberInput } from "@/domain/access/schema.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { isSecondFactorRequired } from "@/domain/access/second-factor.ts";
import { DomainError, type DomainErrorCode } from "@/domain/errors.ts";
import type { Prisma } from "@/prisma/generated/client.ts";
import { pool, prisma, type Transaction } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { auditRefusal, writeAuditEntry } from "./audit.ts";
import { deleteSession, deleteSessions, listMemberSessions } from "./sessions.ts";

type MemberRow = {
  readonly user_id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly has_two_factor: boolean;
  readonly has_password: boolean;
  readonly disabled_at: Date | null;
};

/**
 * Everybody who has a place in the account, by address, with where they are signed in.
 * @param ownSessionId the session that asks; null where none does
 */
export async function listMembers(scope: AccountScope, ownSessionId: string | null = null): Promise<MemberDto[]> {
  const [{ rows }, sessionsOf] = await Promise.all([
    pool().query<MemberRow>(
      `SELECT m.user_id, u.email, u.name, m.role, COALESCE(u.two_factor_enabled, false) AS has_two_factor, m.disabled_at,
         EXISTS (SELECT 1 FROM credential c WHERE c.user_id = m.user_id AND c.provider_id = 'credential') AS has_password
       FROM membership m JOIN "user" u ON u.id = m.user_id WHERE m.account_id = $1 ORDER BY u.email`,
      [scope.accountId],
    ),
    listMemberSessions(scope, ownSessionId),
  ]);
  return rows.map((row) => {
    const sessions = sessionsOf.get(row.user_id) ?? [];
    return {
      userId: row.user_id,
      email: row.email,
      name: row.name,
      role: row.role,
      hasPassword: row.has_password,
      hasTwoFactor: row.has_two_factor,
      isTwoFactorRequired: isSecondFactorRequired(env().SECOND_FACTOR, { hasPassword: row.has_password }),
      isDisabled: row.disabled_at !== null,
      lastUsedAt:
        sessions
          .map(({ lastUsedAt }) => lastUsedAt)
          .toSorted()
          .at(-1) ?? null,
      sessions,
    };
  });
}

/** Gives a member another role, which holds from their next request on. @throws DomainError MemberNotFound, LastAdmin */
export async function updateMember(scope: AccountScope, { userId, role }: UpdateMemberInput): Promise<void> {
  await changeMember(scope, userId, { role }, async (tx, place, member) => {
    if (role !== "admin" && member.isLastAdmin) {
      return "LastAdmin";
    }
    await tx.membership.update({ where: { userId_accountId: place }, data: { role } });
    return null;
  });
}

/**
 * Shuts a member out of the account: their next request is refused. The sessions of somebody who may do nothing anywhere end as well.
 * @throws DomainError MemberNotFound, LastAdmin
 */
export async function disableMember(scope: AccountScope, { userId }: MemberRef): Promise<void> {
  await changeMember(scope, userId, {}, async (tx, place, member) => {
    if (member.isLastAdmin) {
      return "LastAdmin";
    }
    await tx.membership.update({ where: { userId_accountId: place }, data: { disabledAt: new Date() } });
    await endSessionsOfNobody(tx, userId);
    return null;
  });
}

/** Lets a member in again who was shut out, with the role that they had. @throws DomainError MemberNotFound */
export async function enableMember(scope: AccountScope, { userId }: MemberRef): Promise<void> {
  await changeMember(scope, userId, {}, async (tx, place) => {
    await tx.membership.update({ where: { userId_accountId: place }, data: { disabledAt: null } });
    return null;
  });
}

/** Takes a member's place in the account away. The person stays, and so do their places elsewhere. @throws DomainError MemberNotFound, LastAdmin */
export async function deleteMember(scope: AccountScope, { userId }: MemberRef): Promise<void> {
  await changeMember(scope, userId, {}, async (tx, place, member) => {
    if (member.isLastAdmin) {
      return "LastAdmin";
    }
    await tx.membership.delete({ where: { userId_accountId: place } });
    await endSessionsOfNobody(tx, userId);
    return null;
  });
}

/** Ends all sessions of a member, in every account: they sign in anew. @throws DomainError MemberNotFound */
export async function endMemberSessions(scope: AccountScope, { userId }: MemberRef): Promise<void> {
  await changeMember(scope, userId, {}, async (tx) => {
    await deleteSessions(tx, userId);
    return null;
  });
}

/**
 * Ends one session of a member, in every account; its next request is refused. The audit says which it was, by what was known of it.
 * @throws DomainError MemberNotFound; SessionNotFound, also for a session of somebody else
 */
export async function endMemberSession(scope: AccountScope, { userId, sessionId }: MemberSessionRef): Promise<void> {
  await changeMember(
    scope,
    userId,
    { sessionId },
    async (tx) => (await deleteSession(tx, userId, sessionId)) ?? "SessionNotFound",
  );
}

/**
 * Takes a member's authenticator away, for who has lost it and the backup codes: their password alone signs them in. Where a second factor is
 * required, it opens nothing then until they have set up another. An admin cannot take away their own that is required of them. All sessions of
 * the person end, in every account: whoever has the authenticator now may have begun one.
 * @throws DomainError MemberNotFound, PersonOfOtherAccounts, OwnSecondFactorRequired
 */
export async function removeMemberTwoFactor(scope: AccountScope, { userId }: MemberRef): Promise<void> {
  await openToAdmin(scope, userId);
  await changeMember(scope, userId, {}, async (tx) => {
    const hasPassword = (await tx.credential.count({ where: { userId, providerId: "credential" } })) > 0;
    if (scope.actor.id === userId && isSecondFactorRequired(env().SECOND_FACTOR, { hasPassword })) {
      return "OwnSecondFactorRequired";
    }
    await tx.twoFactor.deleteMany({ where: { userId } });
    await tx.user.update({ where: { id: userId }, data: { twoFactorEnabled: false } });
    return { endedSessions: await deleteSessions(tx, userId) };
  });
}

/**
 * A member whose whole person an admin may open, by a new password or without their authenticator: one who has places only in accounts
 * that this admin is an admin of. Otherwise an admin of one account would have a way into all others of everybody here. An operator at
 * the command line may do it all.
 * @throws DomainError MemberNotFound, PersonOfOtherAccounts
 */
export async function openToAdmin(scope: AccountScope, userId: string): Promise<{ readonly email: string }> {
  const member = await prisma().membership.findUnique({
    where: { userId_accountId: { userId, accountId: scope.accountId } },
    include: { user: { select: { email: true } } },
  });
  if (member === null) {
    throw await auditRefusal(scope, new DomainError("MemberNotFound"), { details: { userId } });
  }
  const { rows } = await pool().query<{ count: number }>(
    `SELECT count(*) FROM membership theirs WHERE theirs.user_id = $1::uuid AND NOT EXISTS (
       SELECT 1 FROM membership mine WHERE mine.user_id::text = $2 AND mine.account_id = theirs.account_id
         AND mine.role = 'admin' AND mine.disabled_at IS NULL)`,
    [userId, scope.actor.id],
  );
  if (scope.actor.type !== "command-line" && rows[0]?.count !== 0) {
    const details = { email: member.user.email };
    throw await auditRefusal(scope, new DomainError("PersonOfOtherAccounts"), { details });
  }
  return member.user;
}

type Member = { readonly isLastAdmin: boolean };
type Place = { readonly userId: string; readonly accountId: string };

/** What the audit says of a change beside the member, if anything; or the code of a refusal. */
type Change = Prisma.InputJsonObject | null | DomainErrorCode;

/** Does the work in one transaction with its entry in the audit, unless it answers with the code of a refusal. */
async function changeMember(
  scope: AccountScope,
  userId: string,
  asked: { readonly role?: Role; readonly sessionId?: string },
  work: (tx: Transaction, place: Place, member: Member) => Promise<Change>,
): Promise<void> {
  const place = { userId, accountId: scope.accountId };
  const { code, details } = await prisma().$transaction(async (tx) => {
    // Locked, so that of two admins who shut each other out one is left.
    const admins = await tx.$queryRaw<{ userId: string }[]>`
      SELECT user_id::text AS "userId" FROM membership
      WHERE account_id = ${scope.accountId} AND role = 'admin' AND disabled_at IS NULL ORDER BY user_id FOR UPDATE`;
    const member = await tx.membership.findUnique({
      where: { userId_accountId: place },
      include: { user: { select: { email: true } } },
    });
    if (member === null) {
      return { code: "MemberNotFound" as const, details: { userId, ...asked } };
    }
    const details = { email: member.user.email, roleBefore: member.role, ...asked };
    const isLastAdmin = admins.length === 1 && admins[0]?.userId === userId;
    const change = await work(tx, place, { isLastAdmin });
    if (typeof change === "string") {
      return { code: change, details };
    }
    await writeAuditEntry(tx, scope, { details: { ...details, ...change } });
    return { code: null, details };
  });
  if (code !== null) {
    throw await auditRefusal(scope, new DomainError(code), { details });
  }
}

/** Sessions of a person who may do nothing in any account. */
async function endSessionsOfNobody(tx: Transaction, userId: string): Promise<void> {
  if ((await tx.membership.count({ where: { userId, disabledAt: null } })) === 0) {
    await deleteSessions(tx, userId);
  }
}
