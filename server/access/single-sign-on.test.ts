import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { prisma } from "@/server/db.ts";
import { provideSettings } from "@/server/env.ts";
import { log } from "@/server/log.ts";
import { guardFetch } from "@/server/network/guarded-fetch.ts";
import { AuthClient } from "@/testing/auth-client.ts";
import { findMembership } from "@/testing/console-session.ts";
import { type Claims, OIDC_CLIENT, OidcProvider } from "@/testing/oidc-provider.ts";
import { codeOf } from "@/testing/totp.ts";
import { auth } from "./auth.ts";
import { commandLineScope } from "./command-line.ts";
import { createMember } from "./commands.ts";
import { createInvitation } from "./invitations.ts";
import { disableMember, endMemberSessions } from "./members.ts";
import { findHeldSession } from "./sessions.ts";
import { CALLBACK_PATH, LEAVE_PATH } from "./single-sign-on.ts";

const ACCOUNT = "7300000000000001";
const PASSWORD = "correct horse battery";

let provider: OidcProvider;

beforeAll(async () => {
  provider = await OidcProvider.start();
  // As the console's process does it.
  guardFetch([]);
  provideSettings({
    PRIVATE_ENDPOINTS: "127.0.0.1/32",
    PUBLIC_URL: "http://console.example:3000",
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: OIDC_CLIENT.id,
    OIDC_CLIENT_SECRET: OIDC_CLIENT.secret,
  });
  await prisma().account.create({ data: { id: ACCOUNT, name: "Test" } });
});

beforeEach(() => {
  provider.signsWithOtherKey = false;
  provideSettings({ PRIVATE_ENDPOINTS: "127.0.0.1/32", SECOND_FACTOR: "optional" });
});

afterAll(async () => {
  await provider.stop();
});

function freshClaims(changes: Partial<Claims> = {}): Claims & { readonly email: string } {
  const email = `${randomUUID()}@example.com`;
  return { sub: randomUUID(), name: "Sol", email_verified: true, ...changes, email: changes.email ?? email };
}

/** Leaves for the provider, signs in there, and comes back. Answers with where the console sends the browser then. */
async function comeBy(claims: Claims, client = new AuthClient()) {
  const back = await backFrom(claims, client);
  const response = await client.get(back);
  return { client, location: response.headers.get("location") ?? "" };
}

async function backFrom(claims: Claims, client: AuthClient): Promise<string> {
  const answer = await client.post(LEAVE_PATH, {
    provider: "oidc",
    callbackURL: "/trails",
    errorCallbackURL: "/sign-in",
    disableRedirect: true,
  });
  const { url } = (await answer.json()) as { url: string };
  return provider.authorize(url, claims).replace(/^.*\/api\/auth/, "");
}

function invite(email: string) {
  const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreateInvitation");
  return createInvitation(scope, { email, role: "operator" });
}

test("a person who is invited comes in with the invited role, by the provider's word alone, and again later", async () => {
  const claims = freshClaims();
  await invite(claims.email);
  const { client, location } = await comeBy(claims);
  expect(location).toBe("/trails");
  const found = await client.findSession();
  expect(found?.user.email).toBe(claims.email);
  expect(await findMembership(found?.user.id ?? "", null)).toMatchObject({ accountId: ACCOUNT, role: "operator" });
  expect(await prisma().invitation.count({ where: { email: claims.email } })).toBe(0);
  const again = await comeBy(claims);
  expect((await again.client.findSession())?.user.id).toBe(found?.user.id);
  const signIns = await prisma().auditEntry.count({ where: { actorName: claims.email, action: "ConsoleSignin" } });
  expect(signIns).toBe(2);
  const scope = commandLineScope(ACCOUNT, "test", "backtrail:EndMemberSessions");
  await endMemberSessions(scope, { userId: found?.user.id ?? "" });
  expect(await again.client.findSession()).toBeNull();
  const later = await (await comeBy(claims)).client.findSession();
  expect(await findHeldSession(later?.session.token ?? "", null)).not.toBeNull();
});

test("a person who has a password here comes in as who they are", async () => {
  const claims = freshClaims();
  const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreateMember");
  const { userId } = await createMember(scope, { email: claims.email, name: "P", password: PASSWORD, role: "admin" });
  const { client } = await comeBy(claims);
  expect((await client.findSession())?.user.id).toBe(userId);
});

test("nothing that the provider gave is kept, neither of who is new here nor of who was here before", async () => {
  const [invited, known] = [freshClaims(), freshClaims()];
  await invite(invited.email);
  const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreateMember");
  await createMember(scope, { email: known.email, name: "P", password: PASSWORD, role: "viewer" });
  for (const claims of [invited, known]) {
    await comeBy(claims);
    const where = { accountId: claims.sub, providerId: "oidc" };
    expect(await prisma().credential.findMany({ where })).toMatchObject([
      { accessToken: null, refreshToken: null, idToken: null },
    ]);
  }
  // Nor what an update would bring.
  const { internalAdapter } = await auth().$context;
  const { id } = await prisma().credential.findFirstOrThrow({ where: { accountId: known.sub } });
  await internalAdapter.updateAccount(id, { accessToken: "a", refreshToken: "b", idToken: "c" });
  expect(await prisma().credential.findUnique({ where: { id } })).toMatchObject({
    accessToken: null,
    refreshToken: null,
    idToken: null,
  });
});

test.each<[string, () => Promise<Claims>, string]>([
  ["whom nobody has invited", async () => freshClaims(), "not_invited"],
  [
    "whose address the provider has not verified",
    async () => {
      const claims = freshClaims({ email_verified: false });
      await invite(claims.email);
      return claims;
    },
    "email_not_verified",
  ],
])("a person %s is not let in, and nothing is made of them; it is in the log", async (_, claimsOf, error) => {
  const logged = vi.spyOn(log, "info");
  const claims = await claimsOf();
  const { client, location } = await comeBy(claims);
  expect(location).toMatch(new RegExp(`^/sign-in\\?error=${error}`));
  expect(await client.findSession()).toBeNull();
  expect(await prisma().user.count({ where: { email: claims.email ?? "" } })).toBe(0);
  const line = expect.objectContaining({ path: CALLBACK_PATH, errorCode: error });
  expect(logged).toHaveBeenCalledWith(line, expect.any(String));
});

test("an unverified address does not open the account of who has it here", async () => {
  const claims = freshClaims({ email_verified: false });
  const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreateMember");
  await createMember(scope, { email: claims.email, name: "P", password: PASSWORD, role: "admin" });
  const { client, location } = await comeBy(claims);
  expect(location).toMatch(/^\/sign-in\?error=/);
  expect(await client.findSession()).toBeNull();
});

test("who took an invitation by its link is not met by the owner of the address, who comes by the provider", async () => {
  const claims = freshClaims();
  const { path } = await invite(claims.email);
  const token = path.split("#token=")[1];
  const holder = new AuthClient();
  const body = { token, name: "Holder", password: PASSWORD };
  expect((await holder.post("/people/accept-invitation", body)).status).toBe(200);
  const { client, location } = await comeBy(claims);
  expect(location).toMatch(/^\/sign-in\?error=account_not_linked/);
  expect(await client.findSession()).toBeNull();
});

test("a session says for as long as it lasts that it began by single sign-on, and that of a password does not", async () => {
  const claims = freshClaims();
  const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreateMember");
  await createMember(scope, { email: claims.email, name: "P", password: PASSWORD, role: "viewer" });
  const { client } = await comeBy(claims);
  expect((await client.findSession())?.session).toMatchObject({ begunBy: "single-sign-on" });
  const before = client.cookies.get("better-auth.session_token");
  const answer = await client.post("/two-factor/enable", { password: PASSWORD });
  const { totpURI } = (await answer.json()) as { totpURI: string };
  expect((await client.post("/two-factor/verify-totp", { code: codeOf(totpURI) })).status).toBe(200);
  // It goes on as another.
  expect(client.cookies.get("better-auth.session_token")).not.toBe(before);
  expect((await client.findSession())?.session).toMatchObject({ begunBy: "single-sign-on" });
  expect((await client.post("/two-factor/disable", { password: PASSWORD })).status).toBe(200);
  expect((await client.findSession())?.session).toMatchObject({ begunBy: "single-sign-on" });
  const byPassword = new AuthClient();
  await byPassword.signIn(claims.email, PASSWORD);
  expect((await byPassword.findSession())?.session).toMatchObject({ begunBy: "password" });
});

test("a person without a password may remove their authenticator where a second factor is required of others", async () => {
  const claims = freshClaims();
  await invite(claims.email);
  const { client } = await comeBy(claims);
  const answer = await client.post("/two-factor/enable", {});
  const { totpURI } = (await answer.json()) as { totpURI: string };
  expect((await client.post("/two-factor/verify-totp", { code: codeOf(totpURI) })).status).toBe(200);
  provideSettings({ SECOND_FACTOR: "required" });
  expect((await client.post("/two-factor/disable", {})).status).toBe(200);
});

test("a person who is shut out stays out, and the account has it in its audit", async () => {
  const claims = freshClaims();
  await invite(claims.email);
  const { client } = await comeBy(claims);
  const userId = (await client.findSession())?.user.id ?? "";
  await disableMember(commandLineScope(ACCOUNT, "test", "backtrail:DisableMember"), { userId });
  const again = await comeBy(claims);
  expect(await again.client.findSession()).toBeNull();
  expect(again.location).toMatch(/^\/sign-in\?error=NO_ACCOUNT/);
  const entries = await prisma().auditEntry.findMany({ where: { actorName: claims.email, outcome: "refused" } });
  expect(entries).toMatchObject([{ accountId: ACCOUNT, action: "ConsoleSignin", errorCode: "NO_ACCOUNT" }]);
});

test("a token signed by somebody else, and an answer that another browser asked for, open nothing", async () => {
  const claims = freshClaims();
  await invite(claims.email);
  provider.signsWithOtherKey = true;
  const forged = await comeBy(claims);
  expect(forged.location).toMatch(/error=/);
  expect(await forged.client.findSession()).toBeNull();
  provider.signsWithOtherKey = false;
  const back = await backFrom(claims, new AuthClient());
  const victim = new AuthClient();
  await victim.get(back);
  expect(await victim.findSession()).toBeNull();
});

test("a genuine token of the provider that is handed in, and anything else but the way to it, is refused", async () => {
  const claims = freshClaims();
  await invite(claims.email);
  await comeBy(claims);
  const signIns = () => prisma().auditEntry.count({ where: { actorName: claims.email, action: "ConsoleSignin" } });
  const before = await signIns();
  const nonce = randomUUID();
  const client = new AuthClient();
  for (const more of [
    { idToken: { token: await provider.signIdToken(claims, nonce), nonce } },
    { scopes: ["openid", "offline_access"] },
    { additionalParams: { prompt: "none" } },
    { additionalData: { anything: true } },
    { loginHint: claims.email },
    { requestSignUp: true },
  ]) {
    const answer = await client.post(LEAVE_PATH, { provider: "oidc", callbackURL: "/trails", ...more });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: "VALIDATION_ERROR" })]);
  }
  expect(await client.findSession()).toBeNull();
  expect(await signIns()).toBe(before);
});

test("strangers behind the same address keep nobody out of a browser that is known, which has a limit of its own", async () => {
  const address = "203.0.113.60";
  const claims = freshClaims();
  await invite(claims.email);
  const own = new AuthClient(address);
  await comeBy(claims, own);
  const stranger = new AuthClient(address);
  const leave = (client: AuthClient) => client.post(LEAVE_PATH, { provider: "oidc", disableRedirect: true });
  const statuses = async (times: number, ask: () => Promise<Response>) =>
    (await Promise.all(Array.from({ length: times }, ask))).map(({ status }) => status);
  // Twice what is let through, because a minute may end meanwhile.
  expect(await statuses(61, () => leave(stranger))).toContain(429);
  expect(await statuses(61, () => stranger.get("/callback/oidc?state=made-up&code=made-up"))).toContain(429);
  const again = await comeBy(claims, own);
  expect(again.location).toBe("/trails");
  expect(await statuses(61, () => leave(own))).toContain(429);
});

test("a provider whose address leads inwards is asked for nothing, at none of its addresses", async () => {
  const claims = freshClaims();
  await invite(claims.email);
  const client = new AuthClient();
  const back = await backFrom(claims, client);
  const asked = provider.requests;
  provideSettings({ PRIVATE_ENDPOINTS: "" });
  // Connections that are open have been checked; the provider ends them, so that the next is dialled.
  provider.closeConnections();
  await client.get(back);
  expect(await client.findSession()).toBeNull();
  expect(provider.requests).toBe(asked);
});
