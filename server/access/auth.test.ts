import { getAuthTables } from "better-auth/db";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Prisma } from "@/prisma/generated/client.ts";
import { prisma } from "@/server/db.ts";
import { log } from "@/server/log.ts";
import { auth } from "./auth.ts";
import { commandLineScope } from "./command-line.ts";
import { createMember } from "./commands.ts";

const ACCOUNTS = ["1000000000000001", "1000000000000002"] as const;
const EMAIL = "ops@example.com";
const PASSWORD = "correct horse battery";

beforeAll(async () => {
  await prisma().account.createMany({ data: ACCOUNTS.map((id) => ({ id, name: "Test" })) });
  for (const accountId of ACCOUNTS) {
    const scope = commandLineScope(accountId, "test", "backtrail:CreateMember");
    await createMember(scope, { email: EMAIL, name: "Ops", password: PASSWORD, role: "operator" });
  }
});

beforeEach(async () => {
  await prisma().rateLimit.deleteMany();
  await prisma().tryCount.deleteMany();
  await prisma().session.deleteMany();
});

/** A request as the browser sends it and web/main.ts passes it on. */
function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return auth().handler(
    new Request(`http://localhost:3000/api/auth${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: {
        "content-type": "application/json",
        host: "console.example:3000",
        origin: "http://console.example:3000",
        "sec-fetch-site": "same-origin",
        "sec-fetch-mode": "cors",
        "x-forwarded-for": "203.0.113.7",
        ...headers,
      },
    }),
  );
}

function signIn(email: string, password: string, headers: Record<string, string> = {}): Promise<Response> {
  return post("/sign-in/email", { email, password }, headers);
}

function signInEntries() {
  return prisma().auditEntry.findMany({ where: { action: "ConsoleSignin" }, orderBy: { at: "asc" } });
}

describe("the tables of better-auth", () => {
  test("are those of the schema, field by field", () => {
    const columns = {
      user: Prisma.UserScalarFieldEnum,
      session: Prisma.SessionScalarFieldEnum,
      credential: Prisma.CredentialScalarFieldEnum,
      verification: Prisma.VerificationScalarFieldEnum,
      rateLimit: Prisma.RateLimitScalarFieldEnum,
      twoFactor: Prisma.TwoFactorScalarFieldEnum,
    };
    const wanted = Object.values(getAuthTables(auth().options)).map(({ modelName, fields }) => [
      modelName,
      ["id", ...Object.entries(fields).map(([name, field]) => field.fieldName ?? name)].sort(),
    ]);
    expect(Object.fromEntries(wanted)).toEqual(
      Object.fromEntries(Object.entries(columns).map(([model, fields]) => [model, Object.keys(fields).sort()])),
    );
  });
});

describe("sign-in", () => {
  test("with the right password makes a session that the cookie opens, whatever the address's case", async () => {
    const response = await signIn("Ops@Example.com", PASSWORD);
    expect(response.status).toBe(200);
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    const session = await auth().api.getSession({ headers: new Headers({ cookie: cookie.split(";")[0] ?? "" }) });
    expect(session?.user.email).toBe(EMAIL);
    expect(await prisma().session.count({ where: { ipAddress: "203.0.113.7" } })).toBe(1);
  });

  test("through the direct call is the same", async () => {
    const { user } = await auth().api.signInEmail({ body: { email: EMAIL, password: PASSWORD } });
    expect(user.email).toBe(EMAIL);
  });

  test.each([
    ["a wrong password", EMAIL],
    ["an unknown address", "nobody@example.com"],
  ])("with %s is refused in the same words", async (_, email) => {
    const response = await signIn(email, "not the password");
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "INVALID_EMAIL_OR_PASSWORD" });
  });

  test("and its failure are in the audit of each of the person's accounts, with the address and without the password", async () => {
    const before = (await signInEntries()).length;
    await signIn(EMAIL, PASSWORD, { "x-forwarded-for": "203.0.113.8" });
    await signIn(EMAIL, "not the password", { "x-forwarded-for": "203.0.113.8" });
    await signIn("nobody@example.com", "not the password");
    const entries = (await signInEntries()).slice(before);
    expect(entries.map(({ accountId }) => accountId).sort()).toEqual([...ACCOUNTS, ...ACCOUNTS].sort());
    expect(new Set(entries.map(({ outcome, errorCode }) => `${outcome} ${errorCode}`))).toEqual(
      new Set(["allowed null", "refused INVALID_EMAIL_OR_PASSWORD"]),
    );
    expect(entries.every(({ actorName, from }) => actorName === EMAIL && from === "203.0.113.8")).toBe(true);
    expect(JSON.stringify(entries)).not.toMatch(/password"|horse/);
    expect(await prisma().auditOutbox.count()).toBeGreaterThanOrEqual(entries.length);
  });

  test.each([
    ["http", "http://console.example:3000"],
    ["https, where TLS ends in front of us", "https://console.example:3000"],
  ])("is taken from our own origin over %s", async (_, origin) => {
    expect((await signIn(EMAIL, PASSWORD, { origin })).status).toBe(200);
  });

  test.each(["http://evil.example", "http://localhost:3000", "http://console.example:3001", "null"])(
    "is refused from the origin %s",
    async (origin) => {
      expect((await signIn(EMAIL, PASSWORD, { origin, "sec-fetch-site": "cross-site" })).status).toBe(403);
    },
  );

  test("under an address that nobody has is in the log, without what was typed", async () => {
    const logged = vi.spyOn(log, "info");
    await signIn("mistyped-secret@example.com", "not the password", { "x-forwarded-for": "203.0.113.64" });
    const lines = logged.mock.calls.map((call) => JSON.stringify(call)).filter((line) => line.includes("203.0.113.64"));
    expect(lines).toEqual([expect.stringContaining("INVALID_EMAIL_OR_PASSWORD")]);
    expect(lines.join()).not.toContain("mistyped-secret");
  });

  test("is limited per client address, and the log has the first that is refused", async () => {
    const logged = vi.spyOn(log, "warn");
    const statuses: number[] = [];
    for (let i = 0; i < 32; i++) {
      statuses.push((await signIn("not an address", "x")).status);
    }
    expect(statuses).toEqual([...Array(30).fill(400), 429, 429]);
    const lines = logged.mock.calls.map((call) => JSON.stringify(call)).filter((line) => line.includes("203.0.113.7"));
    expect(lines).toEqual([expect.stringContaining("TOO_MANY_REQUESTS")]);
    expect((await signIn("not an address", "x", { "x-forwarded-for": "203.0.113.9" })).status).toBe(400);
  });
});

describe("what better-auth offers besides", () => {
  test.each([
    ["/sign-up/email", { email: "new@example.com", password: PASSWORD, name: "New" }],
    ["/update-user", { name: "Other" }],
    ["/change-email", { newEmail: "other@example.com" }],
    ["/change-password", { currentPassword: PASSWORD, newPassword: "another password" }],
    ["/delete-user", {}],
    ["/request-password-reset", { email: EMAIL }],
    ["/two-factor/send-otp", {}],
    ["/two-factor/get-totp-uri", { password: PASSWORD }],
    ["/revoke-sessions", {}],
    ["/link-social", { provider: "oidc" }],
  ])("%s is closed, for who is signed in too", async (path, body) => {
    const { headers } = await signIn(EMAIL, PASSWORD);
    const cookie = headers.get("set-cookie")?.split(";")[0] ?? "";
    expect((await post(path, body, { cookie })).status).toBe(404);
  });

  test("the session with its token is for the server alone: a browser is told of none, its own neither", async () => {
    const { headers } = await signIn(EMAIL, PASSWORD);
    const cookie = headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(await auth().api.getSession({ headers: new Headers({ cookie }) })).not.toBeNull();
    for (const method of ["GET", "POST"]) {
      const url = "http://console.example:3000/api/auth/get-session";
      const origin = "http://console.example:3000";
      const asked = { method, headers: { cookie, origin, host: "console.example:3000" } };
      const answer = await auth().handler(new Request(url, asked));
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain("token");
    }
  });

  test("sign-out ends the session", async () => {
    const { headers } = await signIn(EMAIL, PASSWORD);
    const cookie = headers.get("set-cookie")?.split(";")[0] ?? "";
    expect((await post("/sign-out", {}, { cookie })).status).toBe(200);
    expect(await auth().api.getSession({ headers: new Headers({ cookie }) })).toBeNull();
  });
});
