import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Role } from "@/domain/access/role.ts";
import { commandLineScope } from "@/server/access/command-line.ts";
import { createInvitation } from "@/server/access/invitations.ts";
import { removeMemberTwoFactor } from "@/server/access/members.ts";
import { pool, prisma } from "@/server/db.ts";
import { actionHeaders } from "@/testing/console-actions.ts";
import { addPerson, type Person } from "@/testing/console-session.ts";
import { createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";
import { codeOf } from "@/testing/totp.ts";

/** A web process is there within seconds; on a machine that does everything at once, later. */
const WEB_START_LIMIT_MS = 180_000;

let web: ProductProcess;
let base: string;
let account: HistoryAccount;

beforeAll(async () => {
  account = await createBuiltInAccount();
  const port = await findFreePort();
  base = `http://127.0.0.1:${port}`;
  web = await startProduct("web/main.ts", { PORT: String(port), NODE_ENV: "production", SECOND_FACTOR: "required" });
}, WEB_START_LIMIT_MS);

afterAll(() => web?.stop());

/** A browser that keeps its cookies, and follows no redirect unless it is told to. */
class Browser {
  readonly #cookies = new Map<string, string>();

  get(path: string, init: RequestInit = {}): Promise<Response> {
    return this.#send(path, init);
  }

  post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { origin: base, "content-type": "application/json", ...headers },
    });
  }

  /** Calls the action by which a person ends their other sessions: whoever is let in may, and it takes no input. */
  callAction(): Promise<Response> {
    return this.post("/security", [], actionHeaders("endOtherSessionsAction"));
  }

  async #send(path: string, { headers, ...init }: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const all = { cookie, "accept-language": "en", ...Object.fromEntries(new Headers(headers)) };
    const response = await fetch(`${base}${path}`, { redirect: "manual", ...init, headers: all });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    return response;
  }
}

async function signedIn({ email, password }: Person): Promise<Browser> {
  const browser = new Browser();
  const { status } = await browser.post("/api/auth/sign-in/email", { email, password });
  expect(status).toBe(200);
  return browser;
}

async function freshPerson(role: Role = "viewer"): Promise<Person & { readonly browser: Browser }> {
  const person = await addPerson(account, role);
  return { ...person, browser: await signedIn(person) };
}

async function setUp(browser: Browser, password: string): Promise<string> {
  const answer = await browser.post("/api/auth/two-factor/enable", { password });
  const { totpURI } = (await answer.json()) as { totpURI: string };
  expect((await browser.post("/api/auth/two-factor/verify-totp", { code: codeOf(totpURI) })).status).toBe(200);
  return totpURI;
}

function wayOf(response: Response): readonly [number, string | null] {
  return [response.status, response.headers.get("location")];
}

const REFUSED = { error: { code: "SecondFactorRequired", message: expect.stringContaining("no authenticator app") } };

function refusalsOf(email: string) {
  return prisma().auditEntry.findMany({
    where: { actorName: email, outcome: "refused" },
    select: { action: true, errorCode: true, details: true },
    orderBy: { at: "asc" },
  });
}

function refusalAt(path: string) {
  return { action: "ConsoleRequest", errorCode: "SecondFactorRequired", details: { path } };
}

it("leads who has none from every page to where one is set up, and on to where they wanted to go", async () => {
  const { browser, password } = await freshPerson();
  const asked = "/jobs?phase=complete";
  const setUpPage = `/authenticator?next=${encodeURIComponent(asked)}`;
  expect(wayOf(await browser.get(asked))).toEqual([307, setUpPage]);
  expect(wayOf(await browser.get("/security"))).toEqual([307, "/authenticator?next=%2Fsecurity"]);
  const page = await browser.get(setUpPage);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("A second factor is required here of everybody who signs in with a password");
  expect(wayOf(await new Browser().get(setUpPage))).toEqual([307, `/sign-in?next=${encodeURIComponent(asked)}`]);

  await setUp(browser, password);
  expect(wayOf(await browser.get(setUpPage))).toEqual([307, asked]);
  expect((await browser.get(asked)).status).toBe(200);
});

it("lets nobody without one read or do anything, and has it in the audit: of reads the first, of actions each", async () => {
  const { browser, email, password } = await freshPerson();
  for (let round = 0; round < 2; round++) {
    for (const path of ["/slot/data", "/events/data"]) {
      const response = await browser.get(path);
      expect([response.status, await response.json()]).toEqual([403, REFUSED]);
    }
    expect(await (await browser.callAction()).text()).toContain('"code":"SecondFactorRequired"');
  }
  const entries = await refusalsOf(email);
  const paths = ["/slot/data", "/events/data", "/security", "/security"];
  expect(entries).toEqual(expect.arrayContaining(paths.map(refusalAt)));
  expect(entries).toHaveLength(paths.length);

  await setUp(browser, password);
  expect((await browser.get("/slot/data")).status).toBe(200);
  expect((await browser.get("/events/data")).status).toBe(200);
  expect(await (await browser.callAction()).text()).toContain('"ok":true');
});

it("tells nothing of the account in what a page reads of another", async () => {
  const { browser, password } = await freshPerson();
  const read = async () => {
    const response = await browser.get("/trails", { headers: { rsc: "1" }, redirect: "follow" });
    return `${response.url}\n${await response.text()}`;
  };
  const refused = await read();
  expect(refused).toContain("/authenticator?next=");
  expect(refused).not.toContain(account.accountId);
  await setUp(browser, password);
  expect(await read()).toContain(account.accountId);
});

it("lets who has one sign in by it, keep it and renew its backup codes, and not remove it", async () => {
  const { browser, email, password } = await freshPerson("admin");
  const totpUri = await setUp(browser, password);
  const again = await signedIn({ email, password });
  expect((await again.get("/slot/data")).status).toBe(401);
  const code = codeOf(totpUri, 1);
  expect((await again.post("/api/auth/two-factor/verify-totp", { code })).status).toBe(200);
  expect((await again.get("/people")).status).toBe(200);

  const removal = await again.post("/api/auth/two-factor/disable", { password });
  expect([removal.status, await removal.json()]).toEqual([
    403,
    expect.objectContaining({ code: "SecondFactorRequired" }),
  ]);
  expect(await refusalsOf(email)).toEqual([
    { action: "backtrail:DisableTwoFactor", errorCode: "SecondFactorRequired", details: {} },
  ]);
  expect(await prisma().user.findUnique({ where: { email } })).toMatchObject({ twoFactorEnabled: true });
  expect((await again.get("/slot/data")).status).toBe(200);
  expect((await again.post("/api/auth/two-factor/generate-backup-codes", { password })).status).toBe(200);
  expect(await (await again.get("/security")).text()).toContain("so the authenticator cannot be removed");
});

it("ends what a password alone has begun elsewhere, once its person has set one up", async () => {
  const { browser, email, password } = await freshPerson();
  const elsewhere = await signedIn({ email, password });
  await setUp(browser, password);
  // With the password, new backup codes would be a way in.
  const renewal = await elsewhere.post("/api/auth/two-factor/generate-backup-codes", { password });
  expect(renewal.status).toBe(401);
  expect((await elsewhere.get("/slot/data")).status).toBe(401);
  expect(wayOf(await elsewhere.get("/trails"))).toEqual([307, "/sign-in?next=%2Ftrails"]);
  expect((await browser.get("/slot/data")).status).toBe(200);
});

it("is what somebody who was invited sets up after the password, and who joins as who they are before they join", async () => {
  const invite = async (email: string) => {
    const { path } = await createInvitation(account.scope("backtrail:CreateInvitation"), { email, role: "operator" });
    return path.split("#token=")[1] ?? expect.unreachable("a link was made");
  };
  const token = await invite(`invited-${randomUUID()}@backtrail.test`);
  const browser = new Browser();
  const body = { token, name: "Invited", password: randomUUID() };
  expect((await browser.post("/api/auth/people/accept-invitation", body)).status).toBe(200);
  expect(wayOf(await browser.get("/trails"))).toEqual([307, "/authenticator?next=%2Ftrails"]);

  const person = await addPerson(await createBuiltInAccount(), "viewer");
  const open = { page: "invitation", token: await invite(person.email) };
  const known = await signedIn(person);
  // As the page hands in what it finds in its address; and as links were that hold from before.
  expect((await known.post("/api/auth/people/open-link", open)).status).toBe(200);
  const ways = ["/invitation", `/invitation?token=${open.token}`];
  for (const way of ways) {
    expect(wayOf(await known.get(way))).toEqual([307, `/authenticator?next=${encodeURIComponent(way)}`]);
  }
  await setUp(known, person.password);
  for (const way of ways) {
    expect(await (await known.get(way)).text()).toContain(`Join as ${person.email}`);
  }
});

it("is demanded anew once an authenticator was taken away, of an open page's polls as well", async () => {
  const { browser, email, password } = await freshPerson();
  await setUp(browser, password);
  // Twice, so that the second is answered from what the process remembers of the session.
  for (let round = 0; round < 2; round++) {
    expect((await browser.get("/slot/data")).status).toBe(200);
  }
  const { id: userId } = await prisma().user.findUniqueOrThrow({ where: { email } });
  // Gone first without the command, which ends the session as well.
  await prisma().user.update({ where: { id: userId }, data: { twoFactorEnabled: false } });
  const polled = await browser.get("/slot/data");
  expect([polled.status, await polled.json()]).toEqual([403, REFUSED]);
  const scope = commandLineScope(account.accountId, "test", "backtrail:RemoveMemberTwoFactor");
  await removeMemberTwoFactor(scope, { userId });
  expect((await browser.get("/slot/data")).status).toBe(401);

  const again = await signedIn({ email, password });
  expect(wayOf(await again.get("/trails"))).toEqual([307, "/authenticator?next=%2Ftrails"]);
  await setUp(again, password);
  expect((await again.get("/trails")).status).toBe(200);
});

it("leaves who comes by single sign-on to their provider", async () => {
  const { browser, email } = await freshPerson();
  expect((await browser.get("/slot/data")).status).toBe(403);
  await pool().query(
    `UPDATE session SET begun_by = 'single-sign-on' WHERE user_id = (SELECT id FROM "user" WHERE email = $1)`,
    [email],
  );
  for (const path of ["/slot/data", "/slot/data", "/trails", "/security"]) {
    expect((await browser.get(path)).status).toBe(200);
  }
});

it("says on the page of the people who has to set one up", async () => {
  const { browser, password } = await freshPerson("admin");
  await setUp(browser, password);
  await addPerson(account, "operator");
  expect(await (await browser.get("/people")).text()).toContain("To be set up at the next visit");
});
