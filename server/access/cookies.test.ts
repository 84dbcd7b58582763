import { beforeEach, describe, expect, it, vi } from "vitest";
import { addPerson } from "@/testing/console-session.ts";
import { createBuiltInAccount } from "@/testing/history-account.ts";

beforeEach(() => {
  vi.resetModules();
});

/** The cookie of a new session, as a process of its own with this public address sets it. */
async function sessionCookie(publicUrl: string) {
  const { provideSettings } = await import("@/server/env.ts");
  provideSettings({ PUBLIC_URL: publicUrl });
  const { auth } = await import("./auth.ts");
  const person = await addPerson(await createBuiltInAccount(), "viewer");
  const { headers } = await auth().api.signInEmail({ body: person, headers: new Headers(), returnHeaders: true });
  const [cookie = ""] = headers.getSetCookie().filter((line) => line.includes("session_token"));
  const session = await auth().api.getSession({ headers: new Headers({ cookie: cookie.split(";")[0] ?? "" }) });
  expect(session?.user.email).toBe(person.email);
  return cookie;
}

describe("the cookie of a session", () => {
  it("belongs to this host alone, and to TLS, where the console has it", async () => {
    const cookie = await sessionCookie("https://console.example");
    expect(cookie).toMatch(/^__Host-better-auth\.session_token=/);
    for (const attribute of [/; Secure/i, /; HttpOnly/i, /; SameSite=Lax/i, /; Path=\/(;|$)/i]) {
      expect(cookie).toMatch(attribute);
    }
    expect(cookie).not.toMatch(/; Domain/i);
  });

  it("comes back over plain HTTP where there is no TLS", async () => {
    const cookie = await sessionCookie("");
    expect(cookie).toMatch(/^better-auth\.session_token=/);
    expect(cookie).not.toMatch(/; Secure/i);
  });
});
