import "server-only";
import { createHash } from "node:crypto";
import type { GenericEndpointContext } from "better-auth";
import { prisma } from "@/server/db.ts";
import { findHeldSession } from "./sessions.ts";

/** Half a year: a browser that was not used for so long is as good as a stranger's. */
const KNOWN_MAX_AGE_S = 180 * 24 * 3_600;

/** Tells the cookie's value from every other that is signed with the same secret. */
const KIND = "known-device";

/** Of a person's browsers the first two, say a desk's and a phone's: each is counted by itself, whatever is tried in the others. */
const OWN_LANES = ["1", "2"] as const;

/** Of all later ones together: without it each complete sign-in would be ten more guesses. */
const SHARED_LANE = "later";

/**
 * By what the tries of the browser are counted, which has signed in completely as this person before; null for a stranger's. Nobody locks a
 * person out of their own browser by trying passwords in their name, and however many browsers are known, one person has three lanes. A
 * browser is known under one password and authenticator: with another of either, set, removed or reset, it is a stranger's until it has
 * signed in again. The cookie opens nothing.
 * Source: OWASP, slow down online guessing with device cookies.
 */
export async function findKnownLane(ctx: GenericEndpointContext, email: string): Promise<string | null> {
  const mark = await readMark(ctx);
  return mark === null ? null : laneUnder(mark, await digestOfProofs(email));
}

function laneUnder([proofs, lane]: readonly string[], present: string | null): string | null {
  return lane !== undefined && proofs === present ? lane : null;
}

/** What tells the browser from others, which has signed in completely as anybody before; null for a stranger's. Says nothing about who is there now. */
export async function findKnownBrowser(ctx: GenericEndpointContext): Promise<string | null> {
  return (await readMark(ctx))?.join("!") ?? null;
}

/** The digest and the lane of the browser's cookie. */
async function readMark(ctx: GenericEndpointContext): Promise<string[] | null> {
  const value = await ctx.getSignedCookie(cookieOf(ctx).name, ctx.context.secret);
  const [kind, ...mark] = value ? value.split("!") : [];
  return kind === KIND ? mark : null;
}

/**
 * Marks the browser that the answer goes to as one of this person's.
 * @param token of a sign-in's new session. One that began before all sessions of the person ended does not hold, and its browser has shown nothing
 *   that counts any more; what does is read first, so that it is no later than the session.
 */
export async function rememberDevice(ctx: GenericEndpointContext, email: string, token?: string): Promise<void> {
  const proofs = await digestOfProofs(email);
  if (proofs === null || (token !== undefined && (await findHeldSession(token, null)) === null)) {
    return;
  }
  const { name, attributes } = cookieOf(ctx);
  const mark = await readMark(ctx);
  const lane = await takeLane(proofs, mark && laneUnder(mark, proofs));
  await ctx.setSignedCookie(name, [KIND, proofs, lane].join("!"), ctx.context.secret, attributes);
}

/**
 * Which lanes are taken is in better-auth's table of what runs out, whose old rows it deletes. Of two browsers at once both may take the
 * same, which they share then.
 * @param present of a browser that is known already; it stays there
 */
async function takeLane(proofs: string, present: string | null): Promise<string> {
  const identifier = `${KIND}-${proofs}`;
  const taken = await prisma().verification.findMany({
    where: { identifier, expiresAt: { gt: new Date() } },
    select: { value: true },
  });
  const lane = present ?? OWN_LANES.find((own) => taken.every(({ value }) => value !== own)) ?? SHARED_LANE;
  if (lane !== SHARED_LANE) {
    const expiresAt = new Date(Date.now() + KNOWN_MAX_AGE_S * 1_000);
    const where = { identifier, value: lane };
    const { count } = await prisma().verification.updateMany({ where, data: { expiresAt } });
    if (count === 0) {
      await prisma().verification.create({ data: { ...where, expiresAt } });
    }
  }
  return lane;
}

function cookieOf(ctx: GenericEndpointContext) {
  return ctx.context.createAuthCookie("known_device", { maxAge: KNOWN_MAX_AGE_S });
}

/**
 * Of who a person is and by what they show it: changes with their password and their authenticator. Null where nobody has the address. The
 * cookie stays in browsers that others use, too; the password's salt, which no browser has, keeps it from saying who was there.
 */
async function digestOfProofs(email: string): Promise<string | null> {
  const user = await prisma().user.findUnique({
    where: { email },
    select: {
      id: true,
      twoFactorEnabled: true,
      twoFactor: { select: { id: true } },
      credentials: { where: { providerId: "credential" }, select: { password: true } },
    },
  });
  if (user === null) {
    return null;
  }
  // A row that no code has completed yet is no authenticator.
  const authenticator = user.twoFactorEnabled === true ? user.twoFactor?.id : null;
  const proofs = [user.id, user.credentials[0]?.password ?? null, authenticator ?? null];
  return createHash("sha256").update(JSON.stringify(proofs)).digest("base64url");
}
