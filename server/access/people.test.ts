import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { verifyPassword } from "better-auth/crypto";
import { describe, expect, test, vi } from "vitest";
import type { RamAction } from "@/domain/access/action.ts";
import type { Role } from "@/domain/access/role.ts";
import { type AccountScope, mintAccountScope } from "@/domain/access/scope.ts";
import type { DomainError } from "@/domain/errors.ts";
import { prisma } from "@/server/db.ts";
import { log } from "@/server/log.ts";
import { AuthClient } from "@/testing/auth-client.ts";
import { findMembership } from "@/testing/console-session.ts";
import { auth } from "./auth.ts";
import { commandLineScope } from "./command-line.ts";
import { createMember } from "./commands.ts";
import { changePassword, confirmIdentity } from "./identity.ts";
import { acceptInvitationAs, createInvitation, deleteInvitation, findOpenInvitation } from "./invitations.ts";
import { makeLinkToken } from "./links.ts";
import { requirePlace, scopeForMember } from "./member-gate.ts";
import {
  deleteMember,
  disableMember,
  enableMember,
  endMemberSession,
  endMemberSessions,
  listMembers,
  removeMemberTwoFactor,
  updateMember,
} from "./members.ts";
import { createPasswordReset, isOpenReset, requestPasswordReset } from "./password-resets.ts";
import type { SignedInPerson } from "./person.ts";
import { findPollers, listOwnAccounts } from "./queries.ts";
import { endOtherSessions, endOwnSession, findHeldSession, listOwnSessions } from "./sessions.ts";

const PASSWORD = "correct horse battery";
const OTHER_PASSWORD = "another staple entirely";

async function freshAccount(): Promise<string> {
  const id = String(randomInt(1_000_000_000)).padStart(16, "7");
  await prisma().account.create({ data: { id, name: `Account ${id}` } });
  return id;
}

function freshEmail(): string {
  return `p${randomBytes(6).toString("hex")}@example.com`;
}

async function freshMember(accountId: string, role: Role = "viewer", email = freshEmail()) {
  const scope = commandLineScope(accountId, "test", "backtrail:CreateMember");
  const { userId } = await createMember(scope, { email, name: "P", password: PASSWORD, role });
  return { userId, email };
}

/** The scope that the session's gate would mint for this admin. */
function scopeOf(accountId: string, admin: { userId: string; email: string }, action: RamAction) {
  return mintAccountScope(
    accountId,
    { type: "user", id: admin.userId, name: admin.email, from: "203.0.113.7" },
    action,
  );
}

function refusal(code: DomainError["code"]) {
  return expect.objectContaining({ name: "DomainError", code });
}

async function personOf(client: AuthClient): Promise<SignedInPerson> {
  const found = await client.findSession();
  if (found === null) {
    throw new Error("there is no session");
  }
  const { user, session } = found;
  return { userId: user.id, email: user.email, sessionId: session.id, confirmedAt: session.confirmedAt, from: null };
}

async function signedIn(email: string, address?: string): Promise<AuthClient> {
  const client = new AuthClient(address);
  expect((await client.signIn(email, PASSWORD)).status).toBe(200);
  return client;
}

async function codeOfAnswer(response: Response): Promise<unknown> {
  return ((await response.json()) as { code?: unknown }).code;
}

function entriesOf(accountId: string, action: string) {
  return prisma().auditEntry.findMany({ where: { accountId, action } });
}

/** The secret of a link, which is in the fragment: a browser sends nothing of it. */
function tokenOf(path: string): string {
  const { pathname, search, hash } = new URL(path, "http://x");
  expect([["/invitation", "/reset-password"].includes(pathname), search]).toEqual([true, ""]);
  return /^#token=([\w-]{43})$/.exec(hash)?.[1] ?? expect.unreachable("there is a secret");
}

describe("an invitation", () => {
  async function invite(accountId: string, email: string, role: Role = "operator") {
    const { path } = await createInvitation(commandLineScope(accountId, "test", "backtrail:CreateInvitation"), {
      email,
      role,
    });
    return tokenOf(path);
  }

  test("makes the person who follows it, signs them in, and is used up; the audit has both ends and no token", async () => {
    const accountId = await freshAccount();
    const email = freshEmail();
    const token = await invite(accountId, email);
    expect(await findOpenInvitation(token)).toMatchObject({ email, accountId, role: "operator", isKnownPerson: false });
    const body = { token, name: "New", password: PASSWORD };
    const client = new AuthClient();
    expect((await client.post("/people/accept-invitation", body)).status).toBe(200);
    const person = await personOf(client);
    expect(person.email).toBe(email);
    expect(await findMembership(person.userId, null)).toMatchObject({ accountId, role: "operator" });
    const again = await new AuthClient().post("/people/accept-invitation", body);
    expect([again.status, await codeOfAnswer(again)]).toEqual([400, "InvitationNotFound"]);
    expect(await entriesOf(accountId, "backtrail:CreateInvitation")).toHaveLength(1);
    expect(await entriesOf(accountId, "backtrail:AcceptInvitation")).toMatchObject([{ actorName: email }]);
    expect(await entriesOf(accountId, "ConsoleSignin")).toHaveLength(1);
    const everything = await prisma().auditEntry.findMany({ where: { accountId } });
    expect(JSON.stringify(everything)).not.toContain(token);
  });

  test("opens nothing once it has expired, was withdrawn or was replaced; the log has each try, the account's audit what is left of one", async () => {
    const logged = vi.spyOn(log, "info");
    const accountId = await freshAccount();
    const email = freshEmail();
    const scope = commandLineScope(accountId, "test", "backtrail:DeleteInvitation");
    const replaced = await invite(accountId, email);
    const expired = await invite(accountId, email);
    await prisma().invitation.updateMany({ where: { email }, data: { expiresAt: new Date(Date.now() - 1) } });
    const withdrawn = await invite(accountId, freshEmail());
    await deleteInvitation(scope, { email: (await findOpenInvitation(withdrawn))?.email ?? "" });
    const from = "203.0.113.61";
    for (const [tries, token] of [replaced, expired, withdrawn].entries()) {
      const response = await new AuthClient(from).post("/people/accept-invitation", {
        token,
        name: "N",
        password: PASSWORD,
      });
      expect(await codeOfAnswer(response)).toBe("InvitationNotFound");
      const lines = logged.mock.calls.map((call) => JSON.stringify(call)).filter((line) => line.includes(from));
      expect(lines).toHaveLength(tries + 1);
      expect(lines[tries]).toMatch(/accept-invitation.*InvitationNotFound/);
      expect(lines[tries]).not.toContain(token);
    }
    expect(await entriesOf(accountId, "backtrail:AcceptInvitation")).toMatchObject([
      { outcome: "refused", errorCode: "InvitationNotFound", actorName: email, from, details: { email } },
    ]);
    expect(await prisma().user.count({ where: { email } })).toBe(0);
    await expect(deleteInvitation(scope, { email: "nobody@example.com" })).rejects.toEqual(
      refusal("InvitationNotFound"),
    );
  });

  test("makes one person of many who follow it at once", async () => {
    const accountId = await freshAccount();
    const token = await invite(accountId, freshEmail());
    const body = { token, name: "New", password: PASSWORD };
    const answers = await Promise.all([1, 2, 3].map(() => new AuthClient().post("/people/accept-invitation", body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect(await prisma().membership.count({ where: { accountId } })).toBe(1);
  });

  test.each([
    ["short", "VALIDATION_ERROR", "short"],
    ["made of breached words", "PasswordRefused", "Password1234"],
  ])("takes no password that is %s, and stays open", async (_, code, password) => {
    const accountId = await freshAccount();
    const token = await invite(accountId, freshEmail());
    const response = await new AuthClient().post("/people/accept-invitation", { token, name: "N", password });
    expect([response.status, await codeOfAnswer(response)]).toEqual([400, code]);
    expect(await findOpenInvitation(token)).not.toBeNull();
    // What is no input at all is refused before it is looked at whose it is.
    const entries = await entriesOf(accountId, "backtrail:AcceptInvitation");
    expect(entries.map(({ errorCode }) => errorCode)).toEqual(code === "PasswordRefused" ? [code] : []);
  });

  test("gives who is here already a place as who they are, and nobody else", async () => {
    const { userId, email } = await freshMember(await freshAccount());
    const otherAccount = await freshAccount();
    const other = await freshMember(otherAccount);
    const accountId = await freshAccount();
    const token = await invite(accountId, email, "viewer");
    const asNew = await new AuthClient().post("/people/accept-invitation", {
      token,
      name: "N",
      password: OTHER_PASSWORD,
    });
    expect(await codeOfAnswer(asNew)).toBe("InvitationNotFound");
    await expect(acceptInvitationAs(await personOf(await signedIn(other.email)), token)).rejects.toEqual(
      refusal("InvitationNotFound"),
    );
    for (const [refusedIn, actorName] of [
      [accountId, email],
      [otherAccount, other.email],
    ] as const) {
      expect(await entriesOf(refusedIn, "backtrail:AcceptInvitation")).toMatchObject([
        { outcome: "refused", errorCode: "InvitationNotFound", actorName },
      ]);
    }
    const person = await personOf(await signedIn(email));
    expect(await acceptInvitationAs(person, token)).toEqual({ accountId });
    expect((await listOwnAccounts(userId)).map(({ id }) => id)).toContain(accountId);
  });
});

describe("an invitation of who has got a place meanwhile", () => {
  test("leaves the place as it is and is used up, and the audit says both", async () => {
    const { userId, email } = await freshMember(await freshAccount());
    const accountId = await freshAccount();
    const scope = commandLineScope(accountId, "test", "backtrail:CreateInvitation");
    const token = tokenOf((await createInvitation(scope, { email, role: "admin" })).path);
    await freshMember(accountId, "viewer", email);
    const person = await personOf(await signedIn(email));
    expect(await acceptInvitationAs(person, token)).toEqual({ accountId });
    expect(await findMembership(userId, accountId)).toMatchObject({ accountId, role: "viewer" });
    expect(await findOpenInvitation(token)).toBeNull();
    expect(await entriesOf(accountId, "backtrail:AcceptInvitation")).toMatchObject([
      { outcome: "allowed", actorName: email, details: { email, role: "admin", roleKept: "viewer", accountId } },
    ]);
  });
});

describe("the secret of a link", () => {
  test("is handed in by the page that it leads to, which finds it in a cookie that no script reads", async () => {
    const { token } = makeLinkToken();
    for (const [page, seconds] of [
      ["invitation", 7 * 86_400],
      ["reset-password", 3_600],
    ]) {
      const answer = await new AuthClient().post("/people/open-link", { page, token });
      expect([answer.status, await answer.json()]).toEqual([200, { isTaken: true }]);
      expect(answer.headers.getSetCookie()).toEqual([
        `better-auth.link_${page}=${token}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Lax`,
      ]);
    }
  });

  test.each([
    { page: "sign-in", token: makeLinkToken().token },
    { page: "invitation", token: "cut-off" },
    { page: "invitation" },
  ])("is no other thing: %o is refused, and nothing is kept of it", async (body) => {
    const answer = await new AuthClient().post("/people/open-link", body);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []]);
  });
});

describe("a link for a new password", () => {
  test("works once, ends every session, and leaves the old password useless; the log has a second try", async () => {
    const logged = vi.spyOn(log, "info");
    const accountId = await freshAccount();
    const { userId, email } = await freshMember(accountId);
    const before = await signedIn(email);
    const scope = commandLineScope(accountId, "test", "backtrail:CreatePasswordReset");
    const token = tokenOf((await createPasswordReset(scope, { userId })).path);
    const client = new AuthClient();
    expect((await client.post("/people/reset-password", { token, password: OTHER_PASSWORD })).status).toBe(200);
    expect(await before.findSession()).toBeNull();
    expect((await client.signIn(email, PASSWORD)).status).toBe(401);
    expect((await client.signIn(email, OTHER_PASSWORD)).status).toBe(200);
    const from = "203.0.113.62";
    const replayed = await new AuthClient(from).post("/people/reset-password", { token, password: PASSWORD });
    expect(await codeOfAnswer(replayed)).toBe("PasswordResetNotFound");
    const line = { path: "/people/reset-password", errorCode: "PasswordResetNotFound", from };
    expect(logged).toHaveBeenCalledWith(line, expect.any(String));
    expect(await entriesOf(accountId, "backtrail:ResetPassword")).toHaveLength(1);
  });

  test("is refused when expired, and by what is no password, in the audit of the person's account", async () => {
    const accountId = await freshAccount();
    const { userId, email } = await freshMember(accountId);
    const scope = commandLineScope(accountId, "test", "backtrail:CreatePasswordReset");
    const token = tokenOf((await createPasswordReset(scope, { userId })).path);
    const from = "203.0.113.63";
    const client = new AuthClient(from);
    const breached = await client.post("/people/reset-password", { token, password: "Password1234" });
    expect(await codeOfAnswer(breached)).toBe("PasswordRefused");
    await prisma().passwordReset.updateMany({ where: { userId }, data: { expiresAt: new Date(Date.now() - 1) } });
    const response = await client.post("/people/reset-password", { token, password: OTHER_PASSWORD });
    expect(await codeOfAnswer(response)).toBe("PasswordResetNotFound");
    const entries = await entriesOf(accountId, "backtrail:ResetPassword");
    expect(entries.map(({ errorCode }) => errorCode).sort()).toEqual(["PasswordRefused", "PasswordResetNotFound"]);
    expect(new Set(entries.map((entry) => `${entry.outcome} ${entry.actorName} ${entry.from}`))).toEqual(
      new Set([`refused ${email} ${from}`]),
    );
    await signedIn(email);
  });

  test("that an admin has made is left alone by whoever asks for a mail; of both, used at once, one works, and none is left", async () => {
    const accountId = await freshAccount();
    const { userId, email } = await freshMember(accountId);
    const scope = commandLineScope(accountId, "test", "backtrail:CreatePasswordReset");
    const replaced = tokenOf((await createPasswordReset(scope, { userId })).path);
    const token = tokenOf((await createPasswordReset(scope, { userId })).path);
    await requestPasswordReset(email, null);
    await requestPasswordReset(email, null);
    expect([await isOpenReset(replaced), await isOpenReset(token)]).toEqual([false, true]);
    const mailed = makeLinkToken();
    const where = { userId, isRequested: true };
    expect(await prisma().passwordReset.updateMany({ where, data: { tokenHash: mailed.hash } })).toEqual({ count: 1 });
    const answers = await Promise.all(
      [token, mailed.token].map((either) =>
        new AuthClient().post("/people/reset-password", { token: either, password: OTHER_PASSWORD }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const refused = answers.find(({ status }) => status === 400) ?? expect.unreachable("one is refused");
    expect(await codeOfAnswer(refused)).toBe("PasswordResetNotFound");
    expect([await isOpenReset(token), await isOpenReset(mailed.token)]).toEqual([false, false]);
  });

  test("is no way for an admin of one account into another", async () => {
    const [accountId, otherAccount] = [await freshAccount(), await freshAccount()];
    const admin = await freshMember(accountId, "admin");
    const both = await freshMember(accountId, "viewer");
    await freshMember(otherAccount, "admin", both.email);
    for (const work of [createPasswordReset, removeMemberTwoFactor]) {
      const scope = scopeOf(accountId, admin, "backtrail:CreatePasswordReset");
      await expect(work(scope, both)).rejects.toEqual(refusal("PersonOfOtherAccounts"));
      await expect(work(scope, await freshMember(otherAccount))).rejects.toEqual(refusal("MemberNotFound"));
    }
    await freshMember(otherAccount, "admin", admin.email);
    await createPasswordReset(scopeOf(accountId, admin, "backtrail:CreatePasswordReset"), both);
  });

  test("is asked for by mail without a word on whether the address is known; without a mail server not at all", async () => {
    const response = await new AuthClient().post("/people/request-password-reset", { email: freshEmail() });
    expect(response.status).toBe(404);
  });
});

describe("a member", () => {
  test("with another role, or shut out, is judged by it from the next request on", async () => {
    const accountId = await freshAccount();
    const admin = await freshMember(accountId, "admin");
    const { userId, email } = await freshMember(accountId, "admin");
    const client = await signedIn(email);
    const token = decodeURIComponent(client.cookies.get("better-auth.session_token") ?? "").split(".")[0] ?? "";
    const may = async (action: RamAction) => {
      const membership = await findMembership(userId, accountId);
      if (membership === null) {
        return false;
      }
      return await scopeForMember(membership, action, null).then(
        () => true,
        () => false,
      );
    };
    expect(await may("actiontrail:DeleteTrail")).toBe(true);
    await updateMember(scopeOf(accountId, admin, "backtrail:UpdateMember"), { userId, role: "viewer" });
    expect([await may("actiontrail:DeleteTrail"), await may("actiontrail:DescribeTrails")]).toEqual([false, true]);
    const question = { token, accountId: null };
    expect(await findPollers([question])).toEqual([{ accountId, role: "viewer" }]);
    await disableMember(scopeOf(accountId, admin, "backtrail:DisableMember"), { userId });
    expect(await may("actiontrail:DescribeTrails")).toBe(false);
    expect(await findPollers([question])).toEqual([null]);
    expect(await client.findSession()).toBeNull();
    const refused = await new AuthClient().signIn(email, PASSWORD);
    expect([refused.status, await codeOfAnswer(refused)]).toEqual([403, "NO_ACCOUNT"]);
    await enableMember(scopeOf(accountId, admin, "backtrail:EnableMember"), { userId });
    await signedIn(email);
    expect(await may("actiontrail:DescribeTrails")).toBe(true);
    await deleteMember(scopeOf(accountId, admin, "backtrail:DeleteMember"), { userId });
    expect(await may("actiontrail:DescribeTrails")).toBe(false);
    expect((await listMembers(scopeOf(accountId, admin, "backtrail:ListMembers"))).map(({ email }) => email)).toEqual([
      admin.email,
    ]);
  });

  test("who is the last admin stays one, also when two shut each other out at once", async () => {
    const accountId = await freshAccount();
    const [one, two] = [await freshMember(accountId, "admin"), await freshMember(accountId, "admin")];
    const results = await Promise.allSettled([
      disableMember(scopeOf(accountId, one, "backtrail:DisableMember"), two),
      updateMember(scopeOf(accountId, two, "backtrail:UpdateMember"), { userId: one.userId, role: "viewer" }),
    ]);
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused.map(({ reason }) => reason)).toEqual([refusal("LastAdmin")]);
    expect(await prisma().membership.count({ where: { accountId, role: "admin", disabledAt: null } })).toBe(1);
    expect(await prisma().auditEntry.count({ where: { accountId, errorCode: "LastAdmin", outcome: "refused" } })).toBe(
      1,
    );
  });

  test("of another account is not found", async () => {
    const accountId = await freshAccount();
    const admin = await freshMember(accountId, "admin");
    const stranger = await freshMember(await freshAccount());
    const session = await personOf(await signedIn(stranger.email));
    const endOne = (scope: AccountScope, { userId }: { userId: string }) =>
      endMemberSession(scope, { userId, sessionId: session.sessionId });
    for (const work of [disableMember, enableMember, deleteMember, endMemberSessions, endOne]) {
      await expect(work(scopeOf(accountId, admin, "backtrail:DisableMember"), stranger)).rejects.toEqual(
        refusal("MemberNotFound"),
      );
    }
  });
});

describe("a session", () => {
  test("is listed with device, address and use, and ended by its owner, by nobody else's id, and by an admin", async () => {
    const accountId = await freshAccount();
    const admin = await freshMember(accountId, "admin");
    const { email, userId } = await freshMember(accountId);
    const [here, there, third] = [
      await signedIn(email, "203.0.113.7"),
      await signedIn(email, "198.51.100.9"),
      await signedIn(email),
    ];
    const person = await personOf(here);
    const sessions = await listOwnSessions(person);
    expect(sessions[0]).toMatchObject({ isThis: true, from: "203.0.113.7", userAgent: "Test browser" });
    const other = sessions.find(({ from }) => from === "198.51.100.9");
    await endOwnSession(person, other?.id ?? "");
    expect(await there.findSession()).toBeNull();
    const strangers = await personOf(await signedIn((await freshMember(accountId)).email));
    await expect(endOwnSession(person, strangers.sessionId)).rejects.toEqual(refusal("SessionNotFound"));
    expect(await prisma().auditEntry.findMany({ where: { accountId, errorCode: "SessionNotFound" } })).toMatchObject([
      {
        outcome: "refused",
        action: "backtrail:EndSession",
        actorId: userId,
        details: { sessionId: strangers.sessionId },
      },
    ]);
    await endOtherSessions(person);
    expect([await third.findSession(), (await here.findSession())?.user.email]).toEqual([null, email]);
    await endMemberSessions(scopeOf(accountId, admin, "backtrail:EndMemberSessions"), { userId });
    expect(await here.findSession()).toBeNull();
  });

  test("of a member is listed for an admin without its token, and ended alone; the audit says which it was", async () => {
    const accountId = await freshAccount();
    const admin = await freshMember(accountId, "admin");
    const { email, userId } = await freshMember(accountId);
    const [here, there] = [await signedIn(email, "203.0.113.7"), await signedIn(email, "198.51.100.9")];
    const own = await personOf(await signedIn(admin.email));
    const list = () => listMembers(scopeOf(accountId, admin, "backtrail:ListMembers"), own.sessionId);
    const listed = await list();
    const sessions = listed.find((member) => member.userId === userId)?.sessions ?? [];
    expect(sessions).toHaveLength(2);
    const ended = sessions.find(({ from }) => from === "198.51.100.9");
    expect(ended).toMatchObject({ isThis: false, userAgent: "Test browser", createdAt: expect.any(String) });
    expect(listed.find((member) => member.userId === admin.userId)?.sessions).toMatchObject([
      { id: own.sessionId, isThis: true },
    ]);
    const scope = scopeOf(accountId, admin, "backtrail:EndMemberSessions");
    await endMemberSession(scope, { userId, sessionId: ended?.id ?? "" });
    expect([await there.findSession(), (await here.findSession())?.user.email]).toEqual([null, email]);
    expect(await findHeldSession((await here.findSession())?.session.token ?? "", null)).not.toBeNull();
    const { id: _, isThis: __, ...facts } = ended ?? expect.unreachable("the session is listed");
    const entries = await entriesOf(accountId, "backtrail:EndMemberSessions");
    expect(entries).toMatchObject([
      { outcome: "allowed", actorName: admin.email, details: { email, sessionId: ended?.id, ...facts } },
    ]);
    const tokens = await prisma().session.findMany({ where: { user: { email: { in: [email, admin.email] } } } });
    expect(tokens).toHaveLength(2);
    const shown = JSON.stringify([listed, await list(), entries]);
    expect(tokens.filter(({ token }) => shown.includes(token))).toEqual([]);
  });

  test("of a member is not found by an admin under another member's name, once it has ended, or in no account of theirs", async () => {
    const [accountId, otherAccount] = [await freshAccount(), await freshAccount()];
    const admin = await freshMember(accountId, "admin");
    const [one, two] = [await freshMember(accountId), await freshMember(accountId)];
    const stranger = await freshMember(otherAccount);
    const scope = scopeOf(accountId, admin, "backtrail:EndMemberSessions");
    const client = await signedIn(two.email);
    const { sessionId } = await personOf(client);
    const theirs = await signedIn(stranger.email);
    const foreign = await personOf(theirs);
    for (const [ref, code] of [
      [{ userId: one.userId, sessionId }, "SessionNotFound"],
      [{ userId: two.userId, sessionId: foreign.sessionId }, "SessionNotFound"],
      [{ userId: stranger.userId, sessionId: foreign.sessionId }, "MemberNotFound"],
      [{ userId: two.userId, sessionId: randomUUID() }, "SessionNotFound"],
    ] as const) {
      await expect(endMemberSession(scope, ref)).rejects.toEqual(refusal(code));
      expect(await prisma().auditEntry.findMany({ where: { accountId, errorCode: code } })).toContainEqual(
        expect.objectContaining({ details: expect.objectContaining({ sessionId: ref.sessionId }) }),
      );
    }
    expect([(await client.findSession())?.user.email, (await theirs.findSession())?.user.email]).toEqual([
      two.email,
      stranger.email,
    ]);
    await endMemberSession(scope, { userId: two.userId, sessionId });
    await expect(endMemberSession(scope, { userId: two.userId, sessionId })).rejects.toEqual(
      refusal("SessionNotFound"),
    );
    expect(await entriesOf(otherAccount, "backtrail:EndMemberSessions")).toEqual([]);
  });

  test("ends when it was idle for too long, for all who ask at once, and at its end however much it is used", async () => {
    const client = await signedIn((await freshMember(await freshAccount())).email);
    const { sessionId } = await personOf(client);
    const { token, expiresAt, createdAt } = await prisma().session.findUniqueOrThrow({ where: { id: sessionId } });
    expect(expiresAt.getTime() - createdAt.getTime()).toBeCloseTo(24 * 3_600_000, -4);
    expect(await findHeldSession(token, null)).toMatchObject({ sessionId, begunBy: "password", hasTwoFactor: false });
    await prisma().session.update({ where: { token }, data: { lastUsedAt: new Date(Date.now() - 121 * 60_000) } });
    expect(await findPollers([{ token, accountId: null }])).toEqual([null]);
    const asked = await Promise.all(Array.from({ length: 5 }, () => findHeldSession(token, null)));
    expect(asked).toEqual(Array(5).fill(null));
    expect(await client.findSession()).toBeNull();
    const old = await signedIn((await freshMember(await freshAccount())).email);
    const { sessionId: oldId } = await personOf(old);
    const { token: oldToken } = await prisma().session.update({
      where: { id: oldId },
      data: { expiresAt: new Date() },
    });
    expect(await findHeldSession(oldToken, null)).toBeNull();
    expect(await prisma().session.count({ where: { id: oldId } })).toBe(0);
  });

  test("with a cookie that was changed, made up, or put there before sign-in is none", async () => {
    const { email } = await freshMember(await freshAccount());
    const attacker = await signedIn((await freshMember(await freshAccount())).email);
    const planted = attacker.cookies.get("better-auth.session_token") ?? "";
    const victim = new AuthClient();
    victim.cookies.set("better-auth.session_token", planted);
    await victim.signIn(email, PASSWORD);
    expect(victim.cookies.get("better-auth.session_token")).not.toBe(planted);
    expect((await personOf(victim)).email).toBe(email);
    // What was planted ends with the sign-in over it.
    expect(await attacker.findSession()).toBeNull();
    const [token = "", signature = ""] = decodeURIComponent(
      victim.cookies.get("better-auth.session_token") ?? "",
    ).split(".");
    for (const forged of [
      `${token}x.${signature}`,
      `${token}.${signature.replace(/^./, "_")}`,
      token,
      `made-up.${signature}`,
    ]) {
      victim.cookies.set("better-auth.session_token", encodeURIComponent(forged));
      expect(await victim.findSession()).toBeNull();
      expect(await auth().api.readSessionToken({ headers: victim.headers() })).toBeNull();
    }
    victim.cookies.set("better-auth.session_token", encodeURIComponent(`${token}.${signature}`));
    expect(await auth().api.readSessionToken({ headers: victim.headers() })).toBe(token);
  });

  test("other than this one ends when the password changes, and the wrong present one changes nothing", async () => {
    const accountId = await freshAccount();
    const { email } = await freshMember(accountId);
    const [here, there] = [await signedIn(email), await signedIn(email)];
    const person = await personOf(here);
    await expect(changePassword(person, "not the password", OTHER_PASSWORD)).rejects.toEqual(
      refusal("PasswordMismatch"),
    );
    await expect(changePassword(person, PASSWORD, "Password1234")).rejects.toEqual(refusal("PasswordRefused"));
    expect(await there.findSession()).not.toBeNull();
    await changePassword(person, PASSWORD, OTHER_PASSWORD);
    expect([await there.findSession(), (await here.findSession())?.user.email]).toEqual([null, email]);
    expect(await findHeldSession((await here.findSession())?.session.token ?? "", null)).not.toBeNull();
    const entries = await entriesOf(accountId, "backtrail:ChangePassword");
    expect(entries.map(({ errorCode }) => errorCode).sort()).toEqual(["PasswordMismatch", "PasswordRefused", null]);
    expect(JSON.stringify(entries)).not.toMatch(/staple|horse/);
  });

  test("that begins by a password which was looked at before all others ended does not hold; one that begins later does", async () => {
    const accountId = await freshAccount();
    const { userId, email } = await freshMember(accountId);
    const { password } = await auth().$context;
    vi.spyOn(password, "verify").mockImplementationOnce(async (asked) => {
      const isRight = await verifyPassword(asked);
      await endMemberSessions(commandLineScope(accountId, "test", "backtrail:EndMemberSessions"), { userId });
      return isRight;
    });
    const outrun = await signedIn(email);
    expect([await outrun.findSession(), outrun.cookies.has("better-auth.known_device")]).toEqual([null, false]);
    const later = await signedIn(email);
    const { token } = (await later.findSession())?.session ?? expect.unreachable("one was stored");
    expect(await findPollers([{ token, accountId: null }])).toEqual([{ accountId, role: "viewer" }]);
    expect(await findHeldSession(token, null)).not.toBeNull();
    expect(later.cookies.has("better-auth.known_device")).toBe(true);
  });

  test("is fresh again once the person has given their password, and too many wrong ones are refused", async () => {
    const client = await signedIn((await freshMember(await freshAccount())).email);
    const person = await personOf(client);
    await prisma().session.update({ where: { id: person.sessionId }, data: { confirmedAt: new Date(0) } });
    await confirmIdentity(person, PASSWORD, client.headers());
    expect((await personOf(client)).confirmedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    for (let i = 0; i < 9; i++) {
      await expect(confirmIdentity(person, "wrong", client.headers())).rejects.toEqual(refusal("IdentityNotConfirmed"));
    }
    await expect(confirmIdentity(person, PASSWORD, client.headers())).rejects.toEqual(refusal("TooManyTries"));
  });
});

describe("a person with several accounts", () => {
  test("works in the one that they name, by the role they have there, and never in one that they have no place in", async () => {
    const [first, second, foreign] = [await freshAccount(), await freshAccount(), await freshAccount()].toSorted();
    const { userId, email } = await freshMember(first ?? "", "viewer");
    await freshMember(second ?? "", "admin", email);
    expect(await findMembership(userId, null)).toMatchObject({ accountId: first, role: "viewer" });
    expect(await findMembership(userId, second ?? "")).toMatchObject({ accountId: second, role: "admin" });
    for (const made of [foreign ?? "", "nonsense", ""]) {
      expect(await findMembership(userId, made)).toMatchObject({ accountId: first, role: "viewer" });
    }
    expect(await listOwnAccounts(userId)).toHaveLength(2);
    const person = { userId, email, sessionId: randomUUID(), confirmedAt: new Date(), from: "203.0.113.7" };
    await requirePlace(person, second ?? "");
    await expect(requirePlace(person, foreign ?? "")).rejects.toEqual(refusal("AccountNotFound"));
    for (const accountId of [first ?? "", second ?? ""]) {
      expect(await prisma().auditEntry.findMany({ where: { accountId, outcome: "refused" } })).toMatchObject([
        { action: "backtrail:SwitchAccount", errorCode: "AccountNotFound", details: { accountId: foreign } },
      ]);
    }
    expect(await prisma().auditEntry.count({ where: { accountId: foreign ?? "", outcome: "refused" } })).toBe(0);
  });
});
