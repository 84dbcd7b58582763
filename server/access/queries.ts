import "server-only";
import type { Role } from "@/domain/access/role.ts";
import { prisma } from "@/server/db.ts";

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
