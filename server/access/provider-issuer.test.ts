import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { prisma } from "@/server/db.ts";
import { provideSettings } from "@/server/env.ts";
import { log } from "@/server/log.ts";
import { guardFetch } from "@/server/network/guarded-fetch.ts";
import { AuthClient } from "@/testing/auth-client.ts";
import { OIDC_CLIENT, OidcProvider } from "@/testing/oidc-provider.ts";
import { auth } from "./auth.ts";
import { commandLineScope } from "./command-line.ts";
import { createMember } from "./commands.ts";
import { CALLBACK_PATH, LEAVE_PATH } from "./single-sign-on.ts";

const ACCOUNT = "7300000000000002";

let provider: OidcProvider;

beforeAll(async () => {
  provider = await OidcProvider.start();
  provider.namedIssuer = `${provider.issuer}/other-tenant`;
  guardFetch([]);
  await prisma().account.create({ data: { id: ACCOUNT, name: "Test" } });
  provideSettings({
    // The first discovery fails, and is tried again with the first request.
    PRIVATE_ENDPOINTS: "",
    PUBLIC_URL: "http://console.example:3000",
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: OIDC_CLIENT.id,
    OIDC_CLIENT_SECRET: OIDC_CLIENT.secret,
  });
  await auth().$context;
  provideSettings({ PRIVATE_ENDPOINTS: "127.0.0.1/32" });
});

beforeEach(() => {
  vi.restoreAllMocks();
});

afterAll(async () => {
  await provider.stop();
});

const REFUSED = [403, expect.objectContaining({ code: "ISSUER_MISMATCH" })];

async function leave(client: AuthClient) {
  const answer = await client.post(LEAVE_PATH, { provider: "oidc", callbackURL: "/trails", disableRedirect: true });
  return { status: answer.status, body: (await answer.json()) as { url?: string } };
}

function mismatchAt(path: string) {
  const facts = { path, errorCode: "ISSUER_MISMATCH", issuer: provider.namedIssuer };
  return [expect.objectContaining(facts), expect.stringContaining("another issuer")];
}

test("nobody is sent to a provider whose discovery names another issuer, also when it was found late; it is in the log", async () => {
  const logged = vi.spyOn(log, "error");
  const asked = provider.requests;
  const { status, body } = await leave(new AuthClient());
  expect([status, body]).toEqual(REFUSED);
  expect(provider.requests).toBe(asked + 1);
  expect(logged).toHaveBeenCalledWith(...mismatchAt(LEAVE_PATH));
});

test.each(["/", "?", "#"])("an issuer that differs by %s alone is another", async (end) => {
  provideSettings({ OIDC_ISSUER: `${provider.namedIssuer}${end}` });
  const { status, body } = await leave(new AuthClient());
  expect([status, body]).toEqual(REFUSED);
});

test("nobody who comes back from one is let in, and it is told no code and no secret", async () => {
  const email = `${randomUUID()}@example.com`;
  const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreateMember");
  await createMember(scope, { email, name: "P", password: "correct horse battery", role: "admin" });
  const claims = { sub: randomUUID(), name: "P", email, email_verified: true };
  const backOf = async (client: AuthClient) => {
    provideSettings({ OIDC_ISSUER: provider.namedIssuer });
    const { url = "" } = (await leave(client)).body;
    return provider.authorize(url, claims).replace(/^.*\/api\/auth/, "");
  };
  const refused = new AuthClient();
  const back = await backOf(refused);
  // What another process says that has found the issuer to be another.
  provideSettings({ OIDC_ISSUER: provider.issuer });
  const logged = vi.spyOn(log, "error");
  const asked = provider.requests;
  const answer = await refused.get(back);
  expect([answer.status, await answer.json()]).toEqual(REFUSED);
  expect(logged).toHaveBeenCalledWith(...mismatchAt(CALLBACK_PATH));
  expect(provider.requests).toBe(asked);
  expect(await refused.findSession()).toBeNull();
  const known = new AuthClient();
  await known.get(await backOf(known));
  expect((await known.findSession())?.user.email).toBe(email);
});
