import "server-only";
import type { SessionDto } from "@/domain/access/schema.ts";
import { DomainError } from "@/domain/errors.ts";
import { pool, prisma, type Transaction } from "@/server/db.ts";
import { env } from "@/server/env.ts";
import { auditingRefusal, writePersonalEntry } from "./audit.ts";
import type { SignedInPerson } from "./person.ts";

/** A use is noted once a minute at most: what is shown of it, and the time-out, need it no closer. */
const USE_NOTED_EVERY = "1 minute";

/** For so many minutes a session holds without being used. */
export function idleMinutesMax(): number {
  return env().SESSION_IDLE_MINUTES;
}

/** Ends the session of this token when it was idle for too long, and says whether it was. */
export async function endIdleSession(token: string): Promise<boolean> {
  const { rowCount } = await pool().query(
    "DELETE FROM session WHERE token = $1 AND last_used_at <= now() - make_interval(mins => $2)",
    [token, idleMinutesMax()],
  );
  return rowCount === 1;
}

/** Notes that the session is in use: a person has asked for a page or an action. */
export async function noteSessionUse(sessionId: string): Promise<void> {
  await pool().query(
    `UPDATE session SET last_used_at = now() WHERE id = $1::uuid AND last_used_at < now() - interval '${USE_NOTED_EVERY}'`,
    [sessionId],
  );
}

/** The person's sessions that hold now, this one first, then the last used. */
export async function listOwnSessions(person: SignedInPerson): Promise<SessionDto[]> {
  const { rows } = await pool().query<{
    id: string;
    user_agent: string | null;
    ip_address: string | null;
    created_at: Date;
    last_used_at: Date;
  }>(
    `SELECT id, user_agent, ip_address, created_at, last_used_at FROM session
     WHERE user_id = $1::uuid AND expires_at > now() AND last_used_at > now() - make_interval(mins => $2)
     ORDER BY id = $3::uuid DESC, last_used_at DESC`,
    [person.userId, idleMinutesMax(), person.sessionId],
  );
  return rows.map((row) => ({
    id: row.id,
    isThis: row.id === person.sessionId,
    userAgent: row.user_agent ?? "",
    from: row.ip_address || null,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
  }));
}

/**
 * Ends one of the person's sessions; its next request is refused.
 * @throws DomainError SessionNotFound, also for a session of somebody else
 */
export async function endOwnSession(person: SignedInPerson, sessionId: string): Promise<void> {
  const entry = { ...person, action: "backtrail:EndSession", details: { sessionId } } as const;
  const end = async (tx: Transaction) => {
    const { count } = await tx.session.deleteMany({ where: { id: sessionId, userId: person.userId } });
    if (count === 0) {
      throw new DomainError("SessionNotFound");
    }
    await writePersonalEntry(tx, entry);
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

/** Takes the sessions of a person away, all or all but one. Answers how many. */
export async function deleteSessions(tx: Transaction, userId: string, exceptId?: string): Promise<number> {
  const { count } = await tx.session.deleteMany({
    where: { userId, ...(exceptId === undefined ? {} : { id: { not: exceptId } }) },
  });
  return count;
}
