import { randomUUID } from "node:crypto";
import type { Role } from "@/domain/access/role.ts";
import { auth } from "@/server/access/auth.ts";
import { createMember } from "@/server/access/commands.ts";
import type { Membership } from "@/server/access/queries.ts";
import { findHeldSession } from "@/server/access/sessions.ts";
import { prisma } from "@/server/db.ts";
import type { HistoryAccount } from "./history-account.ts";

export type Person = { readonly email: string; readonly password: string };

/** A new person with this role in the account. */
export async function addPerson(account: HistoryAccount, role: Role): Promise<Person> {
  const person = { email: `${role}-${randomUUID()}@backtrail.test`, password: randomUUID() };
  await createMember(account.scope("backtrail:CreateMember"), { ...person, name: role, role });
  return person;
}

/** Gives who is here already a place in the account as well. */
export async function addPlace(account: HistoryAccount, email: string, role: Role): Promise<void> {
  const input = { email, password: randomUUID(), name: role, role };
  await createMember(account.scope("backtrail:CreateMember"), input);
}

/** The cookies of a new session, as the browser would have got them for signing in. */
export async function createSession(person: Person): Promise<{ name: string; value: string }[]> {
  const { headers } = await auth().api.signInEmail({ body: person, headers: new Headers(), returnHeaders: true });
  return headers.getSetCookie().map((cookie) => {
    const [pair = ""] = cookie.split(";");
    const separator = pair.indexOf("=");
    return { name: pair.slice(0, separator), value: pair.slice(separator + 1) };
  });
}

/** The place that a session of this person opens, as the session's gate finds it, when its browser has chosen this account, or none. */
export async function findMembership(userId: string, chosenAccountId: string | null): Promise<Membership | null> {
  const { sessionEpoch: epoch } = await prisma().user.findUniqueOrThrow({ where: { id: userId } });
  const { id, token } = await prisma().session.create({
    data: { userId, epoch, token: randomUUID(), begunBy: "second-factor", expiresAt: new Date(Date.now() + 60_000) },
  });
  const session = await findHeldSession(token, chosenAccountId);
  await prisma().session.delete({ where: { id } });
  return session?.membership ?? null;
}
