import "server-only";
import { createHash } from "node:crypto";
import { pool, prisma } from "@/server/db.ts";
import { writeSignIn } from "./audit.ts";

/**
 * Tries per e-mail address and minute from places unknown to it. Far fewer would stop a person who mistypes; far more would
 * let many addresses together guess at one password.
 */
const TRIES_PER_EMAIL_MAX = 10;

/** No longer than better-auth's own longest window, or its pruning of the table would forget the count before its end. */
export const SIGN_IN_WINDOW_S = 60;

/**
 * Counts one try to sign in as this person and says whether it may go on. Beside better-auth's limit per client address, so
 * that many addresses cannot share the guessing. The clients that hold a session of the person are never refused here:
 * otherwise anybody could lock a person out by trying wrong passwords in their name.
 */
export async function maySignIn(email: string, clientAddress: string | null): Promise<boolean> {
  const tries = await countTry(email);
  return tries <= TRIES_PER_EMAIL_MAX || (await holdsSession(email, clientAddress));
}

/** One statement, so that parallel tries are counted one by one. `last_request` is the start of the window, in ms. */
async function countTry(email: string): Promise<number> {
  // A digest, because a client may send an address of any length.
  const key = `sign-in|${createHash("sha256").update(email).digest("hex")}`;
  const { rows } = await pool().query<{ count: number }>(
    `INSERT INTO rate_limit AS r (key, count, last_request) VALUES ($1, 1, $2)
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN r.last_request <= $3 THEN 1 ELSE r.count + 1 END,
       last_request = CASE WHEN r.last_request <= $3 THEN $2 ELSE r.last_request END
     RETURNING count`,
    [key, Date.now(), Date.now() - SIGN_IN_WINDOW_S * 1_000],
  );
  return rows[0]?.count ?? 0;
}

async function holdsSession(email: string, clientAddress: string | null): Promise<boolean> {
  if (clientAddress === null) {
    return false;
  }
  const session = await prisma().session.findFirst({
    where: { ipAddress: clientAddress, user: { email }, expiresAt: { gt: new Date() } },
    select: { id: true },
  });
  return session !== null;
}

/**
 * Notes a sign-in, or with an error code a failed one, in the audit of each account of the person. A try under an address
 * that nobody has belongs to no account and is left to the log.
 */
export async function auditSignIn(email: string, from: string | null, errorCode: string | null): Promise<void> {
  const user = await prisma().user.findUnique({ where: { email }, include: { memberships: true } });
  if (user !== null) {
    const actor = { type: "user", id: user.id, name: user.email, from } as const;
    await writeSignIn(
      user.memberships.map(({ accountId }) => accountId),
      actor,
      errorCode,
    );
  }
}
