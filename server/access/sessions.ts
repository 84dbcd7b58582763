import "server-only";
import type { SessionDto } from "@/domain/access/schema.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import type { SessionBeginning } from "@/domain/access/second-factor.ts";
import { DomainError } from "@/domain/errors.ts";
import { pool, prisma, type Transaction } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { auditingRefusal, writePersonalEntry } from "./audit.ts";
import type { SignedInPerson } from "./person.ts";
import type { Membership } from "./queries.ts";

/** What better-auth calls a sign-in between password and code, in its table of what runs out; the row's value is the person's id. */
const CHALLENGE_PREFIX = "2fa-";

/** A use is noted once a minute at most: what is shown of it, and the time-out, need it no closer. */
const USE_NOTED_EVERY = "1 minute";

/** For so many minutes a session holds without being used. */
export function idleMinutesMax(): number {
  return env().SESSION_IDLE_MINUTES;
}

/**
 * SQL: whether session `s` of person `u` holds, with idleMinutesMax as `$2`. One that began before all sessions of its person ended does not,
 * however late it was stored (session-epoch.ts). One that began with a password alone holds no longer once the person has an authenticator:
 * whoever has it never showed a code, such as somebody who knew the password before it was set up.
 */
export const SESSION_HOLDS = `(s.expires_at > now() AND s.last_used_at > now() - make_interval(mins => $2) AND s.epoch = u.session_epoch
  AND (s.begun_by <> 'password' OR u.two_factor_enabled IS NOT TRUE))`;

/**
 * SQL: the place of session `s`'s person, its account and role, in the account that is chosen; or, when none is or they have none there, in the
 * first of theirs by account id. A place that they are shut out of is none.
 * @param chosen SQL of the account's id, null for none
 */
export function placeByChoice(chosen: string): string {
  return `SELECT account_id, role FROM membership WHERE user_id = s.user_id AND disabled_at IS NULL
    ORDER BY account_id = ${chosen} DESC NULLS LAST, account_id LIMIT 1`;
}

/** A session that holds, whose it is, and their place in the account that its browser has chosen; null for a person who has none at all. */
export type HeldSession = Pick<SignedInPerson, "userId" | "email" | "sessionId" | "confirmedAt"> & {
  readonly begunBy: SessionBeginning;
  readonly hasTwoFactor: boolean;
  readonly membership: Membership | null;
};

type HeldSessionRow = Omit<HeldSession, "membership"> &
  (Pick<Membership, "accountId" | "accountName" | "role"> | { readonly accountId: null });

/**
 * The session of this token, or null; one that holds no longer, for its age, for being idle or without the person's second factor, ends. Asks
 * for the session that holds and not for the one it has ended: of requests that come together only one ends it, and all are refused. The
 * token's cookie has to be checked before (readSessionToken in auth-endpoints.ts). Part of the session's gate: it takes no scope, because scopes
 * are minted from what it finds.
 * @param chosenAccountId null when none is
 */
export async function findHeldSession(token: string, chosenAccountId: string | null): Promise<HeldSession | null> {
  const { rows } = await pool().query<HeldSessionRow>({
    name: "find-held-session",
    text: `WITH ended AS (DELETE FROM session s USING "user" u WHERE u.id = s.user_id AND s.token = $1 AND NOT ${SESSION_HOLDS})
     SELECT s.id AS "sessionId", s.user_id AS "userId", u.email, s.confirmed_at AS "confirmedAt", s.begun_by AS "begunBy",
       COALESCE(u.two_factor_enabled, false) AS "hasTwoFactor", a.id AS "accountId", a.name AS "accountName", m.role
     FROM session s JOIN "user" u ON u.id = s.user_id LEFT JOIN LATERAL (${placeByChoice("$3::text")}) m ON true
       LEFT JOIN account a ON a.id = m.account_id
     WHERE s.token = $1 AND ${SESSION_HOLDS}`,
    values: [token, idleMinutesMax(), chosenAccountId],
  });
  return rows[0] === undefined ? null : toHeldSession(rows[0]);
}

function toHeldSession(row: HeldSessionRow): HeldSession {
  const { userId, email, sessionId, confirmedAt, begunBy, hasTwoFactor } = row;
  const membership =
    row.accountId === null
      ? null
      : { userId, email, accountId: row.accountId, accountName: row.accountName, role: row.role };
  return { userId, email, sessionId, confirmedAt, begunBy, hasTwoFactor, membership };
}

/** Notes that the session is in use: a person has asked for a page or an action. */
export async function noteSessionUse(sessionId: string): Promise<void> {
  await pool().query(
    `UPDATE session SET last_used_at = now() WHERE id = $1::uuid AND last_used_at < now() - interval '${USE_NOTED_EVERY}'`,
    [sessionId],
  );
}

/** The person's sessions that hold now, this one first, then the last used. */
export async function listOwnSessions({ userId, sessionId }: SignedInPerson): Promise<SessionDto[]> {
  const rows = await readHeld("s.user_id = $1::uuid", userId, sessionId);
  return rows.map((row) => toSessionDto(row, sessionId));
}

/**
 * The same of everybody with a place in the account, by person. Who has no session has no list.
 * @param ownSessionId the session that asks; null where none does
 */
export async function listMemberSessions(
  { accountId }: AccountScope,
  ownSessionId: string | null,
): Promise<ReadonlyMap<string, readonly SessionDto[]>> {
  const ofMembers = "s.user_id IN (SELECT user_id FROM membership WHERE account_id = $1)";
  const byPerson = Map.groupBy(await readHeld(ofMembers, accountId, ownSessionId), (row) => row.user_id);
  return new Map([...byPerson].map(([userId, rows]) => [userId, rows.map((row) => toSessionDto(row, ownSessionId))]));
}

type SessionRow = {
  readonly id: string;
  readonly user_id: string;
  readonly user_agent: string | null;
  readonly ip_address: string | null;
  readonly created_at: Date;
  readonly last_used_at: Date;
};

async function readHeld(whose: string, of: string, ownSessionId: string | null): Promise<SessionRow[]> {
  const { rows } = await pool().query<SessionRow>(
    `SELECT s.id, s.user_id, s.user_agent, s.ip_address, s.created_at, s.last_used_at
     FROM session s JOIN "user" u ON u.id = s.user_id WHERE ${whose} AND ${SESSION_HOLDS}
     ORDER BY s.id = $3::uuid DESC, s.last_used_at DESC`,
    [of, idleMinutesMax(), ownSessionId],
  );
  return rows;
}

function toSessionDto(row: SessionRow, ownSessionId: string | null): SessionDto {
  return { id: row.id, isThis: row.id === ownSessionId, ...factsOf(row) };
}

type SessionFacts = Pick<SessionDto, "userAgent" | "from" | "createdAt" | "lastUsedAt">;

function factsOf(row: Omit<SessionRow, "id" | "user_id">): SessionFacts {
  return {
    userAgent: row.user_agent ?? "",
    from: row.ip_address || null,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
  };
}

/**
 * Ends one of the person's sessions; its next request is refused.
 * @throws DomainError SessionNotFound, also for a session of somebody else
 */
export async function endOwnSession(person: SignedInPerson, sessionId: string): Promise<void> {
  const entry = { ...person, action: "backtrail:EndSession", details: { sessionId } } as const;
  const end = async (tx: Transaction) => {
    const ended = await deleteSession(tx, person.userId, sessionId);
    if (ended === null) {
      throw new DomainError("SessionNotFound");
    }
    await writePersonalEntry(tx, { ...entry, details: { sessionId, ...ended } });
  };
  await auditingRefusal(entry, () => prisma().$transaction(end));
}

/** Ends all of the person's sessions but this one. */
export async function endOtherSessions(person: SignedInPerson): Promise<void> {
  await prisma().$transaction(async (tx) => {
    const ended = await deleteSessions(tx, person.userId, person.sessionId);
    await writePersonalEntry(tx, { ...person, action: "backtrail:EndSession", details: { ended } });
  });
}

/** Takes one session of a person away. Answers what is known of it; null when the person has none of this id. */
export async function deleteSession(tx: Transaction, userId: string, sessionId: string): Promise<SessionFacts | null> {
  const [row] = await tx.$queryRaw<Omit<SessionRow, "id" | "user_id">[]>`
    DELETE FROM session WHERE id = ${sessionId}::uuid AND user_id = ${userId}::uuid
    RETURNING user_agent, ip_address, created_at, last_used_at`;
  return row === undefined ? null : factsOf(row);
}

/**
 * Takes the sessions of a person away, all or all but one, and their sign-ins that wait for a code: the password that they were begun with may
 * have been somebody else's. A sign-in under way begins one that does not hold. Answers how many sessions.
 */
export async function deleteSessions(tx: Transaction, userId: string, exceptId?: string): Promise<number> {
  // First, so that of two that do this at once the second waits here, with no session changed yet.
  const { sessionEpoch: epoch } = await tx.user.update({
    where: { id: userId },
    data: { sessionEpoch: { increment: 1 } },
    select: { sessionEpoch: true },
  });
  await tx.verification.deleteMany({ where: { value: userId, identifier: { startsWith: CHALLENGE_PREFIX } } });
  if (exceptId !== undefined) {
    await tx.session.updateMany({ where: { id: exceptId, userId }, data: { epoch } });
  }
  const { count } = await tx.session.deleteMany({
    where: { userId, ...(exceptId === undefined ? {} : { id: { not: exceptId } }) },
  });
  return count;
}
