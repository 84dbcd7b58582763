import "server-only";
import type { Role } from "@/domain/access/role.ts";
import { pool, prisma } from "@/server/db.ts";
import { idleMinutesMax } from "./sessions.ts";

/** A person's place in one account. */
export type Membership = {
  readonly userId: string;
  readonly email: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly role: Role;
};

/**
 * The person's place in this account; or, when none is named or they have none there, in the first of theirs by account id; null when they
 * have none at all. A place that they are shut out of is none. Part of the session's gate: it takes no scope, because scopes are
 * minted from what it finds.
 */
export async function findMembership(userId: string, accountId: string | null): Promise<Membership | null> {
  const { rows } = await pool().query<{ email: string; account_id: string; name: string; role: Role }>({
    name: "find-membership",
    text: `SELECT u.email, m.account_id, a.name, m.role FROM membership m
     JOIN "user" u ON u.id = m.user_id JOIN account a ON a.id = m.account_id
     WHERE m.user_id = $1::uuid AND m.disabled_at IS NULL ORDER BY m.account_id = $2 DESC NULLS LAST, m.account_id LIMIT 1`,
    values: [userId, accountId],
  });
  const [row] = rows;
  return row === undefined
    ? null
    : { userId, email: row.email, accountId: row.account_id, accountName: row.name, role: row.role };
}

/** The accounts that a person has a place in, by name. */
export async function listOwnAccounts(userId: string): Promise<{ readonly id: string; readonly name: string }[]> {
  return await prisma().account.findMany({
    where: { memberships: { some: { userId, disabledAt: null } } },
    select: { id: true, name: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
}

/**
 * Whom a session's token stands for at this moment, with the place that findMembership would find; null when it has ended, was idle for too
 * long, or there is none. One statement over unique keys, because every open console asks every few seconds. The token's cookie has to be
 * checked before (web/shared-answers.ts).
 */
export async function findPoller(
  token: string,
  accountId: string | null,
): Promise<Pick<Membership, "accountId" | "role"> | null> {
  const { rows } = await pool().query<{ account_id: string; role: Role }>({
    name: "find-poller",
    text: `SELECT m.account_id, m.role FROM session s JOIN membership m ON m.user_id = s.user_id
     WHERE s.token = $1 AND s.expires_at > now() AND s.last_used_at > now() - make_interval(mins => $2)
       AND m.disabled_at IS NULL
     ORDER BY m.account_id = $3 DESC NULLS LAST, m.account_id LIMIT 1`,
    values: [token, idleMinutesMax(), accountId],
  });
  const [row] = rows;
  return row === undefined ? null : { accountId: row.account_id, role: row.role };
}
