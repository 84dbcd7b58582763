import "server-only";
import { parseSetCookieHeader, toCookieOptions } from "better-auth/cookies";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { ACCOUNT_COOKIE, ACCOUNT_COOKIE_TLS, ACCOUNT_HEADER } from "@/domain/access/account-choice.ts";
import type { RamAction } from "@/domain/access/action.ts";
import { isAllowed } from "@/domain/access/policy.ts";
import { ROLE_POLICIES } from "@/domain/access/role.ts";
import { type LinkPage, linkTokenSchema } from "@/domain/access/schema.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { owesSecondFactor } from "@/domain/access/second-factor.ts";
import { DomainError } from "@/domain/errors.ts";
import { auditPersonal } from "@/server/access/audit.ts";
import { auth } from "@/server/access/auth.ts";
import { clientAddressOf } from "@/server/access/client-address.ts";
import { linkCookie } from "@/server/access/links.ts";
import { auditMemberRequest, scopeForMember } from "@/server/access/member-gate.ts";
import { isRecent, type SignedInPerson } from "@/server/access/person.ts";
import type { Membership } from "@/server/access/queries.ts";
import { findHeldSession, noteSessionUse } from "@/server/access/sessions.ts";
import { countTry, type TryLimit } from "@/server/access/tries.ts";
import { env, isPublicTls } from "@/server/env.ts";
import { log } from "@/server/log.ts";

/** Who is signed in, with their place in the account that they have chosen; `membership` is null for a person who has none. */
export type Person = SignedInPerson & {
  readonly membership: Membership | null;
  /** Whether this session opens nothing until the person has set up an authenticator: the gates below hold to it. */
  readonly owesSecondFactor: boolean;
};

/** A person who has a place in the account. */
export type Member = SignedInPerson & { readonly membership: Membership };

/** The request carries no session that still holds. */
export class SessionEndedError extends Error {
  override readonly name = "SessionEndedError";
}

/** The person behind the request, or null; read once per page. */
export const findPerson = cache(async (): Promise<Person | null> => {
  // Read first: a build, which has no requests and no settings, stops here and leaves the page to be drawn on request.
  const asked = await headers();
  const token = await auth().api.readSessionToken({ headers: asked });
  const chosen = (await cookies()).get(accountCookie())?.value ?? null;
  const session = token === null ? null : await findHeldSession(token, chosen);
  if (session === null) {
    return null;
  }
  const { userId, email, sessionId, confirmedAt, membership } = session;
  return {
    userId,
    email,
    sessionId,
    confirmedAt,
    from: clientAddressOf(asked),
    membership,
    owesSecondFactor: owesSecondFactor(env().SECOND_FACTOR, session),
  };
});

/**
 * The gate of server actions and polling routes: a scope for one thing in the account that the signed-in person has chosen. A page that was
 * drawn for one account says so with its requests, so that a choice made in another tab changes nothing that this one does.
 * @param person who has been found already: outside a page each search asks the database
 * @throws SessionEndedError without a session. @throws DomainError NoPermission when the role does not allow it, AccountSwitched,
 *   SecondFactorRequired.
 */
export async function requireScope(action: RamAction, person?: Person): Promise<AccountScope> {
  const { membership, from } = await requireMember(person);
  return scopeForMember(membership, action, from);
}

/** An open page asks every few seconds, and is refused each time: one entry a minute says as much. */
const POLL_NOTES: TryLimit = { max: 0, windowS: 60 };

/**
 * As requireScope, for what asks by itself what the role allows. Refusals are in the audit.
 * @throws SessionEndedError without a session. @throws DomainError NoPermission for a person without an account, AccountSwitched,
 *   SecondFactorRequired.
 */
export async function requireMember(known?: Person): Promise<Member> {
  const asking = known ?? (await requireSession());
  const { membership, ...person } = asking;
  if (membership === null) {
    await noteNoPlace(asking);
    throw new DomainError("NoPermission");
  }
  const drawnFor = (await headers()).get(ACCOUNT_HEADER);
  if (drawnFor !== null && drawnFor !== membership.accountId) {
    const refusal = new DomainError("AccountSwitched");
    const path = await requestedPath();
    if ((await countTry(["account-switched", person.sessionId, path], POLL_NOTES)) === "first-refused") {
      await auditMemberRequest(membership, person.from, refusal, path);
    }
    throw refusal;
  }
  return { ...person, membership };
}

/**
 * Notes that somebody was refused who has no place in any account, in the audit of those that they are shut out of. Once for a page,
 * however many of its parts ask.
 */
export const noteNoPlace = cache(async ({ userId, email, from }: Person): Promise<void> => {
  const details = { path: await requestedPath() };
  await auditPersonal({ userId, email, from, action: "ConsoleRequest", errorCode: "NoPermission", details });
});

/**
 * Notes that somebody was refused who has yet to set up a second factor, in the audit of their accounts. Once for a page, however many of its
 * parts ask; of what is read again and again once a minute; of actions each.
 * @returns the refusal, to throw
 */
const noteOwing = cache(async ({ userId, email, from, sessionId }: Person): Promise<DomainError> => {
  const refusal = new DomainError("SecondFactorRequired");
  const path = await requestedPath();
  const isAction = (await headers()).has("next-action");
  if (isAction || (await countTry(["second-factor", sessionId, path], POLL_NOTES)) === "first-refused") {
    await auditPersonal({ userId, email, from, action: "ConsoleRequest", errorCode: refusal.code, details: { path } });
  }
  return refusal;
});

/** What the browser asked for, without the query, which may hold the secret of a link. */
export async function requestedPath(): Promise<string> {
  return (await headers()).get("x-requested-path")?.split("?")[0] ?? "/";
}

/**
 * The gate of what people do for themselves, whatever their role. A refusal of nobody belongs to no account: it is in the log.
 * @throws SessionEndedError without a session. @throws DomainError SecondFactorRequired
 */
export async function requireSession(): Promise<Person> {
  const person = await findPerson();
  if (person === null) {
    log.info(
      { path: await requestedPath(), from: clientAddressOf(await headers()) },
      "request without a session refused",
    );
    throw new SessionEndedError();
  }
  if (person.owesSecondFactor) {
    throw await noteOwing(person);
  }
  return person;
}

/**
 * For what opens more than a session should: inviting people, changing roles. Holds for ten minutes after a sign-in, or after the person
 * has confirmed that it is they. Call it after requireScope, as runFreshAction does.
 * @throws DomainError ReauthenticationRequired, which the browser answers by asking
 *   (app/(console)/_components/use-confirmed-action.tsx).
 */
export function requireFreshSession({ confirmedAt }: Person): void {
  if (!isRecent(confirmedAt)) {
    throw new DomainError("ReauthenticationRequired");
  }
}

/** The way over a page where something has to be done first, and on from there (next-path.ts). */
export function wayBy(page: "/sign-in" | "/authenticator", next: string): string {
  return `${page}?next=${encodeURIComponent(next)}`;
}

/** Notes that a person asked for this page, and not it by itself; once, however many of its parts ask who it is. */
const notePageUse = cache(noteSessionUse);

/**
 * The signed-in person; without one, the way to sign-in, and from there back to the page that was asked for. The same by way of setting up a
 * second factor for who has yet to.
 */
export async function requirePerson(): Promise<Person> {
  const person = await findPerson();
  const path = (await headers()).get("x-requested-path") ?? "/";
  if (person === null) {
    redirect(wayBy("/sign-in", path));
  }
  if (person.owesSecondFactor) {
    await noteOwing(person);
    redirect(wayBy("/authenticator", path));
  }
  await notePageUse(person.sessionId);
  return person;
}

/** Chooses the account that this browser works in, from its next request on. */
export async function chooseAccount(accountId: string): Promise<void> {
  const attributes = { httpOnly: true, sameSite: "lax", secure: isPublicTls(), path: "/" } as const;
  (await cookies()).set(accountCookie(), accountId, attributes);
}

/**
 * Keeps this browser one of the person's, known under their new password; all others are strangers' until they have signed in with it. Never
 * rejects: the password is changed, whatever becomes of this.
 */
export async function rememberBrowser({ email }: SignedInPerson): Promise<void> {
  try {
    const answer = { body: { email }, headers: await headers(), returnHeaders: true } as const;
    const { headers: answered } = await auth().api.rememberBrowser(answer);
    const store = await cookies();
    for (const [name, cookie] of parseSetCookieHeader(answered.get("set-cookie") ?? "")) {
      store.set(name, cookie.value, toCookieOptions(cookie));
    }
  } catch (error) {
    log.warn({ err: error }, "a browser is not remembered under its person's new password");
  }
}

function accountCookie(): string {
  return isPublicTls() ? ACCOUNT_COOKIE_TLS : ACCOUNT_COOKIE;
}

/**
 * The secret of the link that has led here: from its fragment, which the page has handed in, by way of a cookie; of links from before that,
 * which hold for a week, from the query.
 */
export async function findLinkToken(page: LinkPage, inQuery: unknown): Promise<string | undefined> {
  const { createAuthCookie } = await auth().$context;
  const handedIn = (await cookies()).get(createAuthCookie(linkCookie(page)).name)?.value;
  return linkTokenSchema.safeParse(inQuery ?? handedIn).data;
}

/** The request's headers, for what asks better-auth with them. */
export async function requestHeaders(): Promise<Headers> {
  return headers();
}

/** Whether to offer something to the signed-in person. It decides what a screen shows; the gates decide what is done. */
export async function isOffered(action: RamAction): Promise<boolean> {
  const membership = (await findPerson())?.membership;
  return membership ? isAllowed([ROLE_POLICIES[membership.role]], action, "*") : false;
}
