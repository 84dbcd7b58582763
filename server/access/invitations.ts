import "server-only";
import type { Role } from "@/domain/access/role.ts";
import type {
  AcceptInvitationInput,
  CreateInvitationInput,
  InvitationDto,
  InvitationRef,
  LinkDto,
} from "@/domain/access/schema.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError, type DomainErrorCode } from "@/domain/errors.ts";
import { prisma, type Transaction } from "@/server/db.ts";
import { auditingRefusal, auditRefusal, writeAuditEntry, writePersonalEntry, writeRefusal } from "./audit.ts";
import { ensurePerson } from "./commands.ts";
import { linkPath, linkTokenHash, makeLinkToken } from "./links.ts";
import { mailLink } from "./mail.ts";
import { hashNewPassword } from "./passwords.ts";
import type { SignedInPerson } from "./person.ts";

/** Long enough for a week away, short enough that a link left lying about soon opens nothing. */
export const INVITATION_DAYS = 7;

const DAY_MS = 86_400_000;

/** What an invitation offers, to whom. */
export type OpenInvitation = {
  readonly email: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly role: Role;
  /** Whether somebody of this address is here already; they join as who they are. */
  readonly isKnownPerson: boolean;
};

/**
 * Invites a person into the account. The link holds for a week, is answered once and stored nowhere; inviting the same address again
 * makes another one in its place. It goes by mail as well, where a mail server is set.
 * @throws DomainError MembershipAlreadyExists
 */
export async function createInvitation(scope: AccountScope, { email, role }: CreateInvitationInput): Promise<LinkDto> {
  const details = { email, role };
  const { token, hash } = makeLinkToken();
  const expiresAt = new Date(Date.now() + INVITATION_DAYS * DAY_MS);
  const isMember = await prisma().membership.count({ where: { accountId: scope.accountId, user: { email } } });
  if (isMember > 0) {
    throw await auditRefusal(scope, new DomainError("MembershipAlreadyExists", { field: "email" }), { details });
  }
  const place = { accountId: scope.accountId, email };
  const fields = { role, tokenHash: hash, createdBy: scope.actor.name, createdAt: new Date(), expiresAt };
  const account = await prisma().$transaction(async (tx) => {
    await tx.invitation.upsert({
      where: { accountId_email: place },
      create: { ...place, ...fields },
      update: fields,
    });
    await writeAuditEntry(tx, scope, { details: { ...details, expiresAt: expiresAt.toISOString() } });
    return tx.account.findUniqueOrThrow({ where: { id: scope.accountId }, select: { name: true } });
  });
  const path = linkPath("invitation", token);
  const isMailed = await mailLink({
    to: email,
    subject: `Backtrail: invitation to ${account.name}`,
    sentences: [
      `${scope.actor.name} invites you to the account ${account.name} (${scope.accountId}). The link holds for ${INVITATION_DAYS} days.`,
      `${scope.actor.name} 邀请您加入账号 ${account.name}（${scope.accountId}）。链接在 ${INVITATION_DAYS} 天内有效。`,
    ],
    path,
  });
  return { path, expiresAt: expiresAt.toISOString(), isMailed };
}

/** Withdraws an invitation: its link opens nothing any more. @throws DomainError InvitationNotFound */
export async function deleteInvitation(scope: AccountScope, { email }: InvitationRef): Promise<void> {
  const isDeleted = await prisma().$transaction(async (tx) => {
    const { count } = await tx.invitation.deleteMany({ where: { accountId: scope.accountId, email } });
    if (count > 0) {
      await writeAuditEntry(tx, scope, { details: { email } });
    }
    return count > 0;
  });
  if (!isDeleted) {
    throw await auditRefusal(scope, new DomainError("InvitationNotFound"), { details: { email } });
  }
}

/** The account's open and expired invitations, by address. */
export async function listInvitations(scope: AccountScope): Promise<InvitationDto[]> {
  const rows = await prisma().invitation.findMany({ where: { accountId: scope.accountId }, orderBy: { email: "asc" } });
  return rows.map((row) => ({
    email: row.email,
    // Held by a check of the table.
    role: row.role as Role,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    isExpired: row.expiresAt <= new Date(),
  }));
}

/** What the link of this token offers, or null when it offers nothing any more. Who has the token may see it, and nobody else can. */
export async function findOpenInvitation(token: string): Promise<OpenInvitation | null> {
  const row = await prisma().invitation.findUnique({
    where: { tokenHash: linkTokenHash(token), expiresAt: { gt: new Date() } },
    include: { account: true },
  });
  if (row === null) {
    return null;
  }
  const isKnownPerson = (await prisma().user.count({ where: { email: row.email } })) > 0;
  return {
    email: row.email,
    accountId: row.accountId,
    accountName: row.account.name,
    role: row.role as Role,
    isKnownPerson,
  };
}

/**
 * Makes the invited person, with their place in the account. One transaction: of two uses of a link, one finds it gone. A refusal is in the
 * audit of the account that the link is of, as long as an invitation is there to say so.
 * @throws DomainError InvitationNotFound, also when the person is here already; PasswordRefused
 */
export async function acceptInvitation(
  input: AcceptInvitationInput,
  from: string | null,
): Promise<{ readonly userId: string; readonly email: string }> {
  try {
    return await makeInvited(input, from);
  } catch (thrown) {
    if (thrown instanceof DomainError) {
      await auditLinkRefusal(input.token, from, thrown.code);
    }
    throw thrown;
  }
}

async function makeInvited(
  { token, name, password }: AcceptInvitationInput,
  from: string | null,
): Promise<{ readonly userId: string; readonly email: string }> {
  const offered = await findOpenInvitation(token);
  if (offered === null || offered.isKnownPerson) {
    throw new DomainError("InvitationNotFound");
  }
  const passwordHash = await hashNewPassword(password, offered);
  return await prisma().$transaction(async (tx) => {
    const invitation = await useInvitation(tx, token);
    const { email } = invitation;
    // The link was in an admin's hands, too: who has it has not shown that the address is theirs, and must not meet its owner there later.
    const { userId, isNewPerson } = await ensurePerson(tx, { email, name, isEmailVerified: false }, passwordHash);
    if (!isNewPerson) {
      throw new DomainError("InvitationNotFound");
    }
    const person = { userId, email, from };
    await takePlaces(tx, person, [invitation]);
    return person;
  });
}

/** Nobody has shown who they are: the entry names whom the link is for, an expired one too. */
async function auditLinkRefusal(token: string, from: string | null, errorCode: DomainErrorCode): Promise<void> {
  const invitation = await prisma().invitation.findUnique({ where: { tokenHash: linkTokenHash(token) } });
  if (invitation !== null) {
    const { accountId, email, role } = invitation;
    await writeRefusal({
      accountId,
      actor: { type: "user", id: email, name: email, from },
      action: "backtrail:AcceptInvitation",
      errorCode,
      details: { email, role },
    });
  }
}

/**
 * Gives a person who is signed in the place that a link offers to their address. A refusal is in the audit of the accounts they have.
 * @throws DomainError InvitationNotFound, also for a link that was made for another address
 */
export async function acceptInvitationAs(
  person: SignedInPerson,
  token: string,
): Promise<{ readonly accountId: string }> {
  const join = async (tx: Transaction) => {
    const invitation = await useInvitation(tx, token);
    if (invitation.email !== person.email) {
      throw new DomainError("InvitationNotFound");
    }
    await takePlaces(tx, person, [invitation]);
    return { accountId: invitation.accountId };
  };
  return await auditingRefusal({ ...person, action: "backtrail:AcceptInvitation" }, () => prisma().$transaction(join));
}

/** Whether anybody has invited this address. */
export async function isInvited(email: string): Promise<boolean> {
  return (await prisma().invitation.count({ where: { email, expiresAt: { gt: new Date() } } })) > 0;
}

/**
 * Gives a person all places that their address is invited to. For who comes in by single sign-on, whose provider vouches for the
 * address: they need no link.
 */
export async function acceptInvitationsOf(userId: string, from: string | null): Promise<void> {
  await prisma().$transaction(async (tx) => {
    const { email } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
    const invitations = await tx.$queryRaw<UsedInvitation[]>`
      DELETE FROM invitation WHERE email = ${email} AND expires_at > now()
      RETURNING account_id AS "accountId", email, role`;
    await takePlaces(tx, { userId, email, from }, invitations);
  });
}

type UsedInvitation = { readonly accountId: string; readonly email: string; readonly role: string };

/** Takes the invitation away, so that its link is used up with the transaction that uses it. */
async function useInvitation(tx: Transaction, token: string): Promise<UsedInvitation> {
  const [invitation] = await tx.$queryRaw<UsedInvitation[]>`
    DELETE FROM invitation WHERE token_hash = ${linkTokenHash(token)} AND expires_at > now()
    RETURNING account_id AS "accountId", email, role`;
  if (invitation === undefined) {
    throw new DomainError("InvitationNotFound");
  }
  return invitation;
}

/** A person who got a place there meanwhile keeps it as it is; the audit says so, because the invitation is used up all the same. */
async function takePlaces(
  tx: Transaction,
  person: { readonly userId: string; readonly email: string; readonly from: string | null },
  invitations: readonly UsedInvitation[],
): Promise<void> {
  for (const { accountId, role } of invitations) {
    const place = { userId: person.userId, accountId };
    const { count } = await tx.membership.createMany({ data: { ...place, role }, skipDuplicates: true });
    const kept = count > 0 ? null : await tx.membership.findUnique({ where: { userId_accountId: place } });
    await writePersonalEntry(tx, {
      ...person,
      action: "backtrail:AcceptInvitation",
      details: { email: person.email, role, accountId, ...(kept && { roleKept: kept.role }) },
    });
  }
}
