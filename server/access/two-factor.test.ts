import { createHmac, randomUUID } from "node:crypto";
import { verifyPassword } from "better-auth/crypto";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { mintAccountScope } from "@/domain/access/scope.ts";
import { prisma } from "@/server/db.ts";
import { provideSettings } from "@/server/env.ts";
import { AuthClient } from "@/testing/auth-client.ts";
import { codeOf } from "@/testing/totp.ts";
import { auth } from "./auth.ts";
import { commandLineScope } from "./command-line.ts";
import { createMember } from "./commands.ts";
import { changePassword, confirmIdentity, findProofs } from "./identity.ts";
import { endMemberSessions, listMembers, removeMemberTwoFactor } from "./members.ts";
import { createPasswordReset, resetPassword } from "./password-resets.ts";
import type { SignedInPerson } from "./person.ts";
import { findPollers } from "./queries.ts";
import { endOtherSessions, findHeldSession, listOwnSessions } from "./sessions.ts";

const ACCOUNT = "7200000000000001";
const PASSWORD = "correct horse battery";
const OTHER_PASSWORD = "another staple entirely";

beforeAll(async () => {
  await prisma().account.create({ data: { id: ACCOUNT, name: "Test" } });
});

beforeEach(() => provideSettings({ SECOND_FACTOR: "optional" }));

type Enabled = {
  readonly email: string;
  readonly client: AuthClient;
  readonly totpURI: string;
  readonly backupCodes: string[];
  readonly usedCode: string;
};

/** A person who signs in by their password alone. */
async function createPerson(name: string): Promise<{ readonly email: string; readonly userId: string }> {
  const email = `${name}@example.com`;
  const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreateMember");
  const { userId } = await createMember(scope, { email, name, password: PASSWORD, role: "viewer" });
  return { email, userId };
}

async function signedIn(email: string): Promise<AuthClient> {
  const client = new AuthClient();
  expect((await client.signIn(email, PASSWORD)).status).toBe(200);
  return client;
}

/** An authenticator that is not asked for yet: its first code has to come. */
async function beginSetUp(client: AuthClient): Promise<Pick<Enabled, "totpURI" | "backupCodes">> {
  const answer = await client.post("/two-factor/enable", { password: PASSWORD });
  return (await answer.json()) as Pick<Enabled, "totpURI" | "backupCodes">;
}

/** Answers the code of now, which is used by it; those of the next half minute are not. */
async function endSetUp(client: AuthClient, totpURI: string): Promise<string> {
  const code = codeOf(totpURI);
  expect((await client.post("/two-factor/verify-totp", { code })).status).toBe(200);
  return code;
}

/** A person with an authenticator, whose code of now is used. */
async function freshPerson(name: string): Promise<Enabled> {
  const { email } = await createPerson(name);
  const client = await signedIn(email);
  const { totpURI, backupCodes } = await beginSetUp(client);
  const usedCode = await endSetUp(client, totpURI);
  return { email, client, totpURI, backupCodes, usedCode };
}

async function atSecondFactor(email: string): Promise<AuthClient> {
  const client = new AuthClient();
  const answer = await client.signIn(email, PASSWORD);
  expect(await answer.json()).toMatchObject({ twoFactorRedirect: true });
  expect(await client.findSession()).toBeNull();
  return client;
}

async function personOf(client: AuthClient): Promise<SignedInPerson> {
  const found = await client.findSession();
  const { user, session } = found ?? expect.unreachable("there is a session");
  return { userId: user.id, email: user.email, sessionId: session.id, confirmedAt: session.confirmedAt, from: null };
}

function errorsOf(email: string, action: string) {
  return prisma()
    .auditEntry.findMany({ where: { actorName: email, action }, orderBy: { at: "asc" } })
    .then((entries) => entries.map(({ errorCode }) => errorCode));
}

test("an authenticator is asked for at sign-in, and a code that was used opens nothing more, to nobody", async () => {
  const { email, totpURI, usedCode } = await freshPerson("used-code");
  expect(await errorsOf(email, "backtrail:EnableTwoFactor")).toEqual([null]);
  const client = await atSecondFactor(email);
  const code = codeOf(totpURI, 1);
  const used = await client.post("/two-factor/verify-totp", { code: usedCode });
  expect([used.status, await used.json()]).toEqual([401, expect.objectContaining({ code: "CODE_USED" })]);
  const answers = await Promise.all(
    [client, await atSecondFactor(email)].map((either) => either.post("/two-factor/verify-totp", { code })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  const replayed = await (await atSecondFactor(email)).post("/two-factor/verify-totp", { code });
  expect(replayed.status).toBe(401);
  const errors = await errorsOf(email, "ConsoleSignin");
  expect(errors.filter((code) => code === null)).toHaveLength(2);
  expect(errors.filter((code) => code === "CODE_USED")).toHaveLength(3);
});

test("a backup code signs in once; the codes and the secret are stored encrypted", async () => {
  const { email, totpURI, backupCodes } = await freshPerson("backup-code");
  const [code = ""] = backupCodes;
  expect(backupCodes).toHaveLength(10);
  const first = await atSecondFactor(email);
  expect((await first.post("/two-factor/verify-backup-code", { code })).status).toBe(200);
  expect((await first.findSession())?.user.email).toBe(email);
  const again = await (await atSecondFactor(email)).post("/two-factor/verify-backup-code", { code });
  expect(again.status).toBe(401);
  const stored = JSON.stringify(await prisma().twoFactor.findMany());
  expect(stored).not.toContain(code);
  expect(stored).not.toContain(new URL(totpURI).searchParams.get("secret") ?? "");
});

test.each<[string, (person: SignedInPerson) => Promise<unknown>]>([
  ["its person sets a new password", (person) => changePassword(person, PASSWORD, OTHER_PASSWORD)],
  ["its person ends their other sessions", (person) => endOtherSessions(person)],
  [
    "a link sets a new password",
    async ({ userId }) => {
      const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreatePasswordReset");
      const { path } = await createPasswordReset(scope, { userId });
      await resetPassword({ token: path.split("token=")[1] ?? "", password: OTHER_PASSWORD }, null);
    },
  ],
  [
    "an admin ends all sessions of its person",
    ({ userId }) => endMemberSessions(commandLineScope(ACCOUNT, "test", "backtrail:EndMemberSessions"), { userId }),
  ],
])("a sign-in that waits for its code is over when %s", async (_, end) => {
  const { email, client, totpURI, backupCodes } = await freshPerson(randomUUID());
  const begun = [await atSecondFactor(email), await atSecondFactor(email)] as const;
  await end(await personOf(client));
  for (const answer of [
    await begun[0].post("/two-factor/verify-totp", { code: codeOf(totpURI, 1) }),
    await begun[1].post("/two-factor/verify-backup-code", { code: backupCodes[0] }),
  ]) {
    expect([answer.status, await answer.json()]).toEqual([
      401,
      expect.objectContaining({ code: "INVALID_TWO_FACTOR_COOKIE" }),
    ]);
  }
  expect([await begun[0].findSession(), await begun[1].findSession()]).toEqual([null, null]);
});

test("a code completes no session that holds, where all sessions ended while the password before it was looked at", async () => {
  const { email, client, totpURI, backupCodes } = await freshPerson("outrunning");
  const { userId } = await personOf(client);
  const { password } = await auth().$context;
  vi.spyOn(password, "verify").mockImplementationOnce(async (asked) => {
    const isRight = await verifyPassword(asked);
    await endMemberSessions(commandLineScope(ACCOUNT, "test", "backtrail:EndMemberSessions"), { userId });
    return isRight;
  });
  const late = await atSecondFactor(email);
  await late.post("/two-factor/verify-totp", { code: codeOf(totpURI, 1) });
  expect(await findHeldSession((await late.findSession())?.session.token ?? "", null)).toBeNull();
  const next = await atSecondFactor(email);
  expect((await next.post("/two-factor/verify-backup-code", { code: backupCodes[0] })).status).toBe(200);
  expect(await findHeldSession((await next.findSession())?.session.token ?? "", null)).not.toBeNull();
  // It holds when it goes on as another, too.
  expect((await next.post("/two-factor/disable", { password: PASSWORD })).status).toBe(200);
  expect(await findHeldSession((await next.findSession())?.session.token ?? "", null)).not.toBeNull();
});

test("who has the password alone is no sign-in in the audit, whatever they ask for", async () => {
  const { email } = await freshPerson("half-way");
  const before = await errorsOf(email, "ConsoleSignin");
  const client = await atSecondFactor(email);
  expect((await client.post("/sign-out", {})).status).toBe(200);
  expect(await errorsOf(email, "ConsoleSignin")).toEqual(before);
});

test("wrong codes are counted over sign-ins, and not in the person's own browser", async () => {
  const { email, client, totpURI } = await freshPerson("guessed-code");
  const statuses: number[] = [];
  for (let signIns = 0; signIns < 4; signIns++) {
    const guesser = await atSecondFactor(email);
    for (let i = 0; i < 4; i++) {
      const answer = await guesser.post("/two-factor/verify-totp", { code: String(100_000 + signIns * 10 + i) });
      statuses.push(answer.status);
    }
  }
  expect(statuses).toEqual([...Array(10).fill(401), ...Array(6).fill(429)]);
  await client.signIn(email, PASSWORD);
  expect((await client.post("/two-factor/verify-totp", { code: codeOf(totpURI, 1) })).status).toBe(200);
});

/** Wrong passwords from as many addresses, more than are looked at in a minute; asked for again, because a minute may have ended. */
async function floodByStrangers(email: string): Promise<void> {
  await Promise.all(Array.from({ length: 30 }, () => new AuthClient().signIn(email, "not the password")));
}

test("browsers that got past the authenticator share two more lanes for codes, and leave the first browser its own", async () => {
  const { email, client, totpURI, backupCodes } = await freshPerson("many-browsers");
  const statuses: number[] = [];
  for (const [browser, code] of backupCodes.slice(0, 4).entries()) {
    const later = await atSecondFactor(email);
    expect((await later.post("/two-factor/verify-backup-code", { code })).status).toBe(200);
    for (let i = 0; i < 12; i++) {
      if (i % 4 === 0) {
        expect((await later.signIn(email, PASSWORD)).status).toBe(200);
      }
      const wrong = String(200_000 + browser * 100 + i);
      statuses.push((await later.post("/two-factor/verify-totp", { code: wrong })).status);
    }
  }
  // The second browser has ten; the third ten, and those after it none of their own.
  expect(statuses).toEqual([
    ...[...Array(10).fill(401), ...Array(2).fill(429)],
    ...[...Array(10).fill(401), ...Array(26).fill(429)],
  ]);
  await client.signIn(email, PASSWORD);
  expect((await client.post("/two-factor/verify-totp", { code: codeOf(totpURI, 1) })).status).toBe(200);
});

test("a browser that was known before an authenticator was set up, or taken away, is a stranger's", async () => {
  const { email, userId } = await createPerson("known-before");
  const [client, before] = [await signedIn(email), await signedIn(email)];
  const { totpURI } = await beginSetUp(client);
  await floodByStrangers(email);
  // Begun is not set up.
  expect((await before.signIn(email, PASSWORD)).status).toBe(200);
  await endSetUp(client, totpURI);
  await floodByStrangers(email);
  expect((await before.signIn(email, PASSWORD)).status).toBe(429);
  expect((await client.signIn(email, PASSWORD)).status).toBe(200);
  await removeMemberTwoFactor(commandLineScope(ACCOUNT, "test", "backtrail:RemoveMemberTwoFactor"), { userId });
  await floodByStrangers(email);
  expect((await client.signIn(email, PASSWORD)).status).toBe(429);
});

test("a sign-in over a session ends it with the password, before any code, and nobody else's", async () => {
  const { email, client } = await freshPerson("signing-in-again");
  const [before, other] = [await personOf(client), await freshPerson("left-alone")];
  const left = () => prisma().session.count({ where: { id: before.sessionId } });
  expect((await client.signIn(email, "not the password")).status).toBe(401);
  expect(await left()).toBe(1);
  expect(await (await client.signIn(email, PASSWORD)).json()).toMatchObject({ twoFactorRedirect: true });
  expect(await left()).toBe(0);
  expect((await personOf(other.client)).email).toBe(other.email);
});

test("a session of the password alone ends once its person has an authenticator, and the list of their sessions says so", async () => {
  const { email } = await createPerson("elsewhere");
  const [client, elsewhere] = [await signedIn(email), await signedIn(email)];
  const token = (await elsewhere.findSession())?.session.token ?? "";
  expect(await findPollers([{ token, accountId: null }])).toEqual([{ accountId: ACCOUNT, role: "viewer" }]);
  const { totpURI } = await beginSetUp(client);
  await endSetUp(client, totpURI);

  expect(await findPollers([{ token, accountId: null }])).toEqual([null]);
  const own = await personOf(client);
  expect(await listOwnSessions(own)).toMatchObject([{ id: own.sessionId, isThis: true }]);
  expect((await elsewhere.post("/two-factor/generate-backup-codes", { password: PASSWORD })).status).toBe(401);
  expect(await elsewhere.findSession()).toBeNull();
  expect((await client.findSession())?.session).toMatchObject({ begunBy: "second-factor" });
});

test("sessions that a password alone began end with the first code, and hold no more when the person removes the authenticator", async () => {
  const { email, userId } = await createPerson("not-again");
  const [client, elsewhere] = [await signedIn(email), await signedIn(email)];
  const { totpURI } = await beginSetUp(client);
  const wrong = await client.post("/two-factor/verify-totp", { code: codeOf(totpURI, 9) });
  expect([wrong.status, await prisma().session.count({ where: { userId } })]).toEqual([401, 2]);
  await endSetUp(client, totpURI);
  expect(await prisma().session.findMany({ where: { userId } })).toMatchObject([{ begunBy: "second-factor" }]);
  // One whose password was judged just before, so that it began after the others had ended.
  const late = { userId, token: "late", expiresAt: new Date(Date.now() + 3_600_000), begunBy: "password" };
  await prisma().session.create({ data: late });
  expect(await findPollers([{ token: late.token, accountId: null }])).toEqual([null]);
  expect((await client.post("/two-factor/disable", { password: PASSWORD })).status).toBe(200);
  expect(await elsewhere.findSession()).toBeNull();
  expect(await prisma().session.findMany({ where: { userId } })).toMatchObject([{ begunBy: "second-factor" }]);
  expect((await client.findSession())?.user.email).toBe(email);
});

test("a session that sets up and removes an authenticator ends when it would have, and is no more recent for it", async () => {
  const { email, userId } = await createPerson("going-on");
  const client = await signedIn(email);
  const ends = { expiresAt: new Date(Date.now() + 3_600_000), confirmedAt: new Date(Date.now() - 7_200_000) };
  await prisma().session.updateMany({ where: { userId }, data: ends });
  const { totpURI } = await beginSetUp(client);
  await endSetUp(client, totpURI);
  expect(await prisma().session.findMany({ where: { userId } })).toMatchObject([{ ...ends, begunBy: "second-factor" }]);
  expect((await client.post("/two-factor/disable", { password: PASSWORD })).status).toBe(200);
  expect(await prisma().session.findMany({ where: { userId } })).toMatchObject([{ ...ends, begunBy: "second-factor" }]);
});

test("what a sign-in answers, by password or by code, has no session's token: it is in the cookie alone", async () => {
  const { email, userId } = await createPerson("told");
  const client = new AuthClient();
  const answers: string[] = [];
  const tokens: string[] = [];
  const keep = async (answer: Response) => {
    answers.push(await answer.text());
    expect([answer.status, answers.at(-1)]).toEqual([200, expect.stringContaining(email)]);
    tokens.push(...(await prisma().session.findMany({ where: { userId } })).map(({ token }) => token));
  };
  await keep(await client.signIn(email, PASSWORD));
  const { totpURI, backupCodes } = await beginSetUp(client);
  await keep(await client.post("/two-factor/verify-totp", { code: codeOf(totpURI) }));
  await keep(await (await atSecondFactor(email)).post("/two-factor/verify-totp", { code: codeOf(totpURI, 1) }));
  await keep(await (await atSecondFactor(email)).post("/two-factor/verify-backup-code", { code: backupCodes[0] }));
  expect(new Set(tokens).size).toBe(4);
  expect([...tokens, '"token"'].filter((text) => answers.join("\n").includes(text))).toEqual([]);
});

test("a code confirms who a person is, once", async () => {
  const { email, client, totpURI } = await freshPerson("confirming");
  const person = await personOf(client);
  const code = codeOf(totpURI, 1);
  await confirmIdentity(person, code, client.headers());
  await expect(confirmIdentity(person, code, client.headers())).rejects.toMatchObject({ code: "IdentityNotConfirmed" });
  expect(await errorsOf(email, "backtrail:ConfirmIdentity")).toEqual([null, "IdentityNotConfirmed"]);
  expect(await findProofs(person)).toEqual({
    hasPassword: true,
    hasTwoFactor: true,
    isTwoFactorRequired: false,
    backupCodes: 10,
  });
});

test("a code confirms nobody whose authenticator is only being set up: it enables nothing, and the session stays what it is", async () => {
  const email = "setting-up@example.com";
  const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreateMember");
  const { userId } = await createMember(scope, { email, name: "P", password: PASSWORD, role: "viewer" });
  const client = new AuthClient();
  await client.signIn(email, PASSWORD);
  const person = await personOf(client);
  const answer = await client.post("/two-factor/enable", { password: PASSWORD });
  const { totpURI } = (await answer.json()) as Pick<Enabled, "totpURI">;
  const code = codeOf(totpURI);
  await expect(confirmIdentity(person, code, client.headers())).rejects.toMatchObject({ code: "IdentityNotConfirmed" });
  expect(await prisma().user.findUnique({ where: { id: userId } })).toMatchObject({ twoFactorEnabled: false });
  expect((await personOf(client)).sessionId).toBe(person.sessionId);
  // It is not used up either.
  expect((await client.post("/two-factor/verify-totp", { code })).status).toBe(200);
});

test("an authenticator is enabled, renewed and removed with the password alone, and all of it is in the audit", async () => {
  const { email, client } = await freshPerson("removing");
  for (const path of ["/two-factor/generate-backup-codes", "/two-factor/disable"]) {
    expect((await client.post(path, { password: "not the password" })).status).toBe(400);
    expect((await client.post(path, {})).status).toBe(400);
    expect((await client.post(path, { password: PASSWORD })).status).toBe(200);
  }
  expect(await errorsOf(email, "backtrail:DisableTwoFactor")).toEqual(["INVALID_PASSWORD", "INVALID_PASSWORD", null]);
  expect(await errorsOf(email, "backtrail:CreateBackupCodes")).toEqual(["INVALID_PASSWORD", "INVALID_PASSWORD", null]);
  expect((await new AuthClient().signIn(email, PASSWORD)).status).toBe(200);
});

test("where a second factor is required, nobody removes theirs; the refusal is in the audit, and new backup codes are made", async () => {
  const { email, client, totpURI } = await freshPerson("keeping");
  provideSettings({ SECOND_FACTOR: "required" });
  const refused = await client.post("/two-factor/disable", { password: PASSWORD });
  expect([refused.status, await refused.json()]).toEqual([
    403,
    expect.objectContaining({ code: "SecondFactorRequired" }),
  ]);
  expect(await errorsOf(email, "backtrail:DisableTwoFactor")).toEqual(["SecondFactorRequired"]);
  expect((await client.post("/two-factor/generate-backup-codes", { password: PASSWORD })).status).toBe(200);
  const again = await atSecondFactor(email);
  expect((await again.post("/two-factor/verify-totp", { code: codeOf(totpURI, 1) })).status).toBe(200);
});

test("where a second factor is required, a session's polls and the list of members say at once that it is gone", async () => {
  const { email, client } = await freshPerson("losing");
  const found = await client.findSession();
  const question = { token: found?.session.token ?? "", accountId: null };
  const place = { accountId: ACCOUNT, role: "viewer" };
  const listed = async () =>
    (await listMembers(commandLineScope(ACCOUNT, "test", "backtrail:ListMembers"))).find(
      (member) => member.email === email,
    );
  provideSettings({ SECOND_FACTOR: "required" });
  expect(await findPollers([question])).toEqual([place]);
  expect(await listed()).toMatchObject({ hasTwoFactor: true, isTwoFactorRequired: true });
  // Without removeMemberTwoFactor, which would end the session as well.
  await prisma().user.update({ where: { id: found?.user.id ?? "" }, data: { twoFactorEnabled: false } });
  expect(await findPollers([question])).toEqual([null]);
  expect(await listed()).toMatchObject({ hasTwoFactor: false, isTwoFactorRequired: true });
  provideSettings({ SECOND_FACTOR: "optional" });
  expect(await findPollers([question])).toEqual([place]);
  expect(await listed()).toMatchObject({ hasTwoFactor: false, isTwoFactorRequired: false });
});

test("where a second factor is required, no admin takes away their own as a member's; another admin does", async () => {
  const { email, client } = await freshPerson("own-admin");
  const userId = (await client.findSession())?.user.id ?? "";
  const action = "backtrail:RemoveMemberTwoFactor";
  const scopeOf = (id: string) => mintAccountScope(ACCOUNT, { type: "user", id, name: email, from: null }, action);
  await prisma().membership.updateMany({ where: { userId }, data: { role: "admin" } });
  const other = await freshPerson("other-admin");
  const otherId = (await other.client.findSession())?.user.id ?? "";
  await prisma().membership.updateMany({ where: { userId: otherId }, data: { role: "admin" } });
  provideSettings({ SECOND_FACTOR: "required" });
  await expect(removeMemberTwoFactor(scopeOf(userId), { userId })).rejects.toMatchObject({
    code: "OwnSecondFactorRequired",
  });
  expect(await errorsOf(email, action)).toEqual(["OwnSecondFactorRequired"]);
  const enabled = () => prisma().user.findUnique({ where: { id: userId }, select: { twoFactorEnabled: true } });
  expect(await enabled()).toEqual({ twoFactorEnabled: true });
  await removeMemberTwoFactor(scopeOf(otherId), { userId });
  expect(await enabled()).toEqual({ twoFactorEnabled: false });
});

test("a session is no place to try codes: whoever has an authenticator is refused any, others a backup code, and the audit says so", async () => {
  const { email, client, totpURI, backupCodes } = await freshPerson("trying");
  const refused = [403, expect.objectContaining({ code: "CODE_NOT_ASKED" })];
  const [backupCode = ""] = backupCodes;
  const tries = [
    ["/two-factor/verify-totp", codeOf(totpURI, 1)],
    ["/two-factor/verify-totp", "000000"],
    ["/two-factor/verify-backup-code", backupCode],
  ] as const;
  for (const [path, code] of tries) {
    const answer = await client.post(path, { code });
    expect([answer.status, await answer.json()]).toEqual(refused);
  }
  expect(await errorsOf(email, "backtrail:ConfirmIdentity")).toEqual(tries.map(() => "CODE_NOT_ASKED"));
  expect(await errorsOf(email, "backtrail:EnableTwoFactor")).toEqual([null]);
  // None of them is used up.
  const again = await atSecondFactor(email);
  expect((await again.post("/two-factor/verify-backup-code", { code: backupCode })).status).toBe(200);

  const { email: beginner } = await createPerson("beginner");
  const fresh = await signedIn(beginner);
  const [code = ""] = (await beginSetUp(fresh)).backupCodes;
  const answer = await fresh.post("/two-factor/verify-backup-code", { code });
  expect([answer.status, await answer.json()]).toEqual(refused);
  expect(await errorsOf(beginner, "backtrail:EnableTwoFactor")).toEqual(["CODE_NOT_ASKED"]);
});

test("when an authenticator is taken away all sessions of its person end, those of before it as well, and the audit counts them", async () => {
  const { email, userId } = await createPerson("lost-it");
  const [client, elsewhere] = [await signedIn(email), await signedIn(email)];
  const { totpURI } = await beginSetUp(client);
  await endSetUp(client, totpURI);
  const other = await atSecondFactor(email);
  expect((await other.post("/two-factor/verify-totp", { code: codeOf(totpURI, 1) })).status).toBe(200);
  const action = "backtrail:RemoveMemberTwoFactor";
  await removeMemberTwoFactor(commandLineScope(ACCOUNT, "test", action), { userId });
  for (const browser of [client, elsewhere, other]) {
    expect(await browser.findSession()).toBeNull();
  }
  expect(
    await prisma().auditEntry.findMany({ where: { action, details: { path: ["email"], equals: email } } }),
  ).toEqual([expect.objectContaining({ details: expect.objectContaining({ endedSessions: 2 }) })]);
});

test("no browser is trusted to sign in without a code: who asks for that is refused, which is in the audit, and the code still holds", async () => {
  const { email, totpURI, backupCodes } = await freshPerson("trusting");
  const client = await atSecondFactor(email);
  const code = codeOf(totpURI, 1);
  for (const [path, body] of [
    ["/two-factor/verify-totp", { code }],
    ["/two-factor/verify-backup-code", { code: backupCodes[0] }],
  ] as const) {
    const answer = await client.post(path, { ...body, trustDevice: true });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: "TRUST_REFUSED" })]);
  }
  expect(await client.findSession()).toBeNull();
  expect((await errorsOf(email, "ConsoleSignin")).filter((error) => error === "TRUST_REFUSED")).toHaveLength(2);
  expect((await client.post("/two-factor/verify-totp", { code })).status).toBe(200);
  expect([...client.cookies.keys()].filter((name) => name.includes("trust"))).toEqual([]);
});

test("a browser that was trusted by an earlier release is asked for a code, and its trust is gone", async () => {
  const { email, client } = await freshPerson("once-trusted");
  const userId = (await client.findSession())?.user.id ?? "";
  const { secret } = await auth().$context;
  const sign = (text: string) => createHmac("sha256", secret).update(text);
  // As better-auth does it for who asks for that with a code.
  const identifier = "trust-device-of-an-earlier-release";
  const expiresAt = new Date(Date.now() + 86_400_000);
  await prisma().verification.create({ data: { identifier, value: userId, expiresAt } });
  const trust = `${sign(`${userId}!${identifier}`).digest("base64url")}!${identifier}`;
  const browser = new AuthClient();
  const cookie = encodeURIComponent(`${trust}.${sign(trust).digest("base64")}`);
  browser.cookies.set("better-auth.trust_device", cookie);
  expect(await (await browser.signIn(email, PASSWORD)).json()).toMatchObject({ twoFactorRedirect: true });
  expect(await browser.findSession()).toBeNull();
  expect(browser.cookies.has("better-auth.trust_device")).toBe(false);
  expect(await prisma().verification.count({ where: { identifier: { startsWith: "trust-device-" } } })).toBe(0);
});
