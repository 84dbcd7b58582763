import { captureAction, sendAction } from "./captured-action.ts";
import { expect, test } from "./fixtures.ts";
import { JobPage } from "./pages/job-page.ts";
import { JobsPage } from "./pages/jobs-page.ts";
import { Slot } from "./pages/slot.ts";
import { startJob, TRAIL } from "./start-job.ts";

/** What a time that is told roughly has on hover: the exact one in UTC, and where the reader is. */
const EXACT_TIME = /[0-9]{4}\s[0-9]{2}:[0-9]{2}:[0-9]{2} UTC\s.+ \(your time\)$/;

/** A job's page, whatever is open on it. */
function pageOf(jobId: number): RegExp {
  return new RegExp(`/jobs/${jobId}(\\?|$)`);
}

test.describe("while a job delivers to a log service that holds its answers", () => {
  // More slices than are delivered at a time, so that some are left when the log service answers.
  test.use({ logService: "held", eventDays: 8 });

  test.beforeEach(async ({ signInAs }) => {
    // A held job takes all of the worker's places, so its neighbour among the tests waits for them.
    test.slow();
    await signInAs("operator");
  });

  test("an operator pauses it, sees it wait, and resumes it to its end", async ({ page, account }) => {
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    await expect(page.getByRole("gridcell", { name: /: delivering/ }).first()).toBeVisible();
    await expect(job.main).toContainText("No answer yet");
    await job.openDialog("Pause…");
    await expect(job.dialog).toContainText("No further batch is sent until it is resumed; it keeps the account's slot");
    await job.dialog.getByRole("button", { name: `Pause job ${jobId}` }).click();
    await expect(job.heading).toHaveText(`Job ${jobId} Pausing`);
    await expect(page.getByText(`Job ${jobId}: is being paused.`)).toBeVisible();
    await expect(job.control("Resume…")).toBeFocused();
    await expect(job.main).toContainText(/Pausing: waiting for [1-4] slices? that a worker still holds;/);

    account.releaseLogService();
    await expect(job.heading).toHaveText(`Job ${jobId} Paused`);
    await expect(job.main).toContainText(/Paused since [0-9]{2}:[0-9]{2} UTC/);
    await expect(job.main.getByText(/^Paused since/)).toHaveAttribute("title", EXACT_TIME);
    await expect(job.main.getByText(/^updated /)).toHaveAttribute("title", EXACT_TIME);
    await expect(job.main).not.toContainText("No answer yet");
    await expect(new Slot(page).taken(jobId)).toContainText(/paused.*since/);
    await page.reload();
    await expect(job.heading).toHaveText(`Job ${jobId} Paused`);
    await expect(job.term("Still to send")).not.toHaveText("+0");

    await job.resume();
    await expect(job.heading).toHaveText(`Job ${jobId} Complete`);
    await expect(job.term("Delivered")).toHaveText("=320");
  });

  test("an operator limits its speed, and lifts the limit", async ({ page, account }) => {
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    await job.openDialog("Limit speed…");
    await job.dialog.getByLabel("Events per second, at most").fill("0");
    await job.dialog.getByRole("button", { name: "Set the limit" }).click();
    await expect(job.dialog).toContainText("A limit is a whole number from 1 to 1,000,000.");
    await page.keyboard.press("Escape");
    await job.openDialog("Limit speed…");
    await job.dialog.getByLabel("Events per second, at most").fill("1,000,001");
    await job.dialog.getByRole("button", { name: "Set the limit" }).click();
    await expect(job.dialog).toContainText("A limit is a whole number from 1 to 1,000,000.");
    await page.keyboard.press("Escape");
    await job.limitTo("1,000");
    await expect(job.main).toContainText("at most 1,000 events/s");
    await job.limitTo("1");
    await expect(job.main).toContainText("at most 1 events/s");
    await expect(new Slot(page).taken(jobId)).toContainText("at most 1 events/s");

    account.releaseLogService();
    await expect(job.term("Delivered")).not.toHaveText("=0");
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    // The trail's own page says how far the job is as the slot does, and goes on saying it.
    await page.goto(`/trails/${TRAIL}`);
    const progress = page.getByRole("row").getByText(/^[0-9]+ of 320$/);
    const before = (await progress.textContent()) ?? "";
    await expect(progress).not.toHaveText(before);
    await job.open(jobId);
    await job.openDialog("Limit speed…");
    await job.dialog.getByRole("button", { name: "Lift the limit" }).click();
    await expect(job.heading).toHaveText(`Job ${jobId} Complete`);
    await expect(job.term("Delivered")).toHaveText("=320");
  });

  test("an operator cancels it after one question, and it ends although nothing answers", async ({ page }) => {
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    await expect(job.control("Retry")).toBeDisabled();
    await expect(job.control("Retry")).toHaveAccessibleDescription("Nothing to retry while it runs.");
    await job.openDialog("Cancel job…");
    await expect(job.dialog).toContainText(
      "320 events are not sent; what was delivered stays. A cancelled job is not taken up again.",
    );
    await job.dialog.getByRole("button", { name: "Let it go on" }).click();
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);

    await job.confirm("Cancel job…", `Cancel job ${jobId}`);
    // The button that asked is disabled now.
    await expect(job.heading).toBeFocused();
    await expect(job.heading).toHaveText(`Job ${jobId} Cancelled`);
    await expect(job.main).toContainText(/Cancelled by operator-.*@backtrail\.test/);
    await expect(job.term("Not sent")).not.toHaveText("+0");
    await expect(job.control("Retry")).toBeDisabled();
    await expect(job.control("Retry")).toHaveAccessibleDescription("A cancelled job is not taken up again.");
    for (const name of ["Pause…", "Limit speed…", "Cancel job…"]) {
      await expect(job.control(name)).toBeDisabled();
      await expect(job.control(name)).toHaveAccessibleDescription("It has ended.");
    }
    await expect(new Slot(page).free).toBeVisible();
    await new JobsPage(page).open();
    await expect(new JobsPage(page).rows).toContainText("Cancelled");
  });

  test("an open question is found again by its address, and is withdrawn with its object", async ({ page }) => {
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    await job.openDialog("Pause…");
    await expect(page).toHaveURL(`/jobs/${jobId}?ask=pause`);
    await page.reload();
    await expect(job.dialog).toContainText(`Pause job ${jobId}`);
    await page.goBack();
    await expect(job.dialog).toBeHidden();
    await expect(page).toHaveURL(`/jobs/${jobId}`);

    await page.goForward();
    await expect(job.dialog).toContainText(`Pause job ${jobId}`);
    const elsewhere = new JobPage(await page.context().newPage());
    await elsewhere.open(jobId);
    await elsewhere.pause();
    await expect(job.dialog).toBeHidden();
    await expect(page).toHaveURL(`/jobs/${jobId}`);
  });

  test("deleting it cancels it, and leaves its report to be read", async ({ page }) => {
    const { job, jobId } = await startJob(page);
    await job.openDialog("Delete job…");
    await expect(job.dialog).toContainText("It is cancelled. 320 events are not sent; what was delivered stays.");
    await job.dialog.getByRole("button", { name: `Delete job ${jobId}` }).click();
    await expect(job.main).toContainText("Deleted");
    await expect(job.heading).toHaveText(`Job ${jobId} Cancelled`);
    await expect(new Slot(page).free).toBeVisible();
    await expect(job.control("Delete job…")).toBeDisabled();
    await expect(job.control("Delete job…")).toHaveAccessibleDescription("It was deleted; its report stays.");
  });

  test("a control whose answer was lost shows what became of it", async ({ page }) => {
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    await page.route(pageOf(jobId), async (route) => {
      if (route.request().method() === "POST") {
        // The server has done the work when its answer is lost.
        await route.fetch();
        await route.abort("connectionreset");
      } else {
        await route.fallback();
      }
    });
    await job.confirm("Pause…", `Pause job ${jobId}`);
    await expect(job.message).toContainText("No answer came back");
    await expect(job.heading).toHaveText(/Paus(ing|ed)$/);
    await page.unrouteAll();
    await job.resume();
    await expect(job.message).toBeHidden();
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
  });

  test("a viewer sees why they can use no control, and is refused by the actions themselves", async ({
    page,
    context,
    signInAs,
  }) => {
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    const pause = await captureAction(page, pageOf(jobId), () => job.confirm("Pause…", `Pause job ${jobId}`));
    await page.keyboard.press("Escape");
    await expect(job.dialog).toBeHidden();
    const cancel = await captureAction(page, pageOf(jobId), () => job.confirm("Cancel job…", `Cancel job ${jobId}`));
    await context.clearCookies();
    await signInAs("viewer");
    await job.open(jobId);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    for (const name of ["Pause…", "Limit speed…", "Cancel job…", "Delete job…"]) {
      await expect(job.control(name)).toBeDisabled();
      await expect(job.control(name)).toHaveAccessibleDescription(
        "Viewers can't control jobs. Ask an operator or admin.",
      );
    }
    for (const captured of [pause, cancel]) {
      expect(await sendAction(page, captured)).toContain('"code":"NoPermission"');
    }
    await page.reload();
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
  });

  test("its page keeps the last data while it can't be read, says since when, and recovers", async ({ page }) => {
    const { job, jobId } = await startJob(page);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    await page.route(`**/jobs/${jobId}/data`, (route) => route.abort());
    await expect(job.main).toContainText(
      /Not updated for [0-9]+ s, since [0-9:]{8} UTC: the console gives no answer\. Trying again\./,
    );
    await expect(job.main.getByText(/^Not updated for/)).toHaveAttribute("title", EXACT_TIME);
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    await page.unrouteAll();
    await expect(job.main).not.toContainText("Not updated");
  });
});

test.describe("while the log service's quota is spent", () => {
  test.use({ logService: "over-quota" });

  test("every page says so in its words, until it takes batches again", async ({ page, account, signInAs }) => {
    await signInAs("operator");
    const { job, jobId } = await startJob(page);
    await expect(job.main).toContainText(/The log service answers WriteQuotaExceed since [0-9:]{5} UTC/);
    await expect(job.main).toContainText(/[0-9]+ (try|tries), the next (now|in [0-9]+ s)/);
    await expect(job.main).toContainText("the quota of this project is spent");
    await expect(new Slot(page).taken(jobId)).toContainText("The log service answers WriteQuotaExceed");

    account.releaseLogService();
    await expect(job.heading).toHaveText(`Job ${jobId} Complete`, { timeout: 30_000 });
    await expect(job.main).not.toContainText("WriteQuotaExceed since");
    await expect(job.verification).toContainText("acknowledged by the log service, at least once");
    await expect(job.verification).not.toContainText("Equal");
  });
});
