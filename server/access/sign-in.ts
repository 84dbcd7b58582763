import "server-only";
import type { GenericEndpointContext } from "better-auth";
import { APIError } from "better-auth/api";
import { clientNetwork } from "@/domain/network/address-range.ts";
import { prisma } from "@/server/db.ts";
import { log } from "@/server/log.ts";
import { auditPersonal } from "./audit.ts";
import { clientAddressOf } from "./client-address.ts";
import { findKnownBrowser, findKnownLane } from "./known-device.ts";
import { countTry, type TryLimit } from "./tries.ts";

const MINUTE_S = 60;

/**
 * Per client address, of IPv6 per network, for each thing that is counted by address: what somebody tries of one keeps nobody behind the same
 * address from another. More than a person mistypes, and enough for an office behind one address.
 */
const ADDRESS_LIMIT: TryLimit = { max: 30, windowS: MINUTE_S };

/** Per person and address, and so small a part of the next that one address alone cannot use it up for all others. */
const PERSON_AT_ADDRESS_LIMIT: TryLimit = { max: 5, windowS: MINUTE_S };

/**
 * Per person, from all browsers that have not been theirs. More would let many addresses together guess at one password. Four addresses are enough to
 * use it up, and no number would be out of reach of somebody with many: what they cannot keep a person from is a link for a new password, by mail or
 * from an admin, which makes the browser theirs where it is used.
 */
const PERSON_LIMIT: TryLimit = { max: 20, windowS: MINUTE_S };

/** Per lane of browsers that have been the person's, of which there are three (known-device.ts): what strangers try does not count here. */
const LANE_LIMIT: TryLimit = { max: 10, windowS: MINUTE_S };

/**
 * Per person and lane, for who knows the password already: three codes of a million hold at a time, so that strangers who try all day have a
 * chance of three in a thousand together. Each of the three lanes of known browsers adds as much, but only for who has got past the same
 * authenticator in one of them before: at most about one in a hundred for everybody together.
 */
const CODE_LIMIT: TryLimit = { max: 10, windowS: 15 * MINUTE_S };

/** An authenticator's code can be used for a minute and a half: its own half minute and one before and after. */
const USED_CODE_LIMIT: TryLimit = { max: 1, windowS: 3 * MINUTE_S };

/**
 * Counts one try to sign in as this person.
 * @throws APIError TOO_MANY_REQUESTS; the first of a flood is in the audit of the person's accounts
 */
export async function limitSignIn(ctx: GenericEndpointContext, email: string): Promise<void> {
  const lane = await findKnownLane(ctx, email);
  if (lane !== null) {
    await limitPerson(ctx, email, ["sign-in", "known", email, lane], LANE_LIMIT);
    return;
  }
  await limitAddress(ctx, "password");
  const network = clientNetwork(clientAddressOf(ctx.headers) ?? "");
  await limitPerson(ctx, email, ["sign-in", email, network], PERSON_AT_ADDRESS_LIMIT);
  await limitPerson(ctx, email, ["sign-in", email], PERSON_LIMIT);
}

/**
 * Counts one request of single sign-on, of which nothing can be guessed: what is limited is what it costs us. A browser that somebody has signed in
 * with before has a count of its own, so that strangers behind the same address keep nobody out of it.
 * @throws APIError TOO_MANY_REQUESTS, as limitAddress
 */
export async function limitSingleSignOn(ctx: GenericEndpointContext): Promise<void> {
  const browser = await findKnownBrowser(ctx);
  await limitAddress(ctx, `single-sign-on ${ctx.path}`, browser);
}

/**
 * Counts one try from the request's client address.
 * @param what is tried; each has its own count
 * @param browser is counted by itself instead, where it is known
 * @throws APIError TOO_MANY_REQUESTS; the first of a flood is in the log, because an address belongs to no account
 */
export async function limitAddress(
  ctx: GenericEndpointContext,
  what: string,
  browser: string | null = null,
): Promise<void> {
  const address = clientAddressOf(ctx.headers);
  if (address === null) {
    return;
  }
  const by = browser === null ? ["address", clientNetwork(address)] : ["browser", browser];
  const outcome = await countTry([...by, what], ADDRESS_LIMIT);
  if (outcome === "first-refused") {
    log.warn({ from: address, path: ctx.path, errorCode: "TOO_MANY_REQUESTS" }, "too many tries from one address");
  }
  if (outcome !== "allowed") {
    throw tooMany(ADDRESS_LIMIT.windowS);
  }
}

/** Counts one try of a second factor, of whoever has the password already. @throws APIError TOO_MANY_REQUESTS */
export async function limitCode(ctx: GenericEndpointContext, email: string): Promise<void> {
  const lane = await findKnownLane(ctx, email);
  await limitPerson(ctx, email, ["code", email, lane ?? "strangers"], CODE_LIMIT);
}

/** Whether this code of the person's authenticator is tried for the first time while it may hold. */
export async function isUnusedCode(userId: string, code: string): Promise<boolean> {
  return (await countTry(["used-code", userId, code], USED_CODE_LIMIT)) === "allowed";
}

async function limitPerson(
  ctx: GenericEndpointContext,
  email: string,
  what: readonly string[],
  limit: TryLimit,
): Promise<void> {
  const outcome = await countTry(what, limit);
  if (outcome === "first-refused") {
    await auditSignIn(email, clientAddressOf(ctx.headers), "TOO_MANY_REQUESTS");
  }
  if (outcome !== "allowed") {
    throw tooMany(limit.windowS);
  }
}

function tooMany(retryAfterS: number): APIError {
  return new APIError(
    "TOO_MANY_REQUESTS",
    { code: "TOO_MANY_REQUESTS", message: "Too many requests. Please try again later." },
    { "x-retry-after": String(retryAfterS) },
  );
}

/**
 * Notes a sign-in, or with an error code a failed one, in the audit of each account of the person. A try under an address
 * that nobody has belongs to no account and is in the log, without what was typed: it may be a password in the wrong field.
 */
export async function auditSignIn(email: string, from: string | null, errorCode: string | null): Promise<void> {
  const user = await prisma().user.findUnique({ where: { email }, select: { id: true } });
  if (user === null) {
    log.info({ action: "ConsoleSignin", errorCode, from }, "sign-in refused under an address that nobody has");
    return;
  }
  await auditPersonal({
    userId: user.id,
    email,
    from,
    action: "ConsoleSignin",
    errorCode,
    details: { loginAccount: email },
  });
}
