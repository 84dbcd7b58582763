import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { startJob } from "./start-job.ts";

/** As many as show more than one change of every figure on a page. */
const POLLS = 3;

test.describe("while a job delivers an event a second", () => {
  test.use({ logService: "held", eventDays: 8 });
  test.slow();

  test("the slot on top of a page is polled, and nothing changes its place", async ({ page, signInAs, account }) => {
    await signInAs("operator");
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    await job.limitTo("1");
    account.releaseLogService();
    await expect(job.term("Delivered")).not.toHaveText("=0");
    await page.goto("/trails");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await pollOf(page, "/slot/data");
    await watchShifts(page);
    for (let times = 0; times < POLLS; times++) {
      await pollOf(page, "/slot/data");
    }
    expect(await shiftsOf(page)).toEqual([]);
    // What watches would see one.
    await page.evaluate(() => document.querySelector("h1")?.before(document.createElement("hr"), "moved"));
    await expect.poll(() => shiftsOf(page)).not.toEqual([]);
    await job.open(jobId);
    await job.openDialog("Limit speed…");
    await job.dialog.getByRole("button", { name: "Lift the limit" }).click();
    await expect(job.heading).toHaveText(`Job ${jobId} Complete`);
  });
});

/** Waits for the next answer to a poll that says something new, and until it is drawn. */
async function pollOf(page: Page, path: string): Promise<void> {
  const answer = await page.waitForResponse((one) => new URL(one.url()).pathname === path && one.status() === 200);
  await answer.finished();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Notes every element that changes its place from now on, unless a person has just made it. */
async function watchShifts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shifts: string[] = [];
    const note = (entries: PerformanceEntryList) => {
      for (const entry of entries) {
        const { hadRecentInput, sources } = entry as PerformanceEntry & {
          readonly hadRecentInput: boolean;
          readonly sources: readonly { readonly node: Node | null }[];
        };
        if (!hadRecentInput) {
          shifts.push(...sources.map(({ node }) => node?.textContent?.slice(0, 80) ?? node?.nodeName ?? "gone"));
        }
      }
    };
    const observer = new PerformanceObserver((list) => note(list.getEntries()));
    observer.observe({ type: "layout-shift" });
    // Those that were not told yet, too.
    Object.assign(window, {
      shiftsUpToNow: () => {
        note(observer.takeRecords());
        return shifts;
      },
    });
  });
}

function shiftsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => Reflect.get(window, "shiftsUpToNow")());
}
