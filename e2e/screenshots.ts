import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { DestinationsPage } from "./pages/destinations-page.ts";
import { EventsPage } from "./pages/events-page.ts";
import { JobPage } from "./pages/job-page.ts";
import { LogstorePage } from "./pages/logstore-page.ts";
import { SignInPage } from "./pages/sign-in-page.ts";
import { TrailsPage } from "./pages/trails-page.ts";
import { PHOTOGRAPHER } from "./screenshots.config.ts";

const FOLDER = join(import.meta.dirname, "..", "docs", "screenshots");

test("every page of the console, in both themes", async ({ page }) => {
  await page.goto("/forgot-password");
  await picture(page, "forgot-password");
  await page.goto("/sign-in");
  await picture(page, "sign-in");
  await new SignInPage(page).signIn(PHOTOGRAPHER.email, PHOTOGRAPHER.password);
  await page.waitForURL(/\/trails$/);

  const trails = new TrailsPage(page);
  await trails.open();
  await picture(page, "trails");
  const trail = (await page.getByRole("row").nth(1).getByRole("link").first().textContent()) ?? "";
  const dialog = await trails.openDialog(trail);
  await expect(dialog.root).toContainText(/in history/i);
  await picture(page, "redeliver");
  await dialog.startButton.click();
  const job = new JobPage(page);
  await job.jobId();
  await job.limitTo("1,000");
  await expect.poll(() => deliveredBy(job), { timeout: 120_000 }).toBeGreaterThan(PICTURED_EVENTS);
  await picture(page, "job-live");
  await page.goto("/jobs");
  await picture(page, "jobs");
  await page.goBack();
  await job.openDialog("Limit speed…");
  await job.dialog.getByRole("button", { name: "Lift the limit" }).click();
  await expect(job.heading).toContainText("Complete", { timeout: 60_000 });
  await expect(job.verification).toContainText("Equal in every slice", { timeout: 30_000 });
  await picture(page, "job-report");

  const others = [
    ["trail", `trails/${trail}`],
    ["trail-create", "trails?create=true"],
    ["trail-edit", `trails/${trail}?ask=edit`],
    ["events", "events"],
    ["destinations", "destinations"],
    ["audit", "audit"],
    ["people", "people"],
    ["access-keys", "access-keys"],
    ["access-key-make", "access-keys?panel=make"],
    ["security", "security"],
    ["api-explorer", "api-explorer"],
  ] as const;
  for (const [name, path] of others) {
    await page.goto(`/${path}`);
    await picture(page, name);
  }

  const events = new EventsPage(page);
  await events.open();
  await events.links.first().click();
  await expect(events.sheet.locator("pre")).toBeVisible();
  await picture(page, "event");
  const logstore = `actiontrail_${trail}`;
  const destinations = new DestinationsPage(page);
  await destinations.open();
  await destinations.logstore(logstore).getByRole("link", { name: logstore, exact: true }).click();
  await expect(new LogstorePage(page).rows.first()).toBeVisible();
  await picture(page, "logstore");
});

/** At the limit that is set, of 1,000 a second, so many make a chart of some 25 seconds, and a grid in which slices of all states stand. */
const PICTURED_EVENTS = 25_000;

async function deliveredBy(job: JobPage): Promise<number> {
  return Number((await job.term("Delivered").textContent())?.replace(/[^0-9]/g, ""));
}

/** What a page reads behind its first drawing has come, charts and fonts too, and is on the screen. */
async function untilDrawn(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await expect(page.locator('[data-slot="skeleton"], .recharts-responsive-container:not(:has(svg))')).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

/** Takes the page as it is, in both themes; notices that pass by are let pass. */
async function picture(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("listitem").filter({ has: page.locator("[data-sonner-toast]") })).toHaveCount(0);
  for (const theme of ["light", "dark"] as const) {
    await page.evaluate((chosen) => {
      document.documentElement.dataset.theme = chosen;
    }, theme);
    await untilDrawn(page);
    await page.screenshot({ path: join(FOLDER, `${name}-${theme}.png`) });
  }
}
