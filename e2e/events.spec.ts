import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScroll } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { EventsPage } from "./pages/events-page.ts";
import { TrailsPage } from "./pages/trails-page.ts";
import { TRAIL } from "./start-job.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A full UTC day, some days ago: its events lie on the hours. */
const DAY = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - 3 * DAY_MS);
const ONE = "A5A4BB74-EFBC-5D8B-BD8A-1B9131429438";

/** 24 hours of events, five each, with one that stands out. */
function dayOfEvents(): string[] {
  const texts = Array.from({ length: 120 }, (_, n) =>
    JSON.stringify({
      eventId: `day-${String(n).padStart(3, "0")}`,
      eventName: n % 3 === 0 ? "RunInstances" : "DescribeInstances",
      eventTime: new Date(DAY.getTime() + Math.floor(n / 5) * HOUR_MS + (n % 5) * 60_000).toISOString(),
      acsRegion: n % 2 === 0 ? "cn-hangzhou" : "cn-shanghai",
      eventRW: n % 3 === 0 ? "Write" : "Read",
      serviceName: n % 4 === 0 ? "Rds" : "Ecs",
      eventType: "ApiCall",
      sourceIpAddress: "192.0.2.7",
      userIdentity: { type: "ram-user", userName: n % 2 === 0 ? "alice" : "bob", accessKeyId: "LTAI5tExample" },
      resourceType: "ACS::ECS::Instance",
      resourceName: `i-bp${n}`,
    }),
  );
  // Written as somebody's own tool would: what is shown as stored has to keep it.
  const one = `{ "eventId":"${ONE}",\n "eventName":"DeleteInstance", "eventTime":"${new Date(DAY.getTime() + 30 * 60_000).toISOString()}", "acsRegion":"cn-hangzhou", "eventRW":"Write", "serviceName":"Ecs", "big": 12345678901234567890.10, "userIdentity":{"type":"assumed-role","userName":"deploy:nightly"}, "sourceIpAddress":"198.51.100.9", "errorCode":"Forbidden.RAM", "errorMessage":"not authorized" }`;
  return [...texts, one];
}

const RANGE = `?from=${DAY.toISOString().slice(0, 16)}&to=${new Date(DAY.getTime() + DAY_MS).toISOString().slice(0, 16)}`;

test.beforeEach(async ({ account }) => {
  await account.record(dayOfEvents());
});

test("a viewer finds an event, reads it beside its text, and comes back to where they were", async ({
  page,
  signInAs,
}) => {
  await signInAs("viewer");
  const events = new EventsPage(page);
  await page.goto("/trails");
  await page.getByRole("link", { name: "Events", exact: true }).click();
  // What was done to make this test's account may be among them by now.
  await expect(events.total).toHaveText(/^12\d events$/);

  await events.addFilter("User", "deploy:nightly");
  await expect(events.total).toHaveText("1 event");
  await expect(page).toHaveURL(/User=deploy:nightly/);
  const link = events.table.getByRole("link", { name: "DeleteInstance" });
  await link.click();
  await expect(events.sheet.getByRole("heading", { name: "DeleteInstance" })).toBeVisible();
  await expect(events.sheet.getByText("Failed: Forbidden.RAM")).toBeVisible();
  const stored = dayOfEvents().at(-1) ?? "";
  await expect.poll(() => events.sheet.locator("pre").textContent()).toBe(stored);
  await events.radio("Indented").click();
  await expect(events.sheet.locator("pre")).toContainText('  "big": 12345678901234567890.10,');

  const [one] = await Promise.all([
    page.waitForEvent("download"),
    events.sheet.getByRole("link", { name: "Download this event" }).click(),
  ]);
  expect(one.suggestedFilename()).toBe(`backtrail-event-${ONE}.json`);
  expect(await readFile(await one.path(), "utf8")).toBe(stored);

  await page.keyboard.press("Escape");
  await expect(events.sheet).toBeHidden();
  await expect(link).toBeFocused();
  await events.removeFilter("User").click();
  await expect(events.total).toHaveText(/^12\d events$/);
});

test("a value of an opened event becomes a filter, and region, Read or Write and order hold together", async ({
  page,
  signInAs,
}) => {
  await signInAs("viewer");
  const events = new EventsPage(page);
  await events.open(RANGE);
  await events.links.first().click();
  await events.sheet.getByRole("button", { name: /^Filter by Service/ }).click();
  await expect(events.sheet).toBeHidden();
  await expect(page).toHaveURL(/ServiceName=(Ecs|Rds)/);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(events.total).toHaveText("121 events");

  await events.radio("Write").click();
  await expect(events.total).toHaveText("41 events");
  await page.getByLabel("Region", { exact: true }).selectOption("cn-shanghai");
  await expect(events.total).toHaveText("20 events");
  await events.radio("Oldest first").click();
  await expect(events.links.first()).toHaveText("RunInstances");
  await expect(events.row("i-bp3").first()).toBeVisible();
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await expect(events.total).toHaveText("121 events");
});

test("the time range is brushed by keyboard and by pointer, and the way back is the browser's", async ({
  page,
  signInAs,
}) => {
  await signInAs("viewer");
  const events = new EventsPage(page);
  await events.open(RANGE);
  await expect(events.bars.first()).toBeVisible();
  await events.handle("End").focus();
  for (const key of ["PageDown", "PageDown", "ArrowLeft", "ArrowLeft"]) {
    await page.keyboard.press(key);
  }
  await expect(events.handle("End")).toHaveAttribute("aria-valuetext", /02:00 UTC\. .*: [0-9,]+ events?$/);
  await page.keyboard.press("Enter");
  await expect(events.total).toHaveText("11 events");
  await expect(page).toHaveURL(new RegExp(`from=${DAY.toISOString().slice(0, 10)}T00:00:00`));

  await page.goBack();
  await expect(events.total).toHaveText("121 events");
  await expect(events.bars.first()).toBeVisible();
  const plot = await events.histogram.locator("[data-plot]").boundingBox();
  if (plot === null) {
    throw new Error("no plot");
  }
  const at = (hour: number) => plot.x + (plot.width * (hour + 0.5)) / 24;
  await page.mouse.move(at(4), plot.y + 20);
  await page.mouse.down();
  await page.mouse.move(at(6), plot.y + 30, { steps: 4 });
  await page.mouse.up();
  await expect(events.total).toHaveText("15 events");
  await expect(page.getByRole("link", { name: "Redeliver this window" })).toHaveAttribute(
    "href",
    new RegExp(`^/trails\\?window=${DAY.toISOString().slice(0, 10)}T04`),
  );
});

test("all of history is redelivered from its window, which names no beginning that could pass", async ({
  page,
  signInAs,
}) => {
  await signInAs("operator");
  const events = new EventsPage(page);
  await events.open("?last=90d");
  await page.getByRole("link", { name: "Redeliver this window" }).click();
  await expect(page.getByText("Choose the trail to redeliver with: the last 90 days.")).toBeVisible();
  const dialog = await new TrailsPage(page).openDialog(TRAIL);
  await expect(dialog.choice("Last 90 days")).toBeChecked();
  await expect(dialog.startButton).toHaveText(/^Redeliver [0-9]+ events$/);
});

test("rows load as one scrolls, each once, and by keyboard", async ({ page, signInAs, account }) => {
  await account.record(
    Array.from({ length: 450 }, (_, n) =>
      JSON.stringify({
        eventId: `many-${n}`,
        eventName: `Event${n}`,
        eventTime: new Date(DAY.getTime() + DAY_MS + n * 1_000).toISOString(),
        acsRegion: "cn-hangzhou",
      }),
    ),
  );
  await signInAs("viewer");
  const events = new EventsPage(page);
  // Up to the next day's end, before the account's own audit events.
  const [from, to] = [1, 2].map((days) => new Date(DAY.getTime() + days * DAY_MS).toISOString().slice(0, 16));
  await events.open(`?order=oldest&from=${from}&to=${to}`);
  await expect(events.links.first()).toHaveText("Event0");
  const seen = new Set<string>();
  await expect(async () => {
    for (const name of await events.links.allTextContents()) {
      seen.add(name);
    }
    await scrollByAndDraw(page, 600);
    expect(seen.has("Event449")).toBe(true);
  }).toPass({ intervals: [100] });
  expect(seen.size).toBeGreaterThanOrEqual(450);
  await expect(page.getByText("450 events read")).toBeVisible();
  expect(await events.links.count()).toBeLessThan(120);

  await events.links.last().focus();
  await page.keyboard.press("PageUp");
  await expect(events.table.getByRole("link", { name: "Event434" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(events.sheet.getByRole("heading", { name: "Event434" })).toBeVisible();
  await events.sheet.getByRole("button", { name: "Next in the list" }).click();
  await expect(events.sheet.getByRole("heading", { name: "Event435" })).toBeVisible();
});

test("a link shows somebody else the same events, and the same event", async ({ page, signInAs }) => {
  await signInAs("admin");
  const events = new EventsPage(page);
  const ref = `${new Date(DAY.getTime() + 30 * 60_000).toISOString()}/cn-hangzhou/${ONE}`;
  await events.open(`${RANGE}&ServiceName=Ecs&EventRW=Write&event=${encodeURIComponent(ref)}&text=indented`);
  await expect(events.sheet.getByRole("heading", { name: "DeleteInstance" })).toBeVisible();
  await expect(events.sheet.getByRole("radio", { name: "Indented" })).toBeChecked();
  await page.keyboard.press("Escape");
  await expect(events.removeFilter("Service")).toBeVisible();
  await expect(events.radio("Write")).toBeChecked();
  await expect(events.total).toHaveText("31 events");
});

test("a search that takes long says how far it is, and can be stopped and gone on with", async ({ page, signInAs }) => {
  await signInAs("viewer");
  const events = new EventsPage(page);
  await events.open(RANGE);
  // As the server answers where two frequent values hardly ever meet in many millions of events.
  const window = { now: new Date().toISOString(), from: DAY.toISOString(), to: new Date(+DAY + DAY_MS).toISOString() };
  const half = { ...window, events: [], next: "next", searchedTo: new Date(+DAY + DAY_MS / 2).toISOString() };
  let answers = 1;
  await page.route("**/events/data?*", async (route) => {
    if (answers-- > 0) {
      await route.fulfill({ json: half });
    }
  });
  await events.radio("Write").click();
  await expect(page.getByRole("heading", { name: "Searching…" })).toBeVisible();
  await expect(page.getByText(/^Searched 50 % of this time range/)).toBeVisible();
  await page.getByRole("button", { name: "Stop searching" }).click();
  await expect(page.getByRole("heading", { name: "The search is stopped" })).toBeVisible();
  // Not before: the answer that is held back has a time-out of its own.
  await expectAccessible(page);

  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.route("**/events/data?*", (route) =>
    route.fulfill({ json: { ...window, events: [], next: null, searchedTo: null } }),
  );
  await page.getByRole("button", { name: "Search on" }).click();
  await expect(page.getByRole("heading", { name: "No events match" })).toBeVisible();
});

test("the whole result is downloaded as it is stored, one event per line", async ({ page, signInAs }) => {
  await signInAs("viewer");
  const events = new EventsPage(page);
  await events.open(`${RANGE}&order=oldest`);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download as NDJSON" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^backtrail-events-.*\.ndjson$/);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
  expect(lines).toHaveLength(121);
  expect(lines).toEqual(expect.arrayContaining(dayOfEvents().slice(0, -1)));
});

test("says what holds and what to do: no match, a reversed range, an event that is not there", async ({
  page,
  signInAs,
  account,
}) => {
  await signInAs("viewer");
  const events = new EventsPage(page);
  await events.open(`${RANGE}&ServiceName=ECS`);
  await expect(page.getByRole("heading", { name: "No events match" })).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(events.total).toHaveText("121 events");

  await events.open("?from=2026-01-02T00:00&to=2026-01-01T00:00");
  await expect(page.getByRole("main").getByText("ends before it begins").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Read again" })).toBeEnabled();
  await expect(page.getByText(/^Read .* ago$/)).toBeHidden();
  await expect(events.histogram.getByText("ends before it begins")).toBeVisible();
  await expect(events.histogram.getByText("Counting…")).toBeHidden();
  await page.getByRole("button", { name: "Show the last 7 days" }).click();
  await expect(events.links.first()).toBeVisible();

  await events.open(`${RANGE}&event=2026-01-01T00:00:00Z/cn-hangzhou/none`);
  await expect(events.sheet.getByRole("heading", { name: "History does not have this event" })).toBeVisible();
  expect(account.accountId).not.toBe("");
});

test("events that can't be read can't be counted either, and both come when asked for again", async ({
  page,
  signInAs,
}) => {
  await signInAs("viewer");
  const events = new EventsPage(page);
  await events.open(RANGE);
  await expect(events.bars.first()).toBeVisible();
  await page.route(/\/events\/(data|histogram)\?/, (route) => route.abort());
  await events.radio("Write").click();
  await expect(page.getByRole("heading", { name: "The events could not be read just now" })).toBeVisible();
  await expect(events.histogram.getByText("The events could not be counted just now.")).toBeVisible();
  await expect(events.histogram.getByText("Counting…")).toBeHidden();
  await expect(page.getByText(/^Read .* ago$/)).toBeHidden();

  await page.unrouteAll();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(events.total).toHaveText("41 events");
  await expect(events.links.first()).toBeVisible();
});

test("rows that can't be read again stay, with the reason, until they are", async ({ page, signInAs }) => {
  await signInAs("viewer");
  const events = new EventsPage(page);
  await events.open(RANGE);
  await expect(events.bars.first()).toBeVisible();
  await page.route(/\/events\/data\?/, (route) => route.abort());
  await page.getByRole("button", { name: "Read again" }).click();
  const reason = page.getByRole("heading", { name: "The events could not be read just now" });
  await expect(reason).toBeVisible();
  await expect(events.links.first()).toBeVisible();
  await expect(events.total).toHaveText("121 events");
  await expect(page.getByText(/^Read (just now|.* ago)$/)).toBeVisible();
  await expectAccessible(page);

  await page.unrouteAll();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(reason).toBeHidden();
  await expect(events.links.first()).toBeVisible();
});

test("another account's person gets none of these events, not by the endpoints either", async ({
  page,
  signInToOtherAccountAs,
}) => {
  await signInToOtherAccountAs("admin");
  const events = new EventsPage(page);
  await events.open(RANGE);
  await expect(page.getByRole("heading", { name: "No events match" })).toBeVisible();
  const ref = `${new Date(DAY.getTime() + 30 * 60_000).toISOString()}/cn-hangzhou/${ONE}`;
  const answer = await page.request.get(`/events/one?event=${encodeURIComponent(ref)}`);
  expect((await answer.json()).event).toBeNull();
  expect((await page.request.get(`/events/one/file?event=${encodeURIComponent(ref)}`)).status()).toBe(400);
  await page.context().clearCookies();
  for (const path of ["data", "histogram", "download", "one", "one/file"]) {
    expect((await page.request.get(`/events/${path}`)).status()).toBe(401);
  }
});

test.describe("in Chinese", () => {
  test.use({ locale: "zh-CN" });

  test("the page speaks Chinese, and the vendor's keys keep their meaning", async ({ page, signInAs }) => {
    await signInAs("viewer");
    await page.goto(`/events${RANGE}&User=alice`);
    await expect(page.getByRole("heading", { level: 1, name: "事件" })).toBeVisible();
    await expect(page.getByRole("button", { name: "移除筛选条件 用户：alice" })).toBeVisible();
    await expect(page.getByText("60 个事件", { exact: true })).toBeVisible();
    await page.getByRole("table", { name: "事件" }).getByRole("link").first().click();
    await expect(page.getByRole("dialog").getByText("存储的原文")).toBeVisible();
    await expectAccessible(page);
  });
});

test("fits a screen of 360 pixels, with an event open too", async ({ page, signInAs }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signInAs("viewer");
  const events = new EventsPage(page);
  await events.open(`${RANGE}&ServiceName=Ecs`);
  await expect(events.bars.first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await page.getByRole("button", { name: "Add filter" }).click();
  await expectNoSidewaysScroll(page);
  await page.keyboard.press("Escape");
  await events.links.first().click();
  await expect(events.sheet.locator("pre")).toBeVisible();
  await expectNoSidewaysScroll(page);
});

test("list, filter, selection, empty list and opened event have no accessibility violations", async ({
  page,
  signInAs,
}) => {
  // Several states of the page, and axe looks at every element of each.
  test.slow();
  await signInAs("viewer");
  const events = new EventsPage(page);
  await events.open(`${RANGE}&ServiceName=Ecs`);
  await expect(events.bars.first()).toBeVisible();
  await events.handle("End").press("ArrowLeft");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add filter" }).click();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await events.links.first().click();
  await expect(events.sheet.locator("pre")).toBeVisible();
  await expectAccessible(page);
  await events.open(`${RANGE}&ServiceName=none`);
  await expect(page.getByRole("heading", { name: "No events match" })).toBeVisible();
  await expectAccessible(page);
});

/** Scrolls, and waits until no room of rows that are not drawn is left in view: whoever scrolls on before would miss them. */
async function scrollByAndDraw(page: Page, pixels: number): Promise<void> {
  await page.evaluate((by) => window.scrollBy(0, by), pixels);
  const blankRows = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll("tbody > tr[aria-hidden]")].filter((space) => {
          const { top, bottom } = space.getBoundingClientRect();
          return bottom > 0 && top < window.innerHeight;
        }).length,
    );
  await expect.poll(blankRows, { intervals: [20] }).toBe(0);
}
