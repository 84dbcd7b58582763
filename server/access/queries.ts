import "server-only";
import type { Role } from "@/domain/access/role.ts";
import { owesSecondFactor, type SessionBeginning } from "@/domain/access/second-factor.ts";
import { pool, prisma } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { idleMinutesMax, SESSION_HOLDS } from "./sessions.ts";

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

/** A session's token, and the account that its browser has chosen, if any. */
export type PollerQuestion = { readonly token: string; readonly accountId: string | null };

export type Poller = Pick<Membership, "accountId" | "role">;

/** A row of findPollers; all of it null where there is no place. */
type PollerRow = {
  readonly account_id: string | null;
  readonly role: Role;
  readonly begun_by: SessionBeginning;
  readonly has_two_factor: boolean;
};

/**
 * Whom each session's token stands for at this moment, with the place that findMembership would find; null where it holds no longer, its person
 * has yet to set up a second factor, or there is none. In the questions' order. One statement over unique keys for all of them, because
 * every open console asks every few seconds. The tokens' cookies have to be checked before (web/shared-answers.ts).
 */
export async function findPollers(questions: readonly PollerQuestion[]): Promise<(Poller | null)[]> {
  const { rows } = await pool().query<PollerRow>({
    name: "find-pollers",
    text: `SELECT place.account_id, place.role, place.begun_by, place.has_two_factor
     FROM unnest($1::text[], $3::text[]) WITH ORDINALITY AS asked (token, account_id, position)
     LEFT JOIN LATERAL (
       SELECT m.account_id, m.role, s.begun_by, COALESCE(u.two_factor_enabled, false) AS has_two_factor
       FROM session s JOIN "user" u ON u.id = s.user_id JOIN membership m ON m.user_id = s.user_id
       WHERE s.token = asked.token AND ${SESSION_HOLDS} AND m.disabled_at IS NULL
       ORDER BY m.account_id = asked.account_id DESC NULLS LAST, m.account_id LIMIT 1
     ) place ON true ORDER BY asked.position`,
    values: [questions.map(({ token }) => token), idleMinutesMax(), questions.map(({ accountId }) => accountId)],
  });
  return rows.map(toPoller);
}

function toPoller(row: PollerRow): Poller | null {
  const session = { begunBy: row.begun_by, hasTwoFactor: row.has_two_factor };
  return row.account_id === null || owesSecondFactor(env().SECOND_FACTOR, session)
    ? null
    : { accountId: row.account_id, role: row.role };
}
