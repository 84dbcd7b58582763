import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { EventsPage } from "./pages/events-page.ts";
import { TrailsPage } from "./pages/trails-page.ts";
import { startJob, TRAIL } from "./start-job.ts";

test.slow();

/** What a chart may be drawn anew for: its data, and the room it gets. More drawings of one shape are steps of a movement. */
const DRAWINGS_MAX = 4;

/** Notes, from the first drawing on, what moves by itself: by the browser's own hand, or drawn step by step as charts do. */
async function watchMotion(page: Page): Promise<void> {
  await page.addInitScript((drawingsMax) => {
    const moved: string[] = [];
    const drawings = new WeakMap<Element, Set<string | null>>();
    const look = () => {
      for (const { effect } of document.getAnimations()) {
        if (effect instanceof KeyframeEffect && Number(effect.getComputedTiming().activeDuration) > 0) {
          moved.push(`${effect.target?.outerHTML.slice(0, 120)}`);
        }
      }
      for (const shape of document.querySelectorAll(".recharts-surface path")) {
        const seen = drawings.get(shape) ?? new Set();
        drawings.set(shape, seen.add(shape.getAttribute("d")));
        if (seen.size > drawingsMax) {
          moved.push(shape.outerHTML.slice(0, 120));
        }
      }
      requestAnimationFrame(look);
    };
    Object.assign(window, { moved });
    look();
  }, DRAWINGS_MAX);
}

/** What has moved on this page since it was loaded. */
function whatMoved(page: Page): Promise<string[]> {
  return page.evaluate(() => ("moved" in window && Array.isArray(window.moved) ? [...new Set(window.moved)] : []));
}

for (const { reducedMotion, who } of [
  { reducedMotion: "reduce", who: "nothing moves by itself for who asks for less" },
  { reducedMotion: "no-preference", who: "a little moves for who asks for nothing, so that it would be seen" },
] as const) {
  test.describe(`with motion: ${reducedMotion}`, () => {
    test.use({ contextOptions: { reducedMotion } });

    test(`${who}: dialogs, charts, a job that fills, notices`, async ({ page, signInAs }) => {
      await watchMotion(page);
      await signInAs("operator");
      const moved: string[] = [];
      const trails = new TrailsPage(page);
      await trails.open();
      const dialog = await trails.openDialog(TRAIL);
      await expect(dialog.root.locator(".recharts-bar-rectangle path").first()).toBeVisible();
      await dialog.root.getByRole("button", { name: "Cancel" }).click();
      await expect(dialog.root).toBeHidden();
      moved.push(...(await whatMoved(page)));

      const { job, jobId } = await startJob(page);
      await expect(job.heading).toHaveText(`Job ${jobId} Complete`);
      await job.control("Verify again").click();
      await expect(page.getByText(`Job ${jobId}: is compared with its logstore.`)).toBeVisible();
      moved.push(...(await whatMoved(page)));

      const events = new EventsPage(page);
      // The whole history: in the last days there may be no more than what the worker is about to record.
      await events.open("?last=90d");
      await expect(events.bars.first()).toBeVisible();
      await events.links.first().click();
      await expect(events.sheet).toBeVisible();
      moved.push(...(await whatMoved(page)));
      if (reducedMotion === "reduce") {
        expect(moved).toEqual([]);
      } else {
        expect(moved.length).toBeGreaterThan(0);
      }
    });
  });
}
