import { readFile } from "node:fs/promises";
import { captureAction, sendAction } from "./captured-action.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { DestinationsPage } from "./pages/destinations-page.ts";
import { LogstorePage } from "./pages/logstore-page.ts";
import { PROJECT, startJob } from "./start-job.ts";

const LOGSTORE = "actiontrail_all-regions";

const ARCHIVE = {
  Region: "cn-beijing",
  "Project name": "archive",
  "Access key id": "LTAI5tArchive",
  "Access key secret": "archive-secret",
};

test("what nothing renews says how old it is, counts on, and is read again when asked", async ({ page, signInAs }) => {
  await page.clock.install();
  await signInAs("viewer");
  const main = page.getByRole("main");
  await page.goto("/destinations");
  // It counts once the page is alive.
  await expect(main).toContainText(/updated [0-9]+ s ago/);
  await page.clock.fastForward("05:00");
  await expect(main).toContainText(/updated 5 min( [0-9]+ s)? ago/);
  await page.getByRole("button", { name: "Read again" }).click();
  await expect(main).toContainText(/updated (just now|[0-9]+ s ago)/);

  // On a page that shows no ages nobody looks at the clock. What is read behind it is fresh all the same.
  await page.getByRole("link", { name: "API explorer" }).click();
  await expect(page.getByRole("heading", { name: "API explorer" })).toBeVisible();
  await page.clock.fastForward("05:00");
  await page.getByRole("link", { name: "Destinations" }).click();
  await expect(page.getByRole("heading", { name: "Destinations" })).toBeVisible();
  await expect(main).toContainText(/updated (just now|[0-9]+ s ago)/);
});

test("every page that nothing renews can be read again, with nothing on it too", async ({
  page,
  signInAs,
  account,
}) => {
  await account.removeTrails();
  await signInAs("admin");
  for (const path of ["/trails", "/destinations", "/audit", "/people", "/access-keys", "/security"]) {
    await page.goto(path);
    await expect(page.getByRole("main").getByRole("button", { name: "Read again" })).toBeVisible();
  }
});

test("an admin adds an external log project, changes it, and deletes it", async ({ page, signInAs }) => {
  await signInAs("admin");
  const destinations = new DestinationsPage(page);
  await destinations.open();
  await destinations.openDialog("Add log project…");
  await expect(page).toHaveURL(/panel=add/);
  const logTime = destinations.dialog.getByRole("radiogroup", { name: "Log time" });
  await expect(logTime).toHaveAccessibleDescription(/^The event's own time, until the sink says/);
  await destinations.fill({ ...ARCHIVE, Endpoint: "https://log.example.com/path" });
  await destinations.button("Add log project").click();
  await expect(destinations.dialog).toContainText("An endpoint is a host such as");
  await expect(destinations.field("Access key secret")).toHaveValue("archive-secret");
  await destinations.fill({ Endpoint: "http://127.0.0.1:9" });
  await expect(destinations.dialog).toContainText("Over plain HTTP everybody on the way can read the events.");
  await destinations.button("Add log project").click();
  await expect(page.getByText("archive is added.")).toBeVisible();
  await expect(destinations.project("archive")).toContainText("LTAI5tArchive");
  await expect(destinations.dialog).toBeHidden();

  await destinations.openDialog("Edit archive");
  await expect(destinations.field("Access key secret")).toHaveValue("");
  await destinations.fill({ Endpoint: "http://127.0.0.1:10" });
  await destinations.button("Save changes").click();
  await expect(destinations.dialog).toContainText("the stored one is not sent there");
  await destinations.fill({ "Access key secret": "another-secret" });
  await destinations.dialog.getByRole("radio", { name: "Delivery time" }).click();
  await destinations.button("Save changes").click();
  await expect(page.getByText("archive is saved.")).toBeVisible();
  await expect(destinations.project("archive")).toContainText("http://127.0.0.1:10");
  await expect(destinations.project("archive")).toContainText("Delivery time");

  await destinations.openDialog("Delete archive");
  await destinations.button("Delete archive").click();
  await expect(page.getByText("archive is deleted.")).toBeVisible();
  await expect(destinations.project("archive")).toBeHidden();
});

test("a name that is taken is refused beside its field, and nothing typed is lost", async ({ page, signInAs }) => {
  await signInAs("admin");
  const destinations = new DestinationsPage(page);
  await destinations.open();
  await destinations.openDialog("Add log project…");
  await destinations.fill({ ...ARCHIVE, Region: "cn-hangzhou", "Project name": PROJECT, Endpoint: "log.example.com" });
  await destinations.button("Add log project").click();
  await expect(destinations.dialog).toContainText("has a log project of this region and name already");
  await expect(destinations.field("Endpoint")).toHaveValue("log.example.com");
});

test("the built-in log service answers the test of its own project", async ({ page, signInAs }) => {
  await signInAs("admin");
  const destinations = new DestinationsPage(page);
  await destinations.open();
  await destinations.test(PROJECT);
  await expect(destinations.testResult(PROJECT)).toContainText("Accepted.");
  await expect(destinations.testResult(PROJECT)).toContainText("200");
  await expect(destinations.project(PROJECT)).toContainText("neither edited nor deleted");
});

test("a test whose answer is lost says so, and takes the place of what an earlier one said", async ({
  page,
  signInAs,
}) => {
  await signInAs("admin");
  const destinations = new DestinationsPage(page);
  await destinations.open();
  await destinations.test(PROJECT);
  const lost = destinations.project(PROJECT).getByRole("alert");
  await page.route("**/destinations*", (route) =>
    route.request().method() === "POST" ? route.abort("connectionreset") : route.fallback(),
  );
  await destinations.testButton(PROJECT).click();
  await expect(lost).toContainText("nothing is known of this test");
  await expect(destinations.testResult(PROJECT)).toBeHidden();
  await page.unrouteAll();
  await destinations.test(PROJECT);
  await expect(lost).toBeHidden();
});

test("an endpoint where nothing listens is told as that", async ({ page, signInAs }) => {
  await signInAs("admin");
  const destinations = new DestinationsPage(page);
  await destinations.open();
  await destinations.openDialog("Add log project…");
  await destinations.fill({ ...ARCHIVE, Endpoint: "http://127.0.0.1:9" });
  await destinations.button("Add log project").click();
  await expect(destinations.project("archive")).toBeVisible();
  await destinations.test("archive");
  await expect(destinations.testResult("archive")).toContainText("No answer.");
  await expect(destinations.testResult("archive")).toContainText("Nothing listens at the endpoint");
});

test("the sink's own answer is shown, whatever it is", async ({ page, signInAs, account, product }) => {
  await signInAs("admin");
  const destinations = new DestinationsPage(page);
  for (const { answer, words, code } of [
    { answer: "accepted", words: "Accepted.", code: "none" },
    { answer: "wrong-key", words: "does not accept the signature", code: "SignatureNotMatch" },
    { answer: "no-project", words: "knows no such project", code: "ProjectNotExist" },
  ] as const) {
    const sink = await product.startAnsweringLogService(account.accountId, answer);
    await destinations.open();
    await destinations.test(answer);
    const result = destinations.testResult(answer);
    await expect(result).toContainText(words);
    await expect(result).toContainText(code);
    await expect(result).toContainText("REQUEST-1");
    await sink.stop();
  }
});

test.describe("a sink in trouble", () => {
  test.use({ logService: "over-quota" });

  test("is told with its own words, and its project is not deleted under the job", async ({ page, signInAs }) => {
    await signInAs("admin");
    await startJob(page);
    const destinations = new DestinationsPage(page);
    await expect(async () => {
      await destinations.open();
      await expect(destinations.project(PROJECT)).toContainText("WriteQuotaExceed", { timeout: 2_000 });
    }).toPass();
    await expect(destinations.project(PROJECT)).toContainText("In trouble for");
    await destinations.openDialog(`Delete ${PROJECT}`);
    await destinations.button(`Delete ${PROJECT}`).click();
    await expect(destinations.dialog.getByRole("alert")).toContainText("is delivering to this log project");
  });
});

test("a viewer and an operator see destinations and change none, also not by calling the action", async ({
  page,
  signInAs,
  context,
}) => {
  await signInAs("admin");
  const destinations = new DestinationsPage(page);
  await destinations.open();
  const captured = await captureAction(page, "**/destinations*", async () => {
    await expect(async () => {
      const sent = page.waitForRequest((request) => request.method() === "POST", { timeout: 2_000 });
      await Promise.all([sent, destinations.testButton(PROJECT).click()]);
    }).toPass();
  });
  for (const role of ["viewer", "operator"] as const) {
    await context.clearCookies();
    await signInAs(role);
    await destinations.open();
    await expect(destinations.project(PROJECT)).toContainText("Built-in");
    await expect(destinations.add).toBeHidden();
    await expect(destinations.testButton(PROJECT)).toBeHidden();
    await expect(page.getByText("Admins add, test, edit and delete log projects.")).toBeVisible();
    expect(await sendAction(page, captured)).toContain('"code":"NoPermission"');
  }
});

test("an address that names a log project that is gone says so", async ({ page, signInAs }) => {
  await signInAs("admin");
  await page.goto("/destinations?panel=edit:cn-hangzhou/no-such-project");
  const dialog = page.getByRole("dialog", { name: "There is no such log project" });
  await expect(dialog).toContainText("Somebody may have deleted it meanwhile.");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(page).not.toHaveURL(/panel=/);
});

test("a viewer finds what arrived, reads it, and takes it along", async ({ page, signInAs, account }) => {
  await account.storeConflicts(60);
  await signInAs("viewer");
  const destinations = new DestinationsPage(page);
  await destinations.open();
  await expect(destinations.logstore(LOGSTORE)).toContainText("60");
  await destinations.logstore(LOGSTORE).getByRole("link", { name: LOGSTORE, exact: true }).click();
  const logstore = new LogstorePage(page);
  await expect(logstore.rows).toHaveCount(50);
  await logstore.older.click();
  await expect(logstore.rows).toHaveCount(10);

  await logstore.search("eventName: StoredBefore and acsRegion: cn-shanghai");
  await expect(logstore.rows).toHaveCount(20);
  await expect(logstore.submit).toBeFocused();
  await logstore.rows.first().getByRole("button", { name: "Log of StoredBefore" }).click();
  await expect(logstore.log).toContainText('"acsRegion": "cn-shanghai"');
  await expect(logstore.log.getByRole("heading", { level: 2 })).toBeFocused();
  await logstore.log.getByText("As received").click();
  await expect(logstore.log).toContainText('"acsRegion":"cn-shanghai"');
  await page.getByText("How to search").click();
  await expect(page).toHaveURL(/[?&]text=as-received&help=true$/);
  await page.reload();
  await expect(logstore.log).toContainText('"acsRegion":"cn-shanghai"');
  await expect(page.locator("details")).toHaveAttribute("open");
  const [event] = await Promise.all([
    page.waitForEvent("download"),
    logstore.log.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(JSON.parse(await readFile(await event.path(), "utf8"))).toMatchObject({ eventName: "StoredBefore" });
  const [all] = await Promise.all([page.waitForEvent("download"), logstore.download.click()]);
  expect((await readFile(await all.path(), "utf8")).trim().split("\n")).toHaveLength(20);

  await logstore.search("eventName: NoSuchEvent");
  await expect(page.getByRole("heading", { name: "No log fits" })).toBeVisible();
});

test("a search that means nothing says where it goes wrong, and is kept", async ({ page, signInAs, account }) => {
  await account.storeConflicts(3);
  await signInAs("viewer");
  const logstore = new LogstorePage(page);
  await logstore.open(LOGSTORE, `?q=${encodeURIComponent('eventName: "open')}`);
  await expect(page.getByText("The quote at character 12 is not closed.")).toBeVisible();
  await expect(logstore.query).toHaveValue('eventName: "open');
});

test("another account's logstore is not there, nor are its logs", async ({ page, signInToOtherAccountAs }) => {
  await signInToOtherAccountAs("admin");
  const logstore = new LogstorePage(page);
  await logstore.open("actiontrail_no-such-trail");
  await expect(page.getByRole("heading", { name: "There is no such logstore in this account" })).toBeVisible();
  const answer = await page.request.get("/destinations/cn-hangzhou/history-test/actiontrail_no-such-trail/export");
  expect(answer.status()).toBe(404);
});

test("destinations speak Chinese", async ({ page, signInAs, context, baseURL }) => {
  await context.addCookies([{ name: "language", value: "zh-CN", url: baseURL ?? "" }]);
  await signInAs("admin");
  await page.goto("/destinations");
  await expect(page.getByRole("heading", { name: "投递目标", level: 1 })).toBeVisible();
  await expect(page.getByRole("button", { name: `测试 ${PROJECT} 的连接` })).toBeVisible();
  await page.goto(`/destinations/cn-hangzhou/${PROJECT}/${LOGSTORE}`);
  await expect(page.getByRole("heading", { name: "还没有日志到达" })).toBeVisible();
});

test("destinations have no accessibility violations and fit 360 pixels", async ({ page, signInAs, account }) => {
  test.slow();
  await account.storeConflicts(3);
  await signInAs("admin");
  const destinations = new DestinationsPage(page);
  await destinations.open();
  await destinations.test(PROJECT);
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await destinations.openDialog("Add log project…");
  await destinations.fill({ Endpoint: "http://127.0.0.1:9" });
  await destinations.button("Add log project").click();
  await expect(destinations.dialog).toContainText("A project name has 3 to 63");
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);

  await page.setViewportSize({ width: 1280, height: 800 });
  const logstore = new LogstorePage(page);
  await logstore.open();
  await logstore.rows.first().getByRole("button", { name: "Log of StoredBefore" }).click();
  await expect(logstore.log).toContainText("As received");
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
});
