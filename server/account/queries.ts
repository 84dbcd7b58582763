import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { prisma } from "@/server/db.ts";

/** Whether the scope's account is there: an operator may have mistyped its id. */
export async function accountExists(scope: AccountScope): Promise<boolean> {
  return (await prisma().account.count({ where: { id: scope.accountId } })) > 0;
}

/** When the account was made. A fault when it was not. */
export async function getAccountCreatedAt(scope: AccountScope): Promise<Date> {
  const { createdAt } = await prisma().account.findUniqueOrThrow({ where: { id: scope.accountId } });
  return createdAt;
}

/** Whether anybody has a role in the account. */
export async function hasMembers(scope: AccountScope): Promise<boolean> {
  return (await prisma().membership.count({ where: { accountId: scope.accountId } })) > 0;
}

/** Whether the account was made with a sample that is not whole yet: a crash came between. */
export async function isSamplePending({ accountId }: AccountScope): Promise<boolean> {
  const [wanted, completed] = await Promise.all([
    prisma().auditEntry.count({
      where: { accountId, action: "backtrail:CreateAccount", details: { path: ["withSample"], equals: true } },
    }),
    prisma().auditEntry.count({ where: { accountId, action: "backtrail:CreateSample" } }),
  ]);
  return wanted > 0 && completed === 0;
}

/** Where the account's global events are kept, as it was last said; null when nobody has. */
export async function findGlobalEventsStorageRegion({ accountId }: AccountScope): Promise<string | null> {
  const { globalEventsStorageRegion } = await prisma().account.findUniqueOrThrow({ where: { id: accountId } });
  return globalEventsStorageRegion;
}
