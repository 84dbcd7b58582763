import "server-only";
import type { Role } from "@/domain/access/role.ts";
import { owesSecondFactor, type SessionBeginning } from "@/domain/access/second-factor.ts";
import { pool, prisma } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { idleMinutesMax, placeByChoice, SESSION_HOLDS } from "./sessions.ts";

/** A person's place in one account. */
export type Membership = {
  readonly userId: string;
  readonly email: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly role: Role;
};

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
 * Whom each session's token stands for at this moment, with the place that findHeldSession would find; null where it holds no longer, its person
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
       FROM session s JOIN "user" u ON u.id = s.user_id JOIN LATERAL (${placeByChoice("asked.account_id")}) m ON true
       WHERE s.token = asked.token AND ${SESSION_HOLDS}
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
