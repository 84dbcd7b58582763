import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { RamAction } from "@/domain/access/action.ts";
import { isAllowed } from "@/domain/access/policy.ts";
import { ROLE_POLICIES } from "@/domain/access/role.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { auth } from "@/server/access/auth.ts";
import { clientAddressOf } from "@/server/access/client-address.ts";
import { scopeForMember } from "@/server/access/member-gate.ts";
import { findMembership, type Membership } from "@/server/access/queries.ts";

/** Who is signed in, with their place in an account; `membership` is null for a person who has none. */
export type Person = { readonly email: string; readonly membership: Membership | null };

/** The request carries no session that still holds. */
export class SessionEndedError extends Error {
  override readonly name = "SessionEndedError";
}

/** The person behind the request, or null; read once per request. */
export const findPerson = cache(async (): Promise<Person | null> => {
  // Read first: a build, which has no requests and no settings, stops here and leaves the page to be drawn on request.
  const requestHeaders = await headers();
  const session = await auth().api.getSession({ headers: requestHeaders });
  return session && { email: session.user.email, membership: await findMembership(session.user.id) };
});

/**
 * The gate of server actions and polling routes: a scope for one thing in the account of the signed-in person.
 * @throws SessionEndedError without a session. @throws DomainError NoPermission when the role does not allow it.
 */
export async function requireScope(action: RamAction): Promise<AccountScope> {
  const { membership, from } = await requireMember();
  return scopeForMember(membership, action, from);
}

/** The signed-in person's place and address, for a gate that asks for what is allowed itself. @throws SessionEndedError */
export async function requireMember(): Promise<{ membership: Membership | null; from: string | null }> {
  const person = await findPerson();
  if (person === null) {
    throw new SessionEndedError();
  }
  return { membership: person.membership, from: clientAddressOf(await headers()) };
}

/** The signed-in person; without one, the way to sign-in and from there back to the page that was asked for. */
export async function requirePerson(): Promise<Person> {
  const person = await findPerson();
  if (person === null) {
    const path = (await headers()).get("x-requested-path") ?? "/";
    redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  }
  return person;
}

/** Whether to offer something to the signed-in person. It decides what a screen shows; the gates decide what is done. */
export async function isOffered(action: RamAction): Promise<boolean> {
  const membership = (await findPerson())?.membership;
  return membership ? isAllowed([ROLE_POLICIES[membership.role]], action, "*") : false;
}
