import { beforeEach, describe, expect, test } from "vitest";
import { RAM_ACTIONS, type RamAction } from "@/domain/access/action.ts";
import { isAllowed } from "@/domain/access/policy.ts";
import { ROLE_POLICIES, ROLES } from "@/domain/access/role.ts";
import { DomainError } from "@/domain/errors.ts";
import { prisma } from "@/server/db.ts";
import { findMembership } from "@/testing/console-session.ts";
import { auth } from "./auth.ts";
import { commandLineScope } from "./command-line.ts";
import { createMember, generatePassword } from "./commands.ts";
import { scopeForMember } from "./member-gate.ts";

let accountCount = 0;
let accountId: string;

/** An account and an address of its own for each test. */
async function freshAccount(): Promise<string> {
  const id = String(2_000_000_000_000_000 + ++accountCount);
  await prisma().account.create({ data: { id, name: `Account ${accountCount}` } });
  return id;
}

beforeEach(async () => {
  accountId = await freshAccount();
});

function member(changes: Partial<Parameters<typeof createMember>[1]> = {}) {
  return {
    email: `m${accountCount}@example.com`,
    name: "M",
    password: generatePassword(),
    role: "viewer",
    ...changes,
  } as const;
}

function scopeIn(account: string) {
  return commandLineScope(account, "member", "backtrail:CreateMember");
}

describe("making a member", () => {
  test("makes the person, who can sign in, with their role; the audit has it without the password", async () => {
    const input = member({ role: "operator" });
    const { userId, isNewPerson } = await createMember(scopeIn(accountId), input);
    expect(isNewPerson).toBe(true);
    const { user } = await auth().api.signInEmail({ body: { email: input.email, password: input.password } });
    expect(user.id).toBe(userId);
    expect(await findMembership(userId, null)).toEqual({
      userId,
      email: input.email,
      accountId,
      accountName: `Account ${accountCount}`,
      role: "operator",
    });
    const entries = await prisma().auditEntry.findMany({ where: { accountId, action: "backtrail:CreateMember" } });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ actorType: "command-line", actorId: "member", outcome: "allowed" });
    expect(JSON.stringify(entries)).not.toContain(input.password);
  });

  test("refuses one who is a member already, and changes nothing", async () => {
    const input = member();
    await createMember(scopeIn(accountId), input);
    const again = createMember(scopeIn(accountId), { ...input, role: "admin", password: generatePassword() });
    await expect(again).rejects.toThrow(new DomainError("MembershipAlreadyExists"));
    expect(await prisma().membership.findMany({ where: { accountId } })).toMatchObject([{ role: "viewer" }]);
    await auth().api.signInEmail({ body: { email: input.email, password: input.password } });
  });

  test("gives a person of another account a place here and leaves their password", async () => {
    const input = member();
    await createMember(scopeIn(accountId), input);
    const other = await freshAccount();
    const second = await createMember(scopeIn(other), { ...input, password: generatePassword(), role: "admin" });
    expect(second.isNewPerson).toBe(false);
    expect(await findMembership(second.userId, other)).toMatchObject({ accountId: other, role: "admin" });
    expect(await findMembership(second.userId, null)).toMatchObject({ accountId });
    await auth().api.signInEmail({ body: { email: input.email, password: input.password } });
  });

  test("from many processes at once makes one person and one membership", async () => {
    const input = member();
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => createMember(scopeIn(accountId), input)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") {
        expect(result.reason).toEqual(new DomainError("MembershipAlreadyExists"));
      }
    }
    expect(await prisma().user.count({ where: { email: input.email } })).toBe(1);
    expect(await prisma().credential.count({ where: { user: { email: input.email } } })).toBe(1);
    expect(await prisma().membership.count({ where: { accountId } })).toBe(1);
  });
});

describe("a generated password", () => {
  test("has 20 characters that nobody mistakes for others, and is never the same", () => {
    const passwords = Array.from({ length: 100 }, generatePassword);
    expect(passwords.every((password) => /^[A-HJ-NP-Za-km-z2-9]{20}$/.test(password))).toBe(true);
    expect(new Set(passwords).size).toBe(100);
  });
});

describe("the session's gate", () => {
  test.each(ROLES)("mints for a %s what the role's policy allows; each refusal is in the audit", async (role) => {
    const { userId } = await createMember(scopeIn(accountId), member({ role }));
    const membership = await findMembership(userId, accountId);
    if (membership === null) {
      throw new Error("a member has no place");
    }
    const refused: RamAction[] = [];
    for (const action of RAM_ACTIONS) {
      try {
        const scope = await scopeForMember(membership, action, "203.0.113.7");
        expect(scope).toMatchObject({ accountId, action, actor: { type: "user", id: userId, from: "203.0.113.7" } });
      } catch (error) {
        expect(error).toEqual(new DomainError("NoPermission"));
        refused.push(action);
      }
    }
    expect(refused).toEqual(RAM_ACTIONS.filter((action) => !isAllowed([ROLE_POLICIES[role]], action, "*")));
    const entries = await prisma().auditEntry.findMany({ where: { accountId, outcome: "refused" } });
    expect(entries.map(({ action }) => action).sort()).toEqual([...refused].sort());
    expect(entries.every(({ actorId, errorCode }) => actorId === userId && errorCode === "NoPermission")).toBe(true);
  });
});
