import type { Locator, Page, Response } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScroll } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { JobPage } from "./pages/job-page.ts";
import { clickUntilOpen } from "./pages/press-until-open.ts";
import { SignInPage } from "./pages/sign-in-page.ts";
import { daysAgo, startJob, TRAIL } from "./start-job.ts";
import type { DamageableList } from "./test-account.ts";

// Every page, dialog and state that no story comes by. One person and one account look at many of them: axe takes the time, and what it
// looks at are states that do not depend on each other.

/** A state: what it is, the address where it is found, what shows that it is there, and what has to be done for that. */
type State = {
  readonly name: string;
  readonly path: string;
  readonly shown: string | RegExp;
  readonly reach?: (page: Page) => Promise<void>;
};

async function expectAccessibleStates(
  page: Page,
  states: readonly State[],
  place = page.locator("body"),
): Promise<void> {
  for (const { name, path, shown, reach } of states) {
    await test.step(name, async () => {
      await page.goto(path);
      await reach?.(page);
      await expect(place.getByText(shown).first()).toBeVisible();
      await expectAccessible(page);
      await page.unrouteAll({ behavior: "ignoreErrors" });
    });
  }
}

const LOGSTORE = "/destinations/cn-hangzhou/history-test/actiontrail_all-regions";
const OWN_WINDOW = `${daysAgo(13)}:00Z/${daysAgo(11)}:00Z`;

function openBy(button: string): (page: Page) => Promise<void> {
  return (page) =>
    clickUntilOpen(
      page.getByRole("button", { name: button, exact: true }),
      page.getByRole("dialog").or(page.getByRole("menu")).last(),
    );
}

const DIALOGS: readonly State[] = [
  { name: "the preferences", path: "/trails", shown: "As the system", reach: openBy("Preferences") },
  { name: "starting a trail", path: "/trails/never-enabled?ask=start", shown: "Start never-enabled?" },
  { name: "stopping a trail", path: `/trails/${TRAIL}?ask=stop`, shown: `Stop ${TRAIL}?` },
  {
    name: "a trail's form with what is wrong",
    path: "/trails?create=true",
    shown: /6 to 36 lowercase letters/,
    reach: async (page) => {
      const form = page.getByRole("dialog");
      await form.getByLabel("Name", { exact: true }).fill("A");
      await form.getByRole("radio", { name: "Only these…" }).click();
      await form.getByRole("button", { name: "Create trail" }).click();
      await expect(form).toContainText("Choose at least one region");
    },
  },
  {
    name: "editing a log project",
    path: "/destinations?panel=edit:cn-hangzhou/wrong-key",
    shown: "Edit wrong-key",
  },
  {
    name: "deleting a log project",
    path: "/destinations?panel=delete:cn-hangzhou/wrong-key",
    shown: "Delete wrong-key?",
  },
  {
    name: "a log project that is gone",
    path: "/destinations?panel=edit:cn-hangzhou/no-such-project",
    shown: "There is no such log project",
  },
  {
    name: "the calendar",
    path: `/trails?redeliver=${TRAIL}&window=${OWN_WINDOW}`,
    shown: "Mo",
    reach: async (page) => {
      await clickUntilOpen(page.getByRole("button", { name: "Choose days…" }), page.getByRole("grid"));
    },
  },
  {
    name: "an own range of events that ends before it begins",
    path: "/events",
    shown: "The end is not later than the start.",
    reach: async (page) => {
      await openBy("Own range…")(page);
      const range = page.getByRole("dialog", { name: "Own time range" });
      await range.getByLabel("From", { exact: true }).fill("2026-01-02T00:00");
      await range.getByLabel("To", { exact: true }).fill("2026-01-01T00:00");
      await range.getByRole("button", { name: "Show this range" }).click();
    },
  },
  {
    name: "a redelivery that can't be counted",
    path: `/trails?redeliver=${TRAIL}&window=${daysAgo(30)}:00Z/${daysAgo(25)}:00Z`,
    shown: "Nothing to send",
  },
];

const LISTS: readonly State[] = [
  { name: "no trail fits", path: "/trails?find=nothing-like-it", shown: "No trail fits these filters" },
  { name: "no entry of the audit fits", path: "/audit?who=nobody", shown: "The audit has no such entries" },
  {
    name: "an entry of the audit that is not there",
    path: "/audit?entry=00000000-0000-4000-8000-000000000000",
    shown: "There is no such entry in this account.",
  },
  { name: "a logstore without logs", path: LOGSTORE, shown: "Nothing has arrived yet" },
  { name: "no log fits", path: `${LOGSTORE}?q=eventName:%20NoSuchEvent`, shown: "No log fits" },
  {
    name: "a search that means nothing",
    path: `${LOGSTORE}?q=${encodeURIComponent('eventName: "open')}`,
    shown: "The quote at character 12 is not closed.",
  },
  {
    name: "events in a range that ends before it begins",
    path: "/events?from=2026-01-02T00:00&to=2026-01-01T00:00",
    shown: "ends before it begins",
  },
  {
    name: "no events in the range",
    path: `/events?from=${daysAgo(40)}&to=${daysAgo(39)}`,
    shown: "Nothing was recorded in this time range.",
  },
  {
    name: "events that can't be read",
    path: "/events",
    shown: "The events could not be read just now",
    reach: async (page) => {
      await page.route("**/events/data?*", (route) => route.abort());
      await page.getByRole("radio", { name: "Write", exact: true }).click();
    },
  },
  {
    name: "an event that is not there",
    path: "/events?event=2026-01-01T00:00:00Z/cn-hangzhou/none",
    shown: "History does not have this event",
  },
];

const NOT_THERE: readonly State[] = [
  { name: "no such page", path: "/no-such-page", shown: "There is no such page" },
  { name: "no such trail", path: "/trails/no-such-trail", shown: "There is no such trail in this account" },
  { name: "no such job", path: "/jobs/0", shown: "There is no such job in this account" },
  {
    name: "no such logstore",
    path: "/destinations/cn-hangzhou/history-test/actiontrail_none",
    shown: "There is no such logstore in this account",
  },
];

/** For nobody who is signed in. */
const OUTSIDE: readonly State[] = [
  {
    name: "a forgotten password where nothing sends mails",
    path: "/forgot-password",
    shown: "No mail server is set here",
  },
  { name: "an invitation without its link", path: "/invitation", shown: "This address is not the whole link" },
  { name: "a new password without its link", path: "/reset-password", shown: "This address is not the whole link" },
];

test.slow();

test("every dialog that no story opens has no accessibility violations", async ({
  page,
  signInAs,
  product,
  account,
}) => {
  const sink = await product.startAnsweringLogService(account.accountId, "wrong-key");
  await signInAs("admin");
  await expectAccessibleStates(page, DIALOGS, page.getByRole("dialog").or(page.getByRole("menu")));
  await sink.stop();
});

test("every list without data, and every address that names nothing, has no accessibility violations", async ({
  page,
  signInAs,
  account,
}) => {
  await signInAs("admin");
  await expectAccessibleStates(page, [...LISTS, ...NOT_THERE]);
  await account.removeTrails();
  await expectAccessibleStates(page, [{ name: "no trails", path: "/trails", shown: "No trails yet" }]);
});

test("pages outside the console's frame have no accessibility violations", async ({
  page,
  account,
  signInAsStranger,
}) => {
  const signIn = new SignInPage(page);
  await signIn.open();
  await signIn.signIn((await account.addPerson("viewer")).email, "not the password of anybody");
  await expect(signIn.refusal).toBeVisible();
  await expectAccessible(page);
  await expectAccessibleStates(page, OUTSIDE);
  await signInAsStranger();
  await expectAccessibleStates(page, [{ name: "no account", path: "/trails", shown: "You are in no account yet" }]);
});

/** After so long a page that could not be read is tried again by itself, as it says. */
const RETRY_INTERVAL_MS = 15_000;

/** A page that is read from rows that can be damaged: what it says then, and what is on it once they are whole again. */
type UnreadablePage = {
  readonly path: string;
  readonly list: DamageableList;
  readonly failed: string;
  readonly shown: string | RegExp;
};

const UNREADABLE: readonly UnreadablePage[] = [
  { path: "/trails", list: "trails", failed: "The trails could not be read", shown: "org-wide" },
  { path: `/trails/${TRAIL}`, list: "trails", failed: "The trails could not be read", shown: "history-test" },
  { path: "/jobs", list: "jobs", failed: "The jobs could not be read", shown: "bob@example.com" },
  {
    path: "/destinations",
    list: "logstores",
    failed: "The destinations could not be read",
    shown: "actiontrail_never-enabled",
  },
  { path: LOGSTORE, list: "logstores", failed: "The logs could not be read", shown: "Nothing has arrived yet" },
  {
    path: "/access-keys",
    list: "accessKeys",
    failed: "The access keys of this account could not be read",
    shown: /LTAI/,
  },
  {
    path: "/people",
    list: "sessions",
    failed: "The people of this account could not be read",
    shown: /^admin-.*@backtrail\.test/,
  },
  { path: "/security", list: "sessions", failed: "Your security could not be read", shown: "this session" },
];

test("every list that can't be read says so, has no accessibility violations, and recovers when asked", async ({
  page,
  signInAs,
  account,
}) => {
  await account.storeEndedJobs(1);
  await account.addAccessKey();
  await signInAs("admin");
  // So that what recovers does so because it was asked to, and not by itself just then.
  await page.addInitScript((retryIntervalMs) => {
    const setAnyInterval = window.setInterval;
    window.setInterval = ((run: () => void, ms?: number) =>
      ms === retryIntervalMs ? 0 : setAnyInterval(run, ms)) as typeof window.setInterval;
  }, RETRY_INTERVAL_MS);
  for (const { path, list, failed, shown } of UNREADABLE) {
    await test.step(path, async () => {
      await account.setListReadable(list, false);
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1, name: failed })).toBeVisible();
      await expect(page.getByText(`It is tried again every ${RETRY_INTERVAL_MS / 1_000} s.`)).toBeVisible();
      await expectAccessible(page);
      await account.setListReadable(list, true);
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(page.getByRole("main").getByText(shown).first()).toBeVisible();
    });
  }
});

test("an audit that can't be read says so, has no accessibility violations, and is read where it is whole", async ({
  page,
  signInAs,
  account,
  product,
}) => {
  await product.damageAudit(account.accountId);
  await signInAs("admin");
  await page.goto("/audit");
  await expect(page.getByRole("heading", { level: 1, name: "The audit could not be read" })).toBeVisible();
  await expectAccessible(page);
  await page.goto("/audit?who=nobody");
  await expect(page.getByRole("heading", { level: 1, name: "Audit", exact: true })).toBeVisible();
});

test.describe("while a job is held", () => {
  // More slices than are delivered at a time, so that some are left to be paused.
  test.use({ logService: "held", eventDays: 8 });

  test("a page that can't be read says so, has no accessibility violations, and recovers when asked", async ({
    page,
    signInAs,
    account,
  }) => {
    await signInAs("operator");
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toContainText("Delivering");
    await account.setReadable(jobId, false);
    await page.goto("/trails");
    await expect(page.getByRole("heading", { name: "The console could not be shown" })).toBeVisible();
    await expect(page.getByText("give your operator this reference")).toBeVisible();
    await expectAccessible(page);
    await account.setReadable(jobId, true);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Trails" })).toBeVisible();
  });

  test("a job that is paused, and one whose page can't be renewed, has no accessibility violations", async ({
    page,
    signInAs,
    account,
  }) => {
    await signInAs("operator");
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toContainText("Delivering");
    await job.pause();
    account.releaseLogService();
    await expect(job.heading).toHaveText(`Job ${jobId} Paused`);
    await expectAccessible(page);
    await job.openDialog("Resume…");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.route(/\/(jobs\/\d+|slot)\/data/, (route) => route.abort());
    await expect(job.main).toContainText("Not updated for");
    await expectAccessible(page);
  });
});

test.describe("where the log service does not take the key", () => {
  test.use({ logService: "wrong-key" });

  test("a failed job, its retry, its deletion and what is left of it have no accessibility violations", async ({
    page,
    signInAs,
    account,
  }) => {
    await signInAs("operator");
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toContainText("Failed");
    await expect(job.main).toContainText("SignatureNotMatch");
    await expectAccessible(page);
    await job.openDialog(await retryOf(job));
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await job.confirm("Delete job…", `Delete job ${jobId}`);
    await expect(job.main).toContainText("The API shows it no more");
    await expectAccessible(page);
    await account.setReadable(jobId, false);
    await page.reload();
    await expect(page.getByRole("heading", { name: "The job could not be read" })).toBeVisible();
    await expectAccessible(page);
    await account.setReadable(jobId, true);
  });
});

/** "Retry 2 slices…" */
async function retryOf(job: JobPage): Promise<string> {
  return (await job.control(/^Retry/).textContent()) ?? "";
}

test("every page of the rail that is on its way has no accessibility violations", async ({ page, signInAs }) => {
  await signInAs("admin");
  for (const { from, title } of [
    { from: "/jobs", title: "Trails" },
    { from: "/trails", title: "Jobs" },
    { from: "/trails", title: "Events" },
    { from: "/trails", title: "Destinations" },
    { from: "/trails", title: "People" },
    { from: "/trails", title: "Access keys" },
    { from: "/trails", title: "Audit" },
    { from: "/trails", title: "API explorer" },
    { from: "/trails", title: "Your security" },
  ]) {
    await test.step(title, async () => {
      await page.goto(from);
      await expectOnItsWay(page, page.getByRole("link", { name: title, exact: true }).first(), title);
      await expectAccessible(page);
      await page.unrouteAll({ behavior: "ignoreErrors" });
    });
  }
});

test("a trail, a job and a logstore that are on their way have no accessibility violations", async ({
  page,
  signInAs,
  account,
}) => {
  await account.storeConflicts(1);
  await account.storeEndedJobs(1);
  await signInAs("admin");
  for (const { from, link, title } of [
    { from: "/trails", link: "all-regions", title: "Loading the trail" },
    { from: "/jobs", link: /^(Job )?[0-9]+$/, title: "Loading the job" },
    { from: "/destinations", link: "actiontrail_all-regions", title: "Loading the logstore" },
  ]) {
    await test.step(title, async () => {
      await page.goto(from);
      const row = page.getByRole("main").getByRole("link", { name: link }).first();
      await pointAt(page, row);
      await expectOnItsWay(page, row, title);
      await expectAccessible(page);
      await page.unrouteAll({ behavior: "ignoreErrors" });
    });
  }
});

/** Points at a link, as one does on the way to pressing it, and waits until nothing of what Next then fetches ahead is still to come. */
async function pointAt(page: Page, link: Locator): Promise<void> {
  // Before it is alive, the page hears of no pointer.
  await page.waitForLoadState("networkidle");
  // Lists stand in the same place on every page: a pointer that rests where it pressed on the last one is over this one's link already,
  // and would never come to it.
  await page.mouse.move(0, 0);
  let cameAt = Number.POSITIVE_INFINITY;
  const noteFetchedAhead = (response: Response) => {
    if (response.request().headers()["next-router-prefetch"] !== undefined) {
      cameAt = performance.now();
    }
  };
  page.on("response", noteFetchedAhead);
  await link.hover();
  // It comes in parts, each asked for once the one before is there.
  await expect.poll(() => performance.now() - cameAt).toBeGreaterThan(1_000);
  page.off("response", noteFetchedAhead);
}

/** Follows a link whose page the server is slow to draw; what Next fetches ahead is answered, because that is what is shown meanwhile. */
async function expectOnItsWay(page: Page, link: Locator, title: string): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.route("**/*", async (route) => {
    const headers = route.request().headers();
    if (headers.rsc === undefined || headers["next-router-prefetch"] !== undefined) {
      await route.fallback();
    }
  });
  await link.click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

/** Between a phone, which the stories look at, and the width from which tables stand as tables. */
const BETWEEN = [640, 768, 1_023] as const;

test("every page fits the widths between a phone and a wide screen, without accessibility violations", async ({
  page,
  signInAs,
  account,
}) => {
  await account.storeConflicts(3);
  await account.storeEndedJobs(12);
  await signInAs("admin");
  const { jobId } = await startJob(page);
  await expect(new JobPage(page).verification).toContainText("Equal in every slice");
  for (const path of [
    "/trails",
    `/trails/${TRAIL}`,
    `/trails?redeliver=${TRAIL}`,
    "/jobs",
    `/jobs/${jobId}`,
    "/events",
    "/destinations",
    LOGSTORE,
    "/access-keys",
    "/audit",
    "/people",
    "/security",
    "/api-explorer",
  ]) {
    await test.step(path, async () => {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      for (const width of BETWEEN) {
        await page.setViewportSize({ width, height: 1_024 });
        await expectNoSidewaysScroll(page);
      }
      await page.setViewportSize({ width: BETWEEN[1], height: 1_024 });
      await expectAccessible(page);
    });
  }
});
