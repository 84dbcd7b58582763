import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScroll } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { VIEWPORTS } from "./looks.ts";
import { JobPage } from "./pages/job-page.ts";
import { JobsPage } from "./pages/jobs-page.ts";
import { Slot } from "./pages/slot.ts";
import { startJob } from "./start-job.ts";

test("jobs are filtered and put in order, and the address says how", async ({ page, signInAs, account }) => {
  await account.storeEndedJobs(120);
  await signInAs("viewer");
  const jobs = new JobsPage(page);
  await jobs.open();
  await expect(page.getByText("120 jobs")).toBeVisible();

  await jobs.filters.getByLabel("Phase").selectOption("Failed");
  await expect(page.getByText("12 jobs")).toBeVisible();
  await jobs.filters.getByLabel("Started by").fill("ANN@");
  await jobs.filters.getByLabel("Trail").selectOption("old-trail");
  await expect(page.getByText("6 jobs")).toBeVisible();
  await expect(page).toHaveURL(/phase=failed/);
  await expect(page).toHaveURL(/who=ANN@/);
  await expect(page).toHaveURL(/trail=old-trail/);
  await page.getByRole("button", { name: "Progress" }).click();
  await expect(page).toHaveURL(/order=largest/);
  await expect(page.getByRole("columnheader", { name: "Progress" })).toHaveAttribute("aria-sort", "descending");
  await expect(jobs.rows.first()).toContainText("of 80");
  await expect(page.getByRole("button", { name: "Progress" })).toBeFocused();

  await page.reload();
  await expect(page.getByText("6 jobs")).toBeVisible();
  await expect(jobs.filters.getByLabel("Started by")).toHaveValue("ANN@");
  await expect(jobs.rows.first()).toContainText("of 80");

  await jobs.filters.getByRole("button", { name: "Last 1 day" }).click();
  await expect(page.getByRole("heading", { name: "No job matches these filters" })).toBeHidden();
  await jobs.filters.getByLabel("Phase").selectOption("Queued");
  await expect(page.getByRole("heading", { name: "No job matches these filters" })).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "Clear the filters" }).last().click();
  await expect(page.getByText("120 jobs")).toBeVisible();
});

test("whoever signs in again, when a session has ended, comes back to the same filters", async ({
  page,
  context,
  signInAs,
  account,
}) => {
  await account.storeEndedJobs(20);
  await signInAs("viewer");
  await new JobsPage(page).open("?phase=failed&order=oldest");
  await expect(page.getByText("2 jobs")).toBeVisible();
  await context.clearCookies();
  const link = page.getByRole("main").getByRole("link", { name: "Sign in again" });
  await expect(link).toBeVisible({ timeout: 60_000 });
  const href = new URL((await link.getAttribute("href")) ?? "", page.url());
  expect(href.pathname).toBe("/sign-in");
  expect(href.searchParams.get("next")).toBe("/jobs?phase=failed&order=oldest");
});

test("no order has the jobs behind the first rows taken for newer ones", async ({ page, signInAs, account }) => {
  await account.storeEndedJobs(60);
  await signInAs("viewer");
  const jobs = new JobsPage(page);
  const polled = page.waitForResponse(/\/jobs\/data\?/, { timeout: 60_000 });
  await jobs.open("?order=oldest");
  await expect(page.getByText("60 jobs")).toBeVisible();
  expect((await (await polled).json()).newerCount).toBe(0);
  await expect(jobs.showNewer).toBeHidden();
});

/** Some parts of the list, so that more than one is read by scrolling. */
const ROWS_READ = 300;

/** Of the window: the number of its row. */
function rowInTheMiddle(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const middle = document.elementFromPoint(window.innerWidth / 2, window.innerHeight / 2);
    return middle?.closest("tr")?.getAttribute("aria-rowindex") ?? null;
  });
}

test("10,000 jobs are scrolled through, a screen of them drawn at a time", async ({ page, signInAs, account }) => {
  test.slow();
  await account.storeEndedJobs(10_000);
  await signInAs("viewer");
  const jobs = new JobsPage(page);
  await jobs.open();
  await expect(page.getByText("10,000 jobs")).toBeVisible();
  await expect(page.getByRole("table")).toHaveAttribute("aria-rowcount", "10001");
  await page.mouse.wheel(0, 1_800);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(1_700);
  await expect.poll(() => rowInTheMiddle(page)).not.toBeNull();
  const inView = page.locator(`tr[aria-rowindex='${await rowInTheMiddle(page)}']`);
  await inView.evaluate((row) => row.setAttribute("data-seen", "here"));
  for (let turn = 0; turn < 4; turn++) {
    const from = await page.evaluate(() => window.scrollY);
    // Half a row, so that once there is one more in view, and once one less.
    await page.mouse.wheel(0, 29);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(from);
  }
  await expect(inView, "the element of a row that stays in view").toHaveAttribute("data-seen", "here");
  // Reading goes on while one scrolls. How many presses that takes depends on whether a part comes before the next press or behind it.
  await expect(async () => {
    await page.keyboard.press("End");
    expect(await lastRowOf(jobs)).toBeGreaterThan(ROWS_READ);
  }).toPass({ intervals: [100] });
  // Those of the screen before may be there for a moment longer.
  await expect.poll(() => jobs.rows.count()).toBeLessThan(80);
  // Once nobody scrolls, no row is left blank.
  await expect.poll(() => jobs.hasBlankRows()).toBe(false);
});

test.describe("on a phone", () => {
  test.use({ viewport: VIEWPORTS.phone });

  test("rows of a list that has taken over another's are known by their own heights", async ({
    page,
    signInAs,
    account,
  }) => {
    test.slow();
    await account.storeEndedJobs(120);
    await signInAs("viewer");
    const jobs = new JobsPage(page);
    await jobs.open();
    await expect(page.getByText("120 jobs")).toBeVisible();
    await jobs.filters.getByLabel("Started by").fill("bob@");
    await expect(page.getByText("60 jobs")).toBeVisible();
    const heights = new Map<number, number>();
    for (let step = 0; step < 16; step++) {
      const from = await page.evaluate(() => window.scrollY);
      await page.mouse.wheel(0, 200);
      await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(from);
      await expect.poll(() => jobs.hasBlankRows()).toBe(false);
      for (const [index, height] of await jobs.drawnHeights()) {
        heights.set(index, height);
      }
    }
    const missed = async () => {
      const [[first = 0] = []] = await jobs.drawnHeights();
      const above = Array.from({ length: first }, (_, index) => heights.get(index) ?? Number.NaN);
      return (await jobs.roomAbove()) - above.reduce((sum, height) => sum + height, 0);
    };
    await expect.poll(missed).toBe(0);
    expect(await jobs.roomAbove()).toBeGreaterThan(1_000);
  });
});

test.describe("while a job is held", () => {
  test.use({ logService: "held" });

  test("a new job moves no row until it is asked for, and then its row changes in its place", async ({
    page,
    context,
    signInAs,
    account,
  }) => {
    test.slow();
    await account.storeEndedJobs(60);
    await signInAs("operator");
    const jobs = new JobsPage(page);
    await jobs.open();
    await expect(page.getByText("60 jobs")).toBeVisible();
    const first = await jobs.rows.first().textContent();

    const { job, jobId } = await startJob(await context.newPage());
    await expect(jobs.showNewer).toBeVisible({ timeout: 20_000 });
    expect(await jobs.rows.first().textContent()).toContain(first?.slice(0, 10));
    await jobs.showNewer.click();
    await expect(jobs.row(jobId)).toContainText("Delivering");
    await expect(jobs.showNewer).toBeHidden();
    await job.pause();
    await expect(jobs.row(jobId)).toContainText(/Paus(ing|ed)/);
    await expect(jobs.rows.first()).toHaveAttribute("aria-rowindex", "2");
  });

  test("a job that leaves the phase that is filtered by is said to, and goes when it is asked for again", async ({
    page,
    signInAs,
    account,
  }) => {
    test.slow();
    await signInAs("operator");
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toContainText("Delivering");
    const jobs = new JobsPage(page);
    await jobs.open("?phase=delivering");
    await expect(jobs.row(jobId)).toContainText("Delivering");
    const readAgain = page.getByRole("main").getByRole("button", { name: "Read again" });
    await expect(readAgain).toBeHidden();
    account.releaseLogService();
    await expect(jobs.row(jobId)).toContainText("Complete");
    await expect(page.getByText("Some of these have another phase by now.")).toBeVisible();
    await readAgain.click();
    await expect(page.getByRole("heading", { name: "No job matches these filters" })).toBeVisible();
    await expect(readAgain).toBeHidden();
  });

  test("an older job that comes into the phase that is filtered by is said to, and has its row when it is asked for", async ({
    page,
    signInAs,
    account,
  }) => {
    test.slow();
    await signInAs("operator");
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toContainText("Delivering");
    // Later ones, of which 18 are complete.
    await account.storeEndedJobs(20);
    const jobs = new JobsPage(page);
    await jobs.open("?phase=complete&order=oldest");
    await expect(page.getByText("18 jobs")).toBeVisible();
    const said = page.getByText("More jobs have this phase by now.");
    await expect(said).toBeHidden();
    account.releaseLogService();
    await expect(said).toBeVisible();
    await expect(jobs.showNewer).toBeHidden();
    await expect(jobs.row(jobId)).toHaveCount(0);
    await page.getByRole("main").getByRole("button", { name: "Read again" }).click();
    await expect(page.getByText("19 jobs")).toBeVisible();
    await expect(jobs.row(jobId)).toContainText("Complete");
    await expect(said).toBeHidden();
  });

  test("the end of the slot's job is told with how it ended, and opened from there", async ({
    page,
    signInAs,
    account,
  }) => {
    test.slow();
    await signInAs("operator");
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toContainText("Delivering");
    await page.goto("/jobs");
    await expect(new Slot(page).taken(jobId)).toBeVisible();
    account.releaseLogService();
    const { announcement } = new Slot(page);
    await expect(announcement).toContainText(`Job ${jobId}: Complete. The slot is free.`);
    await announcement.getByRole("button", { name: `Open job ${jobId}` }).click();
    await expect(job.heading).toHaveText(`Job ${jobId} Complete`);
  });
});

test("the rate of a job is drawn, and told as a table that the address keeps open", async ({ page, signInAs }) => {
  await signInAs("operator");
  const { job } = await startJob(page);
  await expect(job.heading).toContainText("Complete");
  await job.control("Show as a table").click();
  await expect(page).toHaveURL(/rate-table=true/);
  const table = page.getByRole("region", { name: "The rate as a table" });
  await expect(table.getByRole("row").nth(1)).toContainText(/ events\/s$/);
  await page.reload();
  await expect(table).toBeVisible();
  await expectAccessible(page);
});

test("a slice of 26 regions by 91 days is opened within 100 ms, and names stay in view as one scrolls", async ({
  page,
  signInAs,
  account,
}) => {
  test.slow();
  const jobId = await account.storeWideJob();
  await signInAs("viewer");
  await page.setViewportSize({ width: 1280, height: 800 });
  const job = new JobPage(page);
  await job.open(jobId);
  await expect(page.getByRole("gridcell")).toHaveCount(26 * 91);
  expect(await page.getByRole("gridcell").evaluateAll(namesAndLooks)).toEqual([
    "delivered: complete",
    "failed: failed",
    "incomplete: incomplete",
    "stopped: stopped",
  ]);
  // All days are in view beside each other, and on paper too, which cannot scroll.
  await expectWholeGrid(page);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize(A4_BETWEEN_MARGINS);
  await expectWholeGrid(page);
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 1280, height: 800 });
  const cells = job.slice("region-20");
  await cells.last().scrollIntoViewIfNeeded();
  await expect(page.getByRole("rowheader", { name: "region-20" })).toBeInViewport();
  // Opening a slice draws the row of it anew, which is what a poll does for each row that has changed. Once within the time is enough:
  // what else the machine does may only make it longer.
  let at = 0;
  await expect.poll(() => cells.nth(++at).evaluate(timeToDraw), { intervals: [100] }).toBeLessThan(100);
  await expect(page.getByRole("region", { name: /^Slice region-20/ })).toBeVisible();
  await expect(page).toHaveURL(/slice=region-20_/);

  await page.reload();
  await expect(page.getByRole("region", { name: /^Slice region-20/ })).toBeVisible();
  await expect(page.getByRole("gridcell", { selected: true })).toHaveCount(1);
  await page.getByRole("button", { name: "Close slice" }).click();
  await expect(page).not.toHaveURL(/slice=/);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
});

test("a list without jobs says how old it is, and shows the first job once it is read again", async ({
  page,
  signInAs,
  account,
}) => {
  await signInAs("viewer");
  const jobs = new JobsPage(page);
  await jobs.open();
  await expect(jobs.noJobs).toBeVisible();
  // The age grows once the page is alive.
  await expect(page.getByRole("main")).toContainText(/updated [0-9]+ s ago/);
  await account.storeEndedJobs(1);
  await page.getByRole("main").getByRole("button", { name: "Read again" }).click();
  await expect(jobs.rows).toHaveCount(1);
  await expect(jobs.noJobs).toBeHidden();
});

test("the list and its states have no accessibility violations", async ({ page, signInAs, account }) => {
  test.slow();
  await signInAs("viewer");
  const jobs = new JobsPage(page);
  await jobs.open();
  await expect(jobs.noJobs).toBeVisible();
  await expectAccessible(page);
  await account.storeEndedJobs(60);
  await jobs.open("?order=largest");
  await expect(page.getByText("60 jobs")).toBeVisible();
  await expectAccessible(page);
  await jobs.open("?phase=queued");
  await expect(page.getByRole("heading", { name: "No job matches these filters" })).toBeVisible();
  await expectAccessible(page);
});

test.describe("in Chinese, on a screen of 360 pixels", () => {
  test.use({ locale: "zh-CN", viewport: VIEWPORTS.phone });

  test("the list and a job are whole and speak no English", async ({ page, signInAs, account }) => {
    await account.storeEndedJobs(60);
    await signInAs("operator");
    await page.goto("/jobs");
    await expect(page.getByText("60 个任务")).toBeVisible();
    await expect(page).toHaveTitle(/投递任务/);
    await expectNoSidewaysScroll(page);
    await page
      .getByRole("link", { name: /^任务 [0-9]+$/ })
      .first()
      .click();
    await expect(page.getByRole("heading", { level: 1, name: /任务 [0-9]+ ?(已完成|失败)/ })).toBeVisible();
    await expect(page.getByRole("button", { name: "重新核对" })).toBeVisible();
    await expectNoSidewaysScroll(page);
  });
});

/** 210 by 297 mm without margins of 14 mm, at 96 pixels an inch. */
const A4_BETWEEN_MARGINS = { width: 688, height: 1_016 } as const;

async function expectWholeGrid(page: Page): Promise<void> {
  const last = page.getByRole("gridcell").nth(90);
  const box = await last.boundingBox();
  const room = await page.getByRole("grid").evaluate((grid) => {
    const card = grid.closest("section") ?? grid;
    return card.getBoundingClientRect().right - Number.parseFloat(getComputedStyle(card).paddingRight);
  });
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(Math.ceil(room));
}

/** What the cells say their states are, each with the looks that the picture has where they lie. Runs in the page. */
function namesAndLooks(cells: readonly Element[]): string[] {
  const outlines = [...document.querySelectorAll<SVGPathElement>("div > svg > [data-look] > path:first-child")];
  const picture = outlines[0]?.ownerSVGElement?.getBoundingClientRect();
  const found = cells.map((cell) => {
    const { left, top, width, height } = cell.getBoundingClientRect();
    const middle = new DOMPoint(left + width / 2 - (picture?.left ?? 0), top + height / 2 - (picture?.top ?? 0));
    const looks = outlines.filter((outline) => outline.isPointInFill(middle));
    const name = /: ([a-z ]+)/.exec(cell.getAttribute("aria-label") ?? "")?.[1];
    return `${name}: ${looks.map((outline) => outline.parentElement?.dataset.look).join(" and ")}`;
  });
  return [...new Set(found)].toSorted();
}

/** Presses the element, and answers with the milliseconds until what that changes is drawn. */
async function timeToDraw(element: HTMLElement | SVGElement): Promise<number> {
  const begun = performance.now();
  element.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return performance.now() - begun;
}

async function lastRowOf(jobs: JobsPage): Promise<number> {
  return Number(await jobs.rows.last().getAttribute("aria-rowindex", { timeout: 5_000 }));
}
