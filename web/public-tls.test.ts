import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actionHeaders } from "@/testing/console-actions.ts";
import { addPerson, addPlace, createSession } from "@/testing/console-session.ts";
import { createBuiltInAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";

/** A web process is there within seconds; on a machine that does everything at once, later. */
const WEB_START_LIMIT_MS = 180_000;

let web: ProductProcess;
let host: string;
/** The accounts of one person: without a choice they work in the first. */
let first: string;
let second: string;
let session: string;

beforeAll(async () => {
  const accounts = [await createBuiltInAccount(), await createBuiltInAccount()];
  const [own, other] = accounts.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1));
  if (own === undefined || other === undefined) {
    return expect.unreachable();
  }
  [first, second] = [own.accountId, other.accountId];
  const person = await addPerson(own, "viewer");
  await addPlace(other, person.email, "viewer");
  const cookies = await createSession(person);
  // The signature is of the value alone, which a process with TLS keeps under its own name.
  session = cookies.map(({ name, value }) => `__Host-${name}=${value}`).join("; ");
  const port = await findFreePort();
  host = `127.0.0.1:${port}`;
  web = await startProduct("web/main.ts", {
    PORT: String(port),
    NODE_ENV: "production",
    PUBLIC_URL: "https://console.example",
  });
}, WEB_START_LIMIT_MS);

afterAll(() => web?.stop());

/** Whether this is the account that a request with these cookies is answered for. */
async function isWorkingIn(accountId: string, cookie: string): Promise<boolean> {
  const statuses = new Set<number>();
  // The second answer may come from those that consoles share.
  for (let round = 0; round < 2; round++) {
    const response = await fetch(`http://${host}/slot/data`, { headers: { cookie, "x-account": accountId } });
    statuses.add(response.status);
  }
  expect([[200], [409]]).toContainEqual([...statuses]);
  return statuses.has(200);
}

describe("where the console's public address has TLS", () => {
  it("the cookie of the chosen account is held to it and to this host, and no other decides", async () => {
    const response = await fetch(`http://${host}/trails`, {
      method: "POST",
      headers: {
        cookie: session,
        origin: `https://${host}`,
        ...actionHeaders("switchAccountAction"),
      },
      body: JSON.stringify([{ accountId: second }]),
    });
    expect(await response.text()).toContain('"ok":true');
    const [cookie = "", ...others] = response.headers.getSetCookie();
    expect(others).toEqual([]);
    for (const part of [/^__Host-account=/, /; Secure/i, /; HttpOnly/i, /; SameSite=Lax/i, /; Path=\/(;|$)/i]) {
      expect(cookie).toMatch(part);
    }
    expect(cookie).not.toMatch(/; Domain/i);
    const [chosen = ""] = cookie.split(";");
    expect(await isWorkingIn(second, `${session}; ${chosen}`)).toBe(true);
    expect(await isWorkingIn(second, `${session}; account=${second}`)).toBe(false);
    expect(await isWorkingIn(first, `${session}; account=${second}`)).toBe(true);
  });

  it.each(["/sign-in", "/slot/data", "/healthz", "/no-such-page", "/icon.svg"])(
    "browsers are held to it by %s",
    async (path) => {
      const response = await fetch(`http://${host}${path}`, { redirect: "manual" });
      expect(response.headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
    },
  );
});
