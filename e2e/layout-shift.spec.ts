import type { Locator, Page } from "@playwright/test";
import { expectNoSidewaysScroll } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { VIEWPORTS } from "./looks.ts";
import { Slot } from "./pages/slot.ts";
import { startJob } from "./start-job.ts";

/** As many as show more than one change of every figure on a page. */
const POLLS = 3;

test.describe("while a job delivers an event a second", () => {
  test.use({ logService: "held", eventDays: 8 });
  test.slow();

  for (const [name, viewport] of Object.entries(VIEWPORTS)) {
    test.describe(`on a ${name}`, () => {
      test.use({ viewport });

      test("the slot on top of a page and the page of the job are polled, and nothing changes its place", async ({
        page,
        signInAs,
        account,
      }) => {
        await signInAs("operator");
        const { job, jobId } = await startJob(page);
        await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
        await job.limitTo("1");
        await job.open(jobId);
        await expect(page.getByRole("gridcell").first()).toBeVisible();
        const top = await topOf(job.progress);
        account.releaseLogService();
        await expect(job.term("Delivered")).not.toHaveText("=0");
        await expect(job.timeLeft).toBeVisible();
        expect(await topOf(job.progress)).toBe(top);
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
        await pollOf(page, `/jobs/${jobId}/data`);
        await watchShifts(page);
        for (let times = 0; times < POLLS; times++) {
          await pollOf(page, `/jobs/${jobId}/data`);
        }
        // Asked for every ten seconds.
        await pollOf(page, `/jobs/${jobId}/rate`);
        expect(await shiftsOf(page)).toEqual([]);
        await job.openDialog("Limit speed…");
        await job.dialog.getByRole("button", { name: "Lift the limit" }).click();
        await expect(job.heading).toHaveText(`Job ${jobId} Complete`);
      });
    });
  }

  test("the slot is equally high at every width, whether it is free or whatever it has to say of a job", async ({
    page,
    signInAs,
  }) => {
    await signInAs("operator");
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    await page.goto("/trails");
    const slot = new Slot(page).root;
    const heights: number[][] = [];
    for (const { said, ...answer } of SLOT_ANSWERS) {
      await answerPolls(page, answer);
      await expect(slot).toHaveText(said);
      const ofWidths: number[] = [];
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        await expectNoSidewaysScroll(page);
        ofWidths.push(await slot.evaluate((element) => element.getBoundingClientRect().height));
      }
      heights.push(ofWidths);
      await page.unrouteAll({ behavior: "ignoreErrors" });
    }
    expect(heights).toEqual(SLOT_ANSWERS.map(() => heights[0]));
  });
});

/** A phone, the least that has the rail beside the slot, a tablet, the least on which the slot is one line, and a screen. */
const WIDTHS = [360, 640, 768, 1_024, 1_280] as const;

const NO_LIMIT = { eventsPerSecondMax: null };
const LIMIT = { eventsPerSecondMax: 1_000_000 };
const AT_NOON = "2026-01-01T12:00:00.000Z";

/**
 * What polls may say of the job in the slot, from nothing to more than has room, and how one knows that it is shown. That it is free comes last:
 * then the page asks four times in a minute only.
 */
const SLOT_ANSWERS = [
  { said: /delivering0 %updated/, job: NO_LIMIT, sinkTrouble: null },
  { said: /at most 1,000,000 events\/s/, job: LIMIT, sinkTrouble: null },
  {
    said: /answers WriteQuotaExceedOfThisProject.*at most 1,000,000 events\/s/,
    job: LIMIT,
    sinkTrouble: {
      openedAt: AT_NOON,
      triedAt: AT_NOON,
      retryAt: AT_NOON,
      failures: 3,
      code: "WriteQuotaExceedOfThisProject",
      message: "",
    },
  },
  { said: /^Slot free/, job: null, sinkTrouble: null },
] as const;

/** Has the server say this of the job in the slot, or that there is none. */
async function answerPolls(page: Page, { job, sinkTrouble }: Omit<(typeof SLOT_ANSWERS)[number], "said">) {
  await page.route("**/slot/data*", async (route) => {
    // Whole, not what has changed since the last one.
    const headers = { ...route.request().headers(), "if-none-match": "" };
    const answer = await (await route.fetch({ headers })).json();
    await route.fulfill({ json: { ...answer, job: job && { ...answer.job, ...job }, sinkTrouble } });
  });
}

/** Where an element begins on its page, in pixels. */
function topOf(element: Locator): Promise<number> {
  return element.evaluate((one) => one.getBoundingClientRect().top + window.scrollY);
}

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
