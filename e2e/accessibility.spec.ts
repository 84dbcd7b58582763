import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { JobPage } from "./pages/job-page.ts";
import { SignInPage } from "./pages/sign-in-page.ts";
import { TrailsPage } from "./pages/trails-page.ts";
import { startJob, TRAIL } from "./start-job.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    // The structure is the same in both themes, and only their colours differ.
    const expectNoViolations = (page: Page) =>
      expectAccessible(page, colorScheme === "dark" ? ["color-contrast"] : null);

    test.beforeEach(() => {
      // Several pages each, and axe looks at every element of every one.
      test.slow();
    });

    test("sign-in has no accessibility violations", async ({ page }) => {
      await new SignInPage(page).open();
      await expectNoViolations(page);
    });

    test("an incomplete job's report and its questions have no accessibility violations", async ({
      page,
      signInAs,
      account,
    }) => {
      await account.storeConflicts(60);
      await signInAs("operator");
      const { job } = await startJob(page);
      await expect(job.heading).toContainText("Incomplete");
      await expect(job.undeliverableRows).toHaveCount(50);
      await expect(job.verification).toContainText("Equal in every slice");
      await expectNoViolations(page);
      await job.slice("cn-hangzhou").nth(8).click();
      await expectNoViolations(page);
      await job.openDialog("Delete job…");
      await expectNoViolations(page);
      await page.keyboard.press("Escape");

      await account.loseLogs(5);
      await job.control("Verify again").click();
      await job.openDialog("Redeliver only what is missing…");
      await expectNoViolations(page);
      await page.goto("/trails");
      const dialog = await new TrailsPage(page).openDialog(TRAIL);
      await dialog.root.getByText("By region and day").click();
      await expectNoViolations(page);
    });

    test.describe("while a job runs", () => {
      test.use({ logService: "held" });

      test("delivering, pausing and their questions have no accessibility violations", async ({ page, signInAs }) => {
        await signInAs("operator");
        const { job } = await startJob(page);
        await expect(job.heading).toContainText("Delivering");
        await expectNoViolations(page);
        await job.openDialog("Limit speed…");
        await job.dialog.getByRole("button", { name: "Set the limit" }).click();
        await expectNoViolations(page);
        await page.keyboard.press("Escape");
        await job.openDialog("Cancel job…");
        await expectNoViolations(page);
        await page.keyboard.press("Escape");
        await job.control("Pause").click();
        await expect(job.heading).toContainText(/Paus(ing|ed)$/);
        await expectNoViolations(page);
      });
    });

    test("trails, dialog, jobs and job have no accessibility violations", async ({ page, signInAs }) => {
      await signInAs("operator");
      const trails = new TrailsPage(page);
      await trails.open();
      await expectNoViolations(page);

      const dialog = await trails.openDialog("all-regions");
      await dialog.chooseWindow("2026-01-02T00:00", "2026-01-01T00:00");
      await dialog.useOwnToken("x".repeat(65));
      await expectNoViolations(page);
      await dialog.useOwnToken("");
      await dialog.choice("Last 90 days").click();
      await dialog.startButton.click();
      await expect(new JobPage(page).heading).toContainText("Complete");
      await expectNoViolations(page);

      await page.goto("/jobs");
      await expect(page.getByRole("cell", { name: "all-regions" })).toBeVisible();
      await expectNoViolations(page);
      await page.goto("/trails/all-regions");
      await expect(page.getByRole("heading", { level: 1, name: "all-regions" })).toBeVisible();
      await expectNoViolations(page);
    });
  });
}

test("the slice grid is walked with arrow keys and opened with Enter", async ({ page, signInAs }) => {
  await signInAs("operator");
  const trails = new TrailsPage(page);
  await trails.open();
  const dialog = await trails.openDialog("all-regions");
  await dialog.startButton.click();
  const job = new JobPage(page);
  await expect(job.heading).toContainText("Complete");

  await job.slice("cn-hangzhou").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await expect(job.slice("cn-shanghai").last()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: /^Slice cn-shanghai/ })).toBeVisible();
});

test("closing the dialog gives the focus back to the button that opened it", async ({ page, signInAs }) => {
  await signInAs("operator");
  const trails = new TrailsPage(page);
  await trails.open();
  const dialog = await trails.openDialog("all-regions");
  await page.keyboard.press("Escape");
  await expect(dialog.root).toBeHidden();
  await expect(trails.redeliverButton("all-regions")).toBeFocused();
});

test("trails, dialog, jobs and job fit a screen of 360 pixels", async ({ page, signInAs }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signInAs("operator");
  const trails = new TrailsPage(page);
  await trails.open();
  await expectNoSidewaysScroll(page);
  const dialog = await trails.openDialog("all-regions");
  await expectNoSidewaysScroll(page);
  await dialog.startButton.click();
  await expect(new JobPage(page).heading).toContainText("Complete");
  await expectNoSidewaysScroll(page);
  await page.goto("/jobs");
  await expectNoSidewaysScroll(page);
});

test("an incomplete job's report and its questions fit a screen of 360 pixels", async ({ page, signInAs, account }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await account.storeConflicts(3);
  await signInAs("operator");
  const { job } = await startJob(page);
  await expect(job.heading).toContainText("Incomplete");
  await expect(job.undeliverableRows).toHaveCount(3);
  await expectNoSidewaysScroll(page);
  await job.openDialog("Delete job…");
  await expectNoSidewaysScroll(page);
});

async function expectAccessible(page: Page, rules: string[] | null) {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules === null ? axe : axe.withRules(rules)).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, targets: nodes.map(({ target }) => target.join(" ")) }))).toEqual([]);
}

async function expectNoSidewaysScroll(page: Page) {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
}
