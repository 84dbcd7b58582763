import "server-only";
import { isAPIError } from "better-auth/api";
import { verifyPassword } from "better-auth/crypto";
import { isSecondFactorRequired } from "@/domain/access/second-factor.ts";
import { DomainError } from "@/domain/errors.ts";
import { prisma } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { auditingRefusal, auditPersonal, writePersonalEntry } from "./audit.ts";
import { auth } from "./auth.ts";
import { hashNewPassword } from "./passwords.ts";
import type { SignedInPerson } from "./person.ts";
import { deleteSessions } from "./sessions.ts";
import { countTry, type TryLimit } from "./tries.ts";

/** Per session: enough to mistype, too few to guess. */
const CONFIRM_LIMIT: TryLimit = { max: 10, windowS: 15 * 60 };

const CODE = /^[0-9]{6}$/;

/**
 * Notes that the person has shown once more who they are: by their password, or by a code of their authenticator that was not used
 * before. Both outcomes are in the audit.
 * @param headers of the request, by which better-auth knows whose authenticator it is
 * @throws DomainError IdentityNotConfirmed, TooManyTries
 */
export async function confirmIdentity(person: SignedInPerson, proof: string, headers: Headers): Promise<void> {
  await limitProofs(person, "backtrail:ConfirmIdentity");
  // Of an authenticator that is only being set up better-auth would take the code as the one that completes it, and begin another session.
  const isByCode = CODE.test(proof) && (await hasTwoFactor(person));
  const isProof = isByCode ? await isCode(proof, headers) : await isOwnPassword(person, proof);
  if (!isProof) {
    throw await refusal(
      person,
      "backtrail:ConfirmIdentity",
      new DomainError("IdentityNotConfirmed", { field: "proof" }),
    );
  }
  await prisma().$transaction(async (tx) => {
    await tx.session.updateMany({ where: { id: person.sessionId }, data: { confirmedAt: new Date() } });
    await writePersonalEntry(tx, { ...person, action: "backtrail:ConfirmIdentity" });
  });
}

/**
 * Sets a new password and ends all other sessions of the person, in one transaction. Both outcomes are in the audit.
 * @throws DomainError PasswordMismatch, PasswordRefused, TooManyTries
 */
export async function changePassword(person: SignedInPerson, present: string, password: string): Promise<void> {
  await limitProofs(person, "backtrail:ChangePassword");
  if (!(await isOwnPassword(person, present))) {
    throw await refusal(person, "backtrail:ChangePassword", new DomainError("PasswordMismatch", { field: "present" }));
  }
  const hash = await auditingRefusal({ ...person, action: "backtrail:ChangePassword" }, () =>
    hashNewPassword(password, person),
  );
  await prisma().$transaction(async (tx) => {
    // In the order in which a reset changes them, so that of the two at once one waits for the other.
    await tx.passwordReset.deleteMany({ where: { userId: person.userId } });
    await tx.credential.updateMany({
      where: { userId: person.userId, providerId: "credential" },
      data: { password: hash },
    });
    const endedSessions = await deleteSessions(tx, person.userId, person.sessionId);
    await tx.session.updateMany({ where: { id: person.sessionId }, data: { confirmedAt: new Date() } });
    await writePersonalEntry(tx, { ...person, action: "backtrail:ChangePassword", details: { endedSessions } });
  });
}

type Proofs = {
  readonly hasPassword: boolean;
  readonly hasTwoFactor: boolean;
  /** Whether the authenticator is not theirs to remove, because the installation demands a second factor of them. */
  readonly isTwoFactorRequired: boolean;
  /** Those that are left. */
  readonly backupCodes: number;
};

/** How a person can show who they are, beside signing in again. */
export async function findProofs(person: SignedInPerson): Promise<Proofs> {
  const user = await prisma().user.findUniqueOrThrow({
    where: { id: person.userId },
    select: { twoFactorEnabled: true, credentials: { where: { providerId: "credential" }, select: { id: true } } },
  });
  const hasTwoFactor = user.twoFactorEnabled === true;
  const backupCodes = hasTwoFactor
    ? (await auth().api.viewBackupCodes({ body: { userId: person.userId } })).backupCodes.length
    : 0;
  const hasPassword = user.credentials.length > 0;
  const isTwoFactorRequired = isSecondFactorRequired(env().SECOND_FACTOR, { hasPassword });
  return { hasPassword, hasTwoFactor, isTwoFactorRequired, backupCodes };
}

/** What somebody shows who they are for. */
type ProvedAction = "backtrail:ConfirmIdentity" | "backtrail:ChangePassword";

async function limitProofs(person: SignedInPerson, action: ProvedAction): Promise<void> {
  const outcome = await countTry(["confirm", person.sessionId], CONFIRM_LIMIT);
  if (outcome === "first-refused") {
    throw await refusal(person, action, new DomainError("TooManyTries"));
  }
  if (outcome === "refused") {
    throw new DomainError("TooManyTries");
  }
}

async function hasTwoFactor({ userId }: SignedInPerson): Promise<boolean> {
  return (await prisma().user.count({ where: { id: userId, twoFactorEnabled: true } })) > 0;
}

async function isOwnPassword(person: SignedInPerson, password: string): Promise<boolean> {
  const credential = await prisma().credential.findFirst({
    where: { userId: person.userId, providerId: "credential" },
    select: { password: true },
  });
  const hash = credential?.password ?? null;
  return hash !== null && (await verifyPassword({ hash, password }));
}

/** The code passes the same hook as at sign-in, which refuses one that was used. */
async function isCode(code: string, headers: Headers): Promise<boolean> {
  try {
    await auth().api.verifyTOTP({ body: { code }, headers });
    return true;
  } catch (error) {
    if (isAPIError(error)) {
      return false;
    }
    throw error;
  }
}

async function refusal(person: SignedInPerson, action: ProvedAction, error: DomainError): Promise<DomainError> {
  await auditPersonal({ ...person, action, errorCode: error.code });
  return error;
}
