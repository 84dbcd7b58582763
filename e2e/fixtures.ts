import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import type { Role } from "@/domain/access/role.ts";
import type { Person } from "@/testing/console-session.ts";
import { readBreachReports } from "./breach-reports.ts";
import type { LogServiceKind, TestAccount } from "./test-account.ts";

type TestFixtures = {
  /** The product's own unless a test says otherwise. */
  logService: LogServiceKind;
  /** Days with events: three unless a test needs a longer job. */
  eventDays: number;
  /** An account that this test has for itself. */
  account: TestAccount;
  /** Signs the test's browser in as a new person with this role. */
  signInAs: (role: Role) => Promise<void>;
  /** Signs it in as somebody who belongs to no account. */
  signInAsStranger: () => Promise<void>;
  /** The same as signInAs, in an account that has nothing to do with the test's own. */
  signInToOtherAccountAs: (role: Role) => Promise<void>;
  /** What the content security policy has kept the test's pages from: a test that leaves any there fails. */
  breaches: string[];
  /** A page in a browser of somebody else's, who is nobody yet. */
  otherPage: Page;
};

type WorkerFixtures = {
  /** What works on the product's database. Loaded here and not above, because only test processes may load it. */
  product: typeof import("./test-account.ts");
  /** Fails the run when any browser has reported a breach, also one of a page that no test watches. */
  breachReports: undefined;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  logService: ["built-in", { option: true }],
  eventDays: [3, { option: true }],
  product: [
    // Playwright wants to see a pattern here, also of a fixture that depends on none.
    async ({ browserName: _none }, use) => {
      const { closeDatabase } = await import("@/server/db.ts");
      const { env, provideSettings } = await import("@/server/env.ts");
      const { joinEmbeddedPostgres } = await import("@/server/postgres/embedded.ts");
      const { closeQueue } = await import("@/server/queue.ts");
      const { DATA_DIR } = env();
      const database = await joinEmbeddedPostgres(DATA_DIR);
      provideSettings({
        DATABASE_URL: database.applicationUrl,
        // Made by the product, which has started before any test.
        BACKTRAIL_SECRET: readFileSync(join(DATA_DIR, "secret"), "utf8"),
      });
      await use(await import("./test-account.ts"));
      await closeQueue();
      await closeDatabase();
      await database.leave();
    },
    { scope: "worker" },
  ],
  breachReports: [
    async ({ browserName: _none }, use) => {
      await use(undefined);
      expect(readBreachReports().unexpected).toEqual([]);
    },
    { scope: "worker", auto: true },
  ],
  breaches: [
    async ({ context }, use) => {
      const breaches: string[] = [];
      await watch(context, breaches);
      await use(breaches);
      expect(breaches).toEqual([]);
    },
    { auto: true },
  ],
  otherPage: async ({ browser, breaches }, use) => {
    const context = await browser.newContext({ reducedMotion: "reduce" });
    await watch(context, breaches);
    await use(await context.newPage());
    await context.close();
  },
  account: async ({ product, logService, eventDays }, use) => {
    const account = await product.createTestAccount({ logService, eventDays });
    await use(account);
    await account.close();
  },
  signInAs: async ({ product, account, context, baseURL }, use) => {
    await use(async (role) => {
      await context.addCookies(await sessionCookies(product, await account.addPerson(role), baseURL));
    });
  },
  signInAsStranger: async ({ product, account, context, baseURL }, use) => {
    await use(async () => {
      const person = await account.addPerson("viewer");
      await context.addCookies(await sessionCookies(product, person, baseURL));
      await account.removePlaces(person);
    });
  },
  signInToOtherAccountAs: async ({ product, context, baseURL }, use) => {
    const account = await product.createTestAccount({ logService: "built-in", eventDays: 1 });
    await use(async (role) => {
      await context.addCookies(await sessionCookies(product, await account.addPerson(role), baseURL));
    });
    await account.close();
  },
});

/** Notes every breach of the content security policy in any page of these. */
async function watch(context: BrowserContext, breaches: string[]): Promise<void> {
  await context.exposeBinding("noteBreach", (_source, breach: string) => breaches.push(breach));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, sample }) => {
      Reflect.get(window, "noteBreach")([effectiveDirective, blockedURI, sourceFile, sample].join(" "));
    });
  });
}

async function sessionCookies(product: WorkerFixtures["product"], person: Person, baseURL: string | undefined) {
  const cookies = await product.createSession(person);
  return cookies.map((cookie) => ({ ...cookie, url: baseURL ?? "" }));
}

export { expect };
