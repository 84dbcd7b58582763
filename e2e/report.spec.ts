import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { JobPage } from "./pages/job-page.ts";
import { JobsPage } from "./pages/jobs-page.ts";
import { TrailsPage } from "./pages/trails-page.ts";
import { startJob, TRAIL } from "./start-job.ts";
import type { TestAccount } from "./test-account.ts";

test.beforeEach(async ({ signInAs }) => {
  await signInAs("operator");
});

test("a complete job is compared with its logstore by itself, and again when asked", async ({ page }) => {
  const { job } = await startJob(page);
  await expect(job.heading).toContainText("Complete");
  await expect(job.verification).toContainText("Equal in every slice, for what was delivered");
  await expect(job.verification).toContainText("event by event against history");
  await expect(job.main).toContainText(/Checksums equal.*Verified [0-9:]{5} UTC/);
  await expect(job.verification).toContainText("asked for by Backtrail");

  await job.control("Verify again").click();
  await expect(job.verification).toContainText(/asked for by operator-.*@backtrail\.test/);
  await expect(job.verification).toContainText("Equal in every slice");
  await expect(job.control("Verify again")).toBeEnabled();
});

test("what of a verification can't be read is told beside the slices, until it is read", async ({ page }) => {
  const { job, jobId } = await startJob(page);
  await expect(job.verification).toContainText("Equal in every slice");
  await page.route(`**/jobs/${jobId}/verification`, (route) => route.abort());
  await job.open(jobId);
  const told = job.main.getByText("What the verification found of each slice can't be read just now");
  await expect(told).toBeVisible({ timeout: 30_000 });
  await expect(job.main.getByText("100 %", { exact: true })).toBeVisible();
  await page.unrouteAll();
  await told.getByRole("button", { name: "Try again" }).click();
  await expect(told).toBeHidden();
});

test("a job's page says that its slices can't be read, until they are", async ({ page }) => {
  const { job, jobId } = await startJob(page);
  await expect(job.heading).toContainText("Complete");
  await page.route(`**/jobs/${jobId}/data`, (route) => route.abort());
  await job.open(jobId);
  const told = job.main.getByText("The slices could not be read just now.");
  await expect(told).toBeVisible({ timeout: 30_000 });
  await page.unrouteAll();
  await expect(told).toBeHidden();
  await expect(job.slice("cn-hangzhou").first()).toBeVisible();
});

test("the report can be downloaded with the same figures, as CSV and as JSON", async ({ page }) => {
  const { job, jobId } = await startJob(page);
  await expect(job.verification).toContainText("Equal in every slice");

  const report = JSON.parse(await job.download("Download report (JSON)"));
  expect(report.equation).toEqual({
    expected: 240,
    delivered: 240,
    undeliverable: 0,
    gap: 0,
    remaining: 0,
    holds: true,
  });
  expect(report.job).toMatchObject({ id: jobId, phase: "complete" });
  expect(report.slices).toHaveLength(6);
  for (const { slice, verification } of report.slices) {
    expect(slice).toMatchObject({ expected: 40, delivered: 40 });
    expect(verification).toMatchObject({ method: "identity", inSink: 40, missing: 0 });
    expect(verification.checksumThere).toBe(verification.checksumHere);
  }

  const rows = readRows(await job.download("Download report (CSV)"));
  expect(rows).toHaveLength(6);
  expect(new Set(rows.map((row) => row.region))).toEqual(new Set(["cn-hangzhou", "cn-shanghai"]));
  for (const row of rows) {
    expect(row).toMatchObject({ job_id: String(jobId), job_phase: "complete", expected: "40", delivered: "40" });
    expect(row).toMatchObject({
      verification_method: "identity",
      in_sink: "40",
      missing: "0",
      checksums_equal: "true",
    });
  }
});

test("undeliverable events are listed and downloaded with their reasons, and a retry delivers them once it can", async ({
  page,
  account,
}) => {
  await account.storeConflicts(60);
  const { job, jobId } = await startJob(page);
  await expect(job.heading).toHaveText(`Job ${jobId} Incomplete: 60 undeliverable`);
  await expect(job.term("Undeliverable")).toHaveText("+60");
  await expect(page.getByRole("row", { name: /The log service refused 40 events/ })).toBeVisible();
  await expect(job.undeliverable.getByRole("list", { name: "Reasons" })).toContainText("60LogConflict");
  await expect(job.undeliverableRows).toHaveCount(50);
  await job.undeliverable.getByRole("button", { name: "Later" }).click();
  await expect(job.undeliverableRows).toHaveCount(10);
  await job.undeliverable.getByRole("button", { name: "Earlier" }).click();
  await expect(job.undeliverableRows).toHaveCount(50);
  await expect(page).not.toHaveURL(/undeliverable-after=/);
  await job.undeliverable.getByRole("button", { name: "Later" }).click();
  await expect(job.undeliverable.getByRole("navigation")).toContainText("Page 2");
  // The address follows what is shown by a moment, too short for a person to go back in.
  await expect(page).toHaveURL(/undeliverable-after=/);
  await page.goBack();
  await expect(job.undeliverableRows).toHaveCount(50);
  await job.undeliverable.getByRole("button", { name: "Later" }).click();
  await expect(job.undeliverable.getByRole("navigation")).toContainText("Page 2");
  await job.undeliverable.getByRole("button", { name: "Earlier" }).click();
  await expect(job.undeliverableRows).toHaveCount(50);
  await expect(job.undeliverableRows.first().locator("time")).toHaveAttribute("title", /\(your time\)$/);
  const onPaper = job.undeliverable.getByText("50 of 60 events stand here; the downloads have them all.");
  await expect(onPaper).toBeHidden();
  await page.emulateMedia({ media: "print" });
  await expect(onPaper).toBeVisible();
  await page.emulateMedia({ media: "screen" });

  const csv = (await job.download("Download all (CSV)")).trim().split(/\r?\n/);
  expect(csv).toHaveLength(61);
  expect(csv[0]).toContain("event_id");
  const events = (await job.download("Download all (NDJSON)")).trim().split("\n");
  expect(events).toHaveLength(60);
  for (const event of events) {
    expect(JSON.parse(event).reason).toContain("LogConflict");
  }

  // The conflicting logs go, with those that were delivered beside them, so what is delivered again is all there is.
  await account.loseLogs("all");
  await job.openDialog("Retry 2 slices…");
  await expect(job.dialog).toContainText("sends again, of 2 slices, 0 events not sent and 60 undeliverable");
  await job.dialog.getByRole("button", { name: `Retry job ${jobId}` }).click();
  await expect(job.heading).toHaveText(`Job ${jobId} Complete`);
  await expect(job.term("Delivered")).toHaveText("=240");
  await expect(job.main).toContainText("taken up again 1 time");
  await expect(job.main).toContainText("180 events missing");
});

test("what is missing from the logstore is found, and redelivered by a job of its own", async ({ page, account }) => {
  const { job, jobId } = await startJob(page);
  await expect(job.verification).toContainText("Equal in every slice");
  await account.loseLogs(5);
  await job.control("Verify again").click();
  await expect(job.main).toContainText("5 events missing");
  await expect(page.getByRole("row", { name: /cn-hangzhou.*5 events are missing from the logstore/ })).toBeVisible();

  await job.openDialog("Redeliver only what is missing…");
  await expect(job.dialog).toContainText("A new job sends the 1 slice again");
  await job.dialog.getByLabel("Reason").fill("lost by a wrong retention");
  await job.dialog.getByRole("button", { name: "Redeliver 1 slice" }).click();
  await page.waitForURL((url) => /\/jobs\/[0-9]+$/.test(url.pathname) && !url.pathname.endsWith(`/${jobId}`));
  const missing = new JobPage(page);
  await expect(missing.heading).toContainText("Complete");
  await expect(missing.main).toContainText(`Sends again only what job ${jobId} left missing`);
  await expect(missing.main).toContainText("lost by a wrong retention");
  await expect(missing.term("Delivered")).toHaveText("=40");
  await expect(missing.verification).toContainText("Equal in every slice");

  await job.open(jobId);
  await job.control("Verify again").click();
  await expect(job.main).toContainText("Checksums equal");
});

test("a start that the taken slot refuses keeps the dialog of what is missing, with the reason and the refusal", async ({
  page,
  account,
}) => {
  const job = await openMissingDialog(page, account);
  await job.dialog.getByLabel("Reason").fill("lost by a wrong retention");
  const slotJobId = await account.storePausedJob();
  await job.dialog.getByRole("button", { name: "Redeliver 1 slice" }).click();
  // The page behind the dialog has learnt of it, too.
  await expect(page.locator("main")).toContainText(`Slot taken by job ${slotJobId}`);
  await expect(job.message).toContainText(`Job ${slotJobId} is delivering in this account.`);
  await expect(job.message.getByRole("link", { name: `Open job ${slotJobId}` })).toBeVisible();
  await expect(job.dialog.getByLabel("Reason")).toHaveValue("lost by a wrong retention");
});

test("the open dialog of what is missing says that another job has taken the slot", async ({ page, account }) => {
  const job = await openMissingDialog(page, account);
  await job.dialog.getByLabel("Reason").fill("lost by a wrong retention");
  const slotJobId = await account.storePausedJob();
  await expect(job.dialog).toContainText(`Slot taken by job ${slotJobId}`);
  await expect(job.dialog.getByLabel("Reason")).toHaveValue("lost by a wrong retention");
});

test("a redelivery of what is missing whose answer was lost is found with the same token, though the slot is taken", async ({
  page,
  account,
}) => {
  const job = await openMissingDialog(page, account);
  const token = (await job.dialog.locator("code").textContent()) ?? "";
  await page.route(/\/jobs\/[0-9]+(\?.*)?$/, async (route) => {
    if (route.request().method() === "POST") {
      // The server has done the work when its answer is lost.
      await route.fetch();
      await route.abort("connectionreset");
    } else {
      await route.fallback();
    }
  });
  await job.dialog.getByRole("button", { name: "Redeliver 1 slice" }).click();
  await expect(job.message).toContainText("No answer came back");
  await page.unrouteAll();

  // The job that was started ends soon, and another one takes the slot.
  let slotJobId = 0;
  await expect(async () => {
    slotJobId = await account.storePausedJob();
  }).toPass();
  await expect(page.locator("main")).toContainText(`Slot taken by job ${slotJobId}`);
  await expect(job.dialog.locator("code")).toHaveText(token);
  await job.dialog.getByRole("button", { name: "Try again" }).click();
  await expect(job.message).toContainText(/This token already started job [0-9]+\./);
  await job.dialog.getByRole("link", { name: /^Watch job/ }).click();
  await expect(job.main).toContainText("Sends again only what job");
  await expect(page.getByText(token)).toBeVisible();
});

test("a deleted job stays as a report to be read, and is marked in the list", async ({ page }) => {
  const { job, jobId } = await startJob(page);
  await expect(job.heading).toContainText("Complete");
  await job.confirm("Delete job…", `Delete job ${jobId}`);
  await expect(job.main).toContainText("The API shows it no more; its report stays here, read-only.");
  for (const name of ["Delete job…", "Retry", "Pause…", "Limit speed…", "Cancel job…"]) {
    await expect(job.control(name)).toBeDisabled();
    await expect(job.control(name)).toHaveAccessibleDescription("It was deleted; its report stays.");
  }
  await expect(job.control("Verify again")).toBeVisible();
  expect(JSON.parse(await job.download("Download report (JSON)")).job.deletedAt).not.toBeNull();
  await new JobsPage(page).open();
  await expect(new JobsPage(page).rows).toContainText("deleted");
});

test("a viewer verifies and downloads, and nothing else", async ({ page, context, signInAs }) => {
  const { job, jobId } = await startJob(page);
  await expect(job.heading).toContainText("Complete");
  await context.clearCookies();
  await signInAs("viewer");
  await job.open(jobId);
  await expect(job.control("Delete job…")).toBeDisabled();
  await expect(job.control("Delete job…")).toHaveAccessibleDescription(
    "Viewers can't control jobs. Ask an operator or admin.",
  );
  await job.control("Verify again").click();
  await expect(job.verification).toContainText(/asked for by viewer-/);
  await expect(job.control("Print")).toBeEnabled();
  expect(JSON.parse(await job.download("Download report (JSON)")).job.id).toBe(jobId);
});

test("before a redelivery its dialog tells what the logstore has already", async ({ page }) => {
  const { job } = await startJob(page);
  await expect(job.heading).toContainText("Complete");
  const trails = new TrailsPage(page);
  await trails.open();
  const dialog = await trails.openDialog(TRAIL);
  await dialog.choice("Until the trail took effect").click();
  await expect(dialog.figure("In history")).toHaveText("240");
  await expect(dialog.figure("Already in the logstore")).toHaveText("240");
  await expect(dialog.figure("New to it")).toHaveText("0");
  await expect(dialog.root).toContainText(/As of [0-9:]{8} UTC/);
  await dialog.root.getByText("By region and day: 2 regions, 3 days").click();
  await expect(dialog.root.getByRole("row", { name: /cn-shanghai 40 40$/ })).toHaveCount(3);
});

/** The dialog of a complete job whose logstore has lost five logs of one slice since. */
async function openMissingDialog(page: Page, account: TestAccount): Promise<JobPage> {
  const { job } = await startJob(page);
  await expect(job.verification).toContainText("Equal in every slice");
  await account.loseLogs(5);
  await job.control("Verify again").click();
  await expect(job.main).toContainText("5 events missing");
  await job.openDialog("Redeliver only what is missing…");
  return job;
}

/** The rows of a CSV file whose cells hold neither commas nor line breaks, by column. */
function readRows(csv: string): Record<string, string>[] {
  const [header = [], ...rows] = csv
    .replace(/^\uFEFF/, "")
    .trim()
    .split("\r\n")
    .map((line) => line.split(",").map((cell) => cell.replace(/^"|"$/g, "")));
  return rows.map((cells) => Object.fromEntries(header.map((column, index) => [column, cells[index] ?? ""])));
}
