import "server-only";
import type { Role } from "@/domain/access/role.ts";
import { pool, prisma } from "@/server/db.ts";

/** A person's place in one account. */
export type Membership = {
  readonly userId: string;
  readonly email: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly role: Role;
};

/**
 * The person's place in this account, or, when none is named, in the first of theirs by account id; null when there is none.
 * Part of the session's gate: it takes no scope, because scopes are minted from what it finds.
 */
export async function findMembership(userId: string, accountId?: string): Promise<Membership | null> {
  const row = await prisma().membership.findFirst({
    where: { userId, accountId },
    orderBy: { accountId: "asc" },
    include: { user: true, account: true },
  });
  return (
    row && {
      userId,
      email: row.user.email,
      accountId: row.accountId,
      accountName: row.account.name,
      // Held by a check of the table.
      role: row.role as Role,
    }
  );
}

/**
 * Whom a session's token stands for at this moment, with the place that findMembership would find; null when it has ended or there is
 * none. One statement over unique keys, because every open console asks every few seconds. The token's cookie has to be
 * checked before (web/shared-answers.ts).
 */
export async function findPoller(token: string): Promise<Pick<Membership, "accountId" | "role"> | null> {
  const { rows } = await pool().query<{ account_id: string; role: Role }>({
    name: "find-poller",
    text: `SELECT m.account_id, m.role FROM session s JOIN membership m ON m.user_id = s.user_id
     WHERE s.token = $1 AND s.expires_at > now() ORDER BY m.account_id LIMIT 1`,
    values: [token],
  });
  const [row] = rows;
  return row === undefined ? null : { accountId: row.account_id, role: row.role };
}
