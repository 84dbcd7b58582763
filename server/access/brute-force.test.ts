import { beforeAll, expect, test } from "vitest";
import { prisma } from "@/server/db.ts";
import { AuthClient } from "@/testing/auth-client.ts";
import { auth } from "./auth.ts";
import { commandLineScope } from "./command-line.ts";
import { createMember } from "./commands.ts";
import { changePassword } from "./identity.ts";
import { createPasswordReset } from "./password-resets.ts";

const ACCOUNT = "7100000000000001";
const PASSWORD = "correct horse battery";

beforeAll(async () => {
  await prisma().account.create({ data: { id: ACCOUNT, name: "Test" } });
});

async function freshPerson(name: string): Promise<string> {
  const email = `${name}@example.com`;
  const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreateMember");
  await createMember(scope, { email, name, password: PASSWORD, role: "viewer" });
  return email;
}

/** Wrong passwords in this person's name, eight at a time; answers how often the password was looked at, and how often not. */
async function attack(email: string, tries: number, clientOf: (index: number) => AuthClient) {
  const statuses: number[] = [];
  for (let index = 0; index < tries; index += 8) {
    const some = Array.from({ length: Math.min(8, tries - index) }, (_, part) => index + part);
    const answers = await Promise.all(some.map((index) => clientOf(index).signIn(email, `wrong password ${index}`)));
    statuses.push(...answers.map(({ status }) => status));
  }
  return {
    looked: statuses.filter((status) => status === 401).length,
    limited: statuses.filter((status) => status === 429).length,
  };
}

/** A window of the limits may end during an attack on a slow machine; no more than this many pass then. */
const WINDOWS_MAX = 4;

/** Three thousand statements, on a machine that may have others to do. */
const ATTACK_TIMEOUT_MS = 300_000;

test(
  "1,000 tries from one address get a few looked at; the real person signs in from their browser, from another, and next door",
  async () => {
    const email = await freshPerson("one-address");
    const own = new AuthClient("203.0.113.50");
    expect((await own.signIn(email, PASSWORD)).status).toBe(200);
    const { looked, limited } = await attack(email, 1_000, () => new AuthClient("203.0.113.50"));
    expect(looked).toBeLessThanOrEqual(5 * WINDOWS_MAX);
    expect(looked + limited).toBe(1_000);
    expect((await own.signIn(email, PASSWORD)).status).toBe(200);
    expect((await new AuthClient("203.0.113.51").signIn(email, PASSWORD)).status).toBe(200);
  },
  ATTACK_TIMEOUT_MS,
);

test(
  "1,000 tries from as many addresses, made up or real, get twenty looked at; the real person's browser signs in",
  async () => {
    const email = await freshPerson("many-addresses");
    const own = new AuthClient();
    await own.signIn(email, PASSWORD);
    const { looked, limited } = await attack(email, 1_000, () => new AuthClient());
    expect(looked).toBeLessThanOrEqual(20 * WINDOWS_MAX);
    expect(looked + limited).toBe(1_000);
    expect((await new AuthClient().signIn(email, PASSWORD)).status).toBe(429);
    expect((await own.signIn(email, PASSWORD)).status).toBe(200);
    // A flood leaves a trace in the audit, and no flood there.
    const entries = await prisma().auditEntry.findMany({
      where: { actorName: email, action: "ConsoleSignin", outcome: "refused" },
    });
    expect(entries.filter(({ errorCode }) => errorCode === "TOO_MANY_REQUESTS").length).toBeGreaterThanOrEqual(1);
    expect(entries.length).toBeLessThanOrEqual(21 * WINDOWS_MAX);
  },
  ATTACK_TIMEOUT_MS,
);

test(
  "a client that takes a new IPv6 address of its network for each try gets as few looked at as one with one address",
  async () => {
    const email = await freshPerson("one-network");
    const { looked, limited } = await attack(
      email,
      200,
      (index) => new AuthClient(`2001:db8:1:2::${index.toString(16)}`),
    );
    expect(looked).toBeLessThanOrEqual(5 * WINDOWS_MAX);
    expect(looked + limited).toBe(200);
    expect((await new AuthClient("2001:db8:1:3::1").signIn(email, PASSWORD)).status).toBe(200);
  },
  ATTACK_TIMEOUT_MS,
);

test(
  "the cookie of a person's browser is no way to guess without end, nor to anybody else's account",
  async () => {
    const email = await freshPerson("known-browser");
    const other = await freshPerson("somebody-else");
    const own = new AuthClient();
    await own.signIn(email, PASSWORD);
    expect((await attack(email, 40, () => own)).looked).toBeLessThanOrEqual(10 * WINDOWS_MAX);
    expect((await attack(other, 40, () => own)).looked).toBeLessThanOrEqual(5 * WINDOWS_MAX);
    const forged = new AuthClient();
    const [name = "", value = ""] = [...own.cookies].find(([name]) => name.endsWith("known_device")) ?? [];
    forged.cookies.set(name, value.replace(/^./, "x"));
    expect((await attack(email, 40, () => forged)).looked).toBeLessThanOrEqual(5 * WINDOWS_MAX);
  },
  ATTACK_TIMEOUT_MS,
);

test(
  "fifteen known browsers of one person get no more looked at than three, and the one that was first still signs in",
  async () => {
    const email = await freshPerson("many-browsers");
    const own = new AuthClient();
    await own.signIn(email, PASSWORD);
    const later = Array.from({ length: 14 }, () => new AuthClient());
    for (const client of later) {
      expect((await client.signIn(email, PASSWORD)).status).toBe(200);
    }
    const { looked, limited } = await attack(email, 300, (index) => later[index % later.length] ?? own);
    expect(looked).toBeLessThanOrEqual(20 * WINDOWS_MAX);
    expect(looked + limited).toBe(300);
    expect((await own.signIn(email, PASSWORD)).status).toBe(200);
  },
  ATTACK_TIMEOUT_MS,
);

test(
  "a browser that was known before a new password is a stranger's; the one that the password was set in is known",
  async () => {
    const email = await freshPerson("new-password");
    const [before, setting] = [new AuthClient(), new AuthClient()];
    await before.signIn(email, PASSWORD);
    const { id: userId } = await prisma().user.findUniqueOrThrow({ where: { email } });
    const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreatePasswordReset");
    const { path } = await createPasswordReset(scope, { userId });
    const password = "another staple entirely";
    const reset = { token: path.split("token=")[1] ?? "", password };
    expect((await setting.post("/people/reset-password", reset)).status).toBe(200);
    await attack(email, 40, () => new AuthClient());
    expect((await before.signIn(email, password)).status).toBe(429);
    expect((await setting.signIn(email, password)).status).toBe(200);
  },
  ATTACK_TIMEOUT_MS,
);

test(
  "who sets a new password while signed in stays known in that browser, and no other stays so",
  async () => {
    const email = await freshPerson("own-new-password");
    const [elsewhere, own] = [new AuthClient(), new AuthClient()];
    await elsewhere.signIn(email, PASSWORD);
    await own.signIn(email, PASSWORD);
    const { user, session } = (await own.findSession()) ?? expect.unreachable("there is a session");
    const { confirmedAt } = session;
    const person = { userId: user.id, email, sessionId: session.id, confirmedAt, from: null };
    const password = "another staple entirely";
    await changePassword(person, PASSWORD, password);
    const asked = { body: { email }, headers: own.headers(), returnHeaders: true } as const;
    own.keepCookies((await auth().api.rememberBrowser(asked)).headers);
    await attack(email, 40, () => new AuthClient());
    expect((await elsewhere.signIn(email, password)).status).toBe(429);
    expect((await own.signIn(email, password)).status).toBe(200);
  },
  ATTACK_TIMEOUT_MS,
);

test(
  "an address that has used up its tries of passwords still opens a link, and one that has tried too many links still signs in",
  async () => {
    const email = await freshPerson("two-counts");
    const { id: userId } = await prisma().user.findUniqueOrThrow({ where: { email } });
    const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreatePasswordReset");
    const flood = async (ask: () => Promise<Response>) =>
      (await Promise.all(Array.from({ length: 61 }, ask))).map(({ status }) => status);
    const { path } = await createPasswordReset(scope, { userId });
    const password = "another staple entirely";
    const byPassword = new AuthClient();
    expect(await flood(() => byPassword.signIn("no address", "x"))).toContain(429);
    const reset = { token: path.split("token=")[1] ?? "", password };
    expect((await byPassword.post("/people/reset-password", reset)).status).toBe(200);
    const byLink = new AuthClient();
    expect(await flood(() => byLink.post("/people/reset-password", reset))).toContain(429);
    expect((await byLink.signIn(email, password)).status).toBe(200);
  },
  ATTACK_TIMEOUT_MS,
);
