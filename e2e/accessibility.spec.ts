import { expectAccessible, expectToFitPhone } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { JobPage } from "./pages/job-page.ts";
import { SignInPage } from "./pages/sign-in-page.ts";
import { TrailsPage } from "./pages/trails-page.ts";
import { startJob, TRAIL } from "./start-job.ts";

// Several pages each, and axe looks at every element of every one.
test.slow();

test("sign-in has no accessibility violations", async ({ page }) => {
  await new SignInPage(page).open();
  await expectAccessible(page);
});

test("an incomplete job's report and its questions have no accessibility violations and fit 360 pixels", async ({
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
  await expectAccessible(page);
  await expectToFitPhone(page);
  await job.slice("cn-hangzhou").nth(8).click();
  await expectAccessible(page);
  await job.openDialog("Delete job…");
  await expectAccessible(page);
  await expectToFitPhone(page);
  await page.keyboard.press("Escape");

  await account.loseLogs(5);
  await job.control("Verify again").click();
  await job.openDialog("Redeliver only what is missing…");
  await expectAccessible(page);
  await page.goto("/trails");
  const dialog = await new TrailsPage(page).openDialog(TRAIL);
  await dialog.root.getByText("By region and day").click();
  await expectAccessible(page);
});

test.describe("while a job runs", () => {
  test.use({ logService: "held" });

  test("delivering, pausing and their questions have no accessibility violations", async ({ page, signInAs }) => {
    await signInAs("operator");
    const { job } = await startJob(page);
    await expect(job.heading).toContainText("Delivering");
    await expectAccessible(page);
    await job.openDialog("Limit speed…");
    await job.dialog.getByRole("button", { name: "Set the limit" }).click();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await job.openDialog("Cancel job…");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await job.openDialog("Pause…");
    await expectAccessible(page);
    await job.dialog.getByRole("button", { name: /^Pause job/ }).click();
    await expect(job.heading).toContainText(/Paus(ing|ed)$/);
    await expectAccessible(page);
  });
});

test("trails, dialog, jobs and job have no accessibility violations and fit 360 pixels", async ({ page, signInAs }) => {
  await signInAs("operator");
  const trails = new TrailsPage(page);
  await trails.open();
  await expectAccessible(page);
  await expectToFitPhone(page);

  const dialog = await trails.openDialog("all-regions");
  await dialog.chooseWindow("2026-01-02T00:00", "2026-01-01T00:00");
  await dialog.useOwnToken("x".repeat(65));
  await expectAccessible(page);
  await expectToFitPhone(page);
  await dialog.useOwnToken("");
  await dialog.choice("Last 90 days").click();
  await dialog.startButton.click();
  await expect(new JobPage(page).heading).toContainText("Complete");
  await expectAccessible(page);
  await expectToFitPhone(page);

  await page.goto("/jobs");
  await expect(page.getByRole("cell", { name: "all-regions" })).toBeVisible();
  await expectAccessible(page);
  await expectToFitPhone(page);
  await page.goto("/trails/all-regions");
  await expect(page.getByRole("heading", { level: 1, name: "all-regions" })).toBeVisible();
  await expectAccessible(page);
});

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
