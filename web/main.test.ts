import { globSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { prisma } from "@/server/db.ts";
import { actionHeaders } from "@/testing/console-actions.ts";
import { addPerson, createSession } from "@/testing/console-session.ts";
import { createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { findFreePort, type ProductProcess, startProduct } from "@/testing/product-process.ts";

/** A web process is there within seconds; on a machine that does everything at once, later. */
const WEB_START_LIMIT_MS = 180_000;

let web: ProductProcess;
let base: string;
let account: HistoryAccount;
let cookie: string;
let firstProbe: readonly [number, unknown];

beforeAll(async () => {
  const port = await findFreePort();
  account = await createBuiltInAccount();
  const cookies = await createSession(await addPerson(account, "admin"));
  cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  base = `http://127.0.0.1:${port}`;
  [web, firstProbe] = await Promise.all([
    startProduct("web/main.ts", { PORT: String(port), NODE_ENV: "production", TRUSTED_PROXIES: "127.0.0.1/32" }),
    // Nobody listens yet.
    vi.waitUntil(() => probe().catch(() => null), { interval: 20, timeout: WEB_START_LIMIT_MS }),
  ]);
}, WEB_START_LIMIT_MS);

afterAll(() => web?.stop());

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${base}${path}`, { redirect: "manual", headers: { cookie, ...headers } });
}

async function probe(): Promise<readonly [number, unknown]> {
  const response = await fetch(`${base}/readyz`);
  return [response.status, await response.json()];
}

/** One of each kind of answer that the console gives. */
const KINDS: readonly (readonly [string, string, number])[] = [
  ["a page", "/trails", 200],
  ["a page that sends a signed-in person on", "/sign-in", 307],
  ["a redirect", "/", 307],
  ["a page that is not there", "/no-such-page", 404],
  ["a page of something that is not there", "/jobs/999999", 200],
  ["a polling route", "/jobs/data", 200],
  ["a shared answer", "/slot/data", 200],
  ["a download", "/audit/export", 200],
  ["a refusal of a route", "/jobs/999999/data", 404],
  ["better-auth's closed paths", "/api/auth/list-sessions", 404],
  ["better-auth's session, which is the server's alone", "/api/auth/get-session", 404],
  ["a probe", "/healthz", 200],
  ["a probe of the database", "/readyz", 200],
  ["a script", firstStatic("js"), 200],
  ["a style", firstStatic("css"), 200],
  ["an icon", "/icon.svg", 200],
  ["an icon that no page has named", "/favicon.ico", 200],
];

/** Those that take more than an address to get. */
const ASKED: readonly (readonly [string, number, () => Promise<Response>])[] = [
  ["a server action's", 200, callAction],
  ["better-auth's", 200, signOutNobody],
  ["a refusal of somebody without a session", 401, () => get("/slot/data", { cookie: "" })],
  ["a refusal of another site's page", 403, () => get("/trails", { cookie: "", origin: "http://evil.example" })],
  ["word that nothing has changed", 304, askAgain],
  ["the one to a report of a breach", 204, () => fetch(`${base}/csp-reports`, { method: "POST", body: "{}" })],
];

function callAction(): Promise<Response> {
  return fetch(`${base}/trails`, {
    method: "POST",
    headers: { cookie, origin: base, ...actionHeaders("switchAccountAction") },
    body: JSON.stringify([{ accountId: account.accountId }]),
  });
}

function signOutNobody(): Promise<Response> {
  const headers = { origin: base, "content-type": "application/json" };
  return fetch(`${base}/api/auth/sign-out`, { method: "POST", headers, body: "{}" });
}

async function askAgain(): Promise<Response> {
  const { headers } = await get("/slot/data");
  return get("/slot/data", { "if-none-match": headers.get("etag") ?? "" });
}

function firstStatic(extension: string): string {
  const [file] = globSync(`.next/static/**/*.${extension}`);
  return `/_next/static/${file?.split(/static[/\\]/)[1]?.replaceAll("\\", "/")}`;
}

describe("an answer of the console", () => {
  function expectHeaders(response: Response): void {
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": expect.stringContaining("camera=()"),
    });
    expect(headers["content-security-policy"]).toMatch(/script-src 'nonce-[A-Za-z0-9+/]{24}' 'strict-dynamic';/);
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(headers).not.toHaveProperty("strict-transport-security");
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  }

  it.each(KINDS)("that is %s has every header of security", async (_, path, status) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expectHeaders(response);
  });

  it.each(ASKED)("that is %s has every header of security", async (_, status, ask) => {
    const response = await ask();
    expect(response.status).toBe(status);
    expectHeaders(response);
  });

  it.each(["/trails", "/jobs", "/events", "/destinations", "/audit", "/sign-in", "/no-such-page", "/jobs/999999"])(
    "at %s runs no script without the nonce of its own policy",
    async (path) => {
      const nonces = new Set<string>();
      for (let round = 0; round < 2; round++) {
        const response = await get(path, path === "/sign-in" ? { cookie: "" } : {});
        const [, nonce] = /'nonce-([^']+)'/.exec(response.headers.get("content-security-policy") ?? "") ?? [];
        const html = await response.text();
        const scripts = html.match(/<script\b[^>]*>/g) ?? [];
        expect(scripts.length).toBeGreaterThan(1);
        expect(scripts.filter((script) => !script.includes(`nonce="${nonce}"`))).toEqual([]);
        expect(html).not.toMatch(/<[a-z][^>]* on[a-z]+=/i);
        expect(html).not.toMatch(/(?:href|src|action)="\s*javascript:/i);
        nonces.add(nonce ?? "");
      }
      expect(nonces.size).toBe(2);
    },
  );

  it.each(KINDS)("that is %s asks for TLS to stay when it came by it, as a trusted proxy says", async (_, path) => {
    const response = await get(path, { "x-forwarded-proto": "https" });
    expect(response.headers.get("strict-transport-security")).toMatch(/^max-age=31536000/);
  });

  it("is not made by the image optimiser", async () => {
    // With the optimiser on, it is a 400: an SVG is no image for it.
    expect((await get("/_next/image?url=%2Ficon.svg&w=64&q=75")).status).toBe(404);
  });
});

describe("a console that has just begun to listen", () => {
  it("says that it is starting until its pages are loaded, and not that it is ready", async () => {
    expect(firstProbe).toEqual([503, { status: "starting" }]);
    expect(await probe()).toEqual([200, { status: "ready" }]);
  });
});

describe("a request from another site's page", () => {
  it("is refused, and with a person's session is in the audit, with who, from where and what", async () => {
    const headers = { origin: "http://evil.example", "x-forwarded-for": "1.1.1.1, 198.51.100.7" };
    for (const path of ["/trails", "/api/auth/sign-out"]) {
      const response = await fetch(`${base}${path}`, { method: "POST", headers: { cookie, ...headers }, body: "x" });
      expect([response.status, await response.json()]).toEqual([403, { error: { code: "ForeignOrigin" } }]);
      expect(Object.fromEntries(response.headers)).not.toHaveProperty("set-cookie");
    }
    expect((await fetch(`${base}/trails`, { method: "POST", headers: { cookie }, body: "x" })).status).toBe(403);
    const entries = await prisma().auditEntry.findMany({
      where: { accountId: account.accountId, action: "ConsoleRequest" },
      orderBy: { at: "asc" },
    });
    expect(entries).toMatchObject([
      {
        outcome: "refused",
        errorCode: "ForeignOrigin",
        from: "198.51.100.7",
        details: { method: "POST", path: "/trails", origin: "http://evil.example" },
      },
      { errorCode: "ForeignOrigin", details: { path: "/api/auth/sign-out" } },
      { errorCode: "MissingOrigin", from: "127.0.0.1" },
    ]);
    expect((await get("/slot/data")).status).toBe(200);
  });
});

describe("a request from a page of another account than the chosen one", () => {
  it("is refused, and in the audit once, however often the page asks", async () => {
    for (let round = 0; round < 2; round++) {
      const response = await get("/slot/data", { "x-account": "9000000000000009" });
      expect([response.status, (await response.json()).error.code]).toEqual([409, "AccountSwitched"]);
    }
    const { accountId } = account;
    expect(await prisma().auditEntry.findMany({ where: { accountId, errorCode: "AccountSwitched" } })).toMatchObject([
      { action: "ConsoleRequest", outcome: "refused", from: "127.0.0.1", details: { path: "/slot/data" } },
    ]);
  });
});

describe("a request without a session", () => {
  it("is refused, and in the log with its path and client, without the query", async () => {
    const headers = { "x-forwarded-for": "198.51.100.8" };
    expect((await fetch(`${base}/jobs/data?newest=another-secret`, { headers })).status).toBe(401);
    const log = join(tmpdir(), `backtrail-test-web-main.ts-${web.pid}.log`);
    const line = /.*"path":"\/jobs\/data".*request without a session refused.*/;
    const logged = await vi.waitUntil(() => readFileSync(log, "utf8").match(line)?.[0], { timeout: 20_000 });
    expect(JSON.parse(logged)).toMatchObject({ path: "/jobs/data", from: "198.51.100.8" });
    expect(readFileSync(log, "utf8")).not.toContain("another-secret");
  });
});

describe("a report of a breach of the policy", () => {
  it("is taken from anybody, answers nothing, and is in the log without what a link's address holds", async () => {
    const report = (body: string) => fetch(`${base}/csp-reports`, { method: "POST", body });
    const breach = { "blocked-uri": "a-breach", "document-uri": `${base}/reset-password?token=a-secret` };
    const response = await report(JSON.stringify({ "csp-report": breach }));
    expect([response.status, await response.text()]).toEqual([204, ""]);
    const log = join(tmpdir(), `backtrail-test-web-main.ts-${web.pid}.log`);
    const logged = await vi.waitUntil(() => readFileSync(log, "utf8").match(/.*a-breach.*/)?.[0], { timeout: 20_000 });
    expect(logged).not.toContain("a-secret");
    // Its connection may end before all of it is sent.
    await report("x".repeat(10_000)).catch(() => null);
    expect((await get("/healthz")).status).toBe(200);
  });
});

describe("a web process behind proxies that is not told its public address", () => {
  it("warns that its cookies are not held to TLS", async () => {
    const log = join(tmpdir(), `backtrail-test-web-main.ts-${web.pid}.log`);
    await vi.waitUntil(() => readFileSync(log, "utf8").includes("PUBLIC_URL is not"), { timeout: 20_000 });
  });
});

describe("a session", () => {
  it("is in use by a page that is asked for, and not by what a page polls", async () => {
    const where = { user: { memberships: { some: { accountId: account.accountId } } } };
    const used = new Date(Date.now() - 5 * 60_000);
    await prisma().session.updateMany({ where, data: { lastUsedAt: used } });
    const lastUse = async () => (await prisma().session.findFirstOrThrow({ where })).lastUsedAt.getTime();
    expect((await get("/slot/data")).status).toBe(200);
    expect(await lastUse()).toBe(used.getTime());
    expect((await get("/trails")).status).toBe(200);
    expect(await lastUse()).toBeGreaterThan(used.getTime());
  });
});
