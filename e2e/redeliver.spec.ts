import { expect, test } from "./fixtures.ts";
import { JobPage } from "./pages/job-page.ts";
import { JobsPage } from "./pages/jobs-page.ts";
import { Slot } from "./pages/slot.ts";
import { TRAILS_PAGE, TrailsPage } from "./pages/trails-page.ts";
import { daysAgo, TRAIL } from "./start-job.ts";

for (const role of ["operator", "admin"] as const) {
  test(`an ${role} finds the trail, starts a redelivery and watches it to complete`, async ({ page, signInAs }) => {
    await signInAs(role);
    await new TrailsPage(page).open();
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await expect(dialog.root).toContainText("actiontrail_all-regions");
    await dialog.reason.fill("Logstore was recreated");
    await dialog.chooseWindow(daysAgo(20), daysAgo(8));
    await expect(dialog.startButton).toHaveText("Redeliver 240 events");
    await dialog.startButton.click();

    const job = new JobPage(page);
    const jobId = await job.jobId();
    await expect(job.heading).toHaveText(`Job ${jobId} Complete`);
    await expect(job.term("Expected")).toHaveText("240");
    await expect(job.term("Delivered")).toHaveText("=240");
    await expect(page.getByText("Logstore was recreated")).toBeVisible();
    await expect(new Slot(page).free).toBeVisible();

    await new JobsPage(page).open();
    await expect(new JobsPage(page).rows).toHaveCount(1);
    await expect(new JobsPage(page).rows).toContainText("Complete");
    await page.goto("/trails");
    await expect(new TrailsPage(page).row(TRAIL)).toContainText(`Job ${jobId} · complete`);
  });
}

test.describe("an operator", () => {
  test.beforeEach(async ({ page, signInAs }) => {
    await signInAs("operator");
    await new TrailsPage(page).open();
  });

  test("starts one job by pressing twice", async ({ page }) => {
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await dialog.startButton.dblclick();
    await expect(new JobPage(page).heading).toContainText("Complete");
    await new JobsPage(page).open();
    await expect(new JobsPage(page).rows).toHaveCount(1);
  });

  test("gets the same job again for the same own token", async ({ page }) => {
    const trails = new TrailsPage(page);
    const first = await trails.openDialog(TRAIL);
    await first.useOwnToken("incident-318");
    await first.startButton.click();
    const jobId = await new JobPage(page).jobId();
    await expect(new JobPage(page).heading).toContainText("Complete");

    await trails.open();
    const second = await trails.openDialog(TRAIL);
    await second.useOwnToken("incident-318");
    await second.startButton.click();
    await expect(second.message).toContainText(`This token already started job ${jobId}.`);
    await second.root.getByRole("link", { name: `Watch job ${jobId}` }).click();
    await expect(new JobPage(page).heading).toHaveText(`Job ${jobId} Complete`);
  });

  test("is told that a token belongs to another request, and keeps the form", async ({ page }) => {
    const trails = new TrailsPage(page);
    const first = await trails.openDialog(TRAIL);
    await first.useOwnToken("incident-318");
    await first.startButton.click();
    const jobId = await new JobPage(page).jobId();

    await trails.open();
    await expect(new Slot(page).free).toBeVisible();
    const second = await trails.openDialog("never-enabled");
    await second.reason.fill("another one");
    await second.useOwnToken("incident-318");
    await second.startButton.click();
    await expect(second.message).toContainText(
      `This client token has already started job ${jobId} with another request.`,
    );
    await expect(second.reason).toHaveValue("another one");
  });

  test("learns after a lost answer that the job was started, and gets that job", async ({ page }) => {
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    const token = await dialog.clientToken.textContent();
    await page.route(TRAILS_PAGE, async (route) => {
      if (route.request().method() === "POST") {
        // The server has done the work when its answer is lost.
        await route.fetch();
        await route.abort("connectionreset");
      } else {
        await route.fallback();
      }
    });
    await dialog.startButton.click();
    await expect(dialog.message).toContainText("No answer came back");
    await page.unrouteAll();
    await expect(dialog.clientToken).toHaveText(token ?? "");
    await dialog.tryAgainButton.click();
    await expect(dialog.message).toContainText(/This token already started job [0-9]+\./);
    await dialog.root.getByRole("link", { name: /^Watch job/ }).click();
    await expect(page.getByText(token ?? "")).toBeVisible();
    await new JobsPage(page).open();
    await expect(new JobsPage(page).rows).toHaveCount(1);
  });

  test("keeps the token through a reload until an answer came", async ({ page }) => {
    const trails = new TrailsPage(page);
    const dialog = await trails.openDialog(TRAIL);
    const token = await dialog.clientToken.textContent();
    await dialog.reason.fill("after the outage");
    await page.route(TRAILS_PAGE, (route) =>
      route.request().method() === "POST" ? route.abort("connectionreset") : route.fallback(),
    );
    await dialog.startButton.click();
    await expect(dialog.message).toContainText("No answer came back");
    await page.unrouteAll();
    await page.reload();

    const again = trails.redeliverDialog;
    await expect(again.clientToken).toHaveText(token ?? "");
    await expect(again.reason).toHaveValue("after the outage");
    await expect(again.root).toContainText("The last try with this token got no answer.");
    await again.startButton.click();
    await expect(new JobPage(page).heading).toContainText("Complete");

    await trails.open();
    const next = await trails.openDialog(TRAIL);
    await expect(next.clientToken).not.toHaveText(token ?? "");
  });

  test("sees what a link names: the dialog, its window, and what that would send", async ({ page }) => {
    const trails = new TrailsPage(page);
    const dialog = await trails.openDialog(TRAIL);
    await dialog.chooseWindow(daysAgo(20), daysAgo(11));
    await expect(dialog.startButton).toHaveText("Redeliver 80 events");
    // The address follows a little behind what is typed: first with one end of the window, then with both.
    const ends = [daysAgo(20), daysAgo(11)].map((end) => end.slice(0, 10));
    await expect(page).toHaveURL(new RegExp(`[?&]window=${ends.join("[^&]*")}`));
    await dialog.root.getByText(/^By region and day/).click();
    await expect(dialog.countsByDay).toBeVisible();
    await dialog.root.getByText("Advanced").click();
    await expect(page).toHaveURL(/[?&]days=true&advanced=true$/);
    const link = page.url();
    await dialog.root.getByRole("button", { name: "Cancel" }).click();
    await expect(page).toHaveURL(/\/trails$/);
    await trails.openDialog(TRAIL);
    await expect(dialog.countsByDay).toBeHidden();

    await page.goto(link);
    await expect(trails.redeliverDialog.startButton).toHaveText("Redeliver 80 events");
    await expect(trails.redeliverDialog.choice("Own window…")).toBeChecked();
    await expect(trails.redeliverDialog.countsByDay).toBeVisible();
    await expect(trails.redeliverDialog.ownToken).toBeVisible();
  });

  test("chooses days in the calendar by keyboard, whole ones in UTC", async ({ page }) => {
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await dialog.chooseWindow(daysAgo(13), daysAgo(12));
    await dialog.root.getByRole("button", { name: "Choose days…" }).press("Enter");
    const focused = page.locator("button:focus");
    await expect(focused).toHaveAccessibleName(/selected/);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect(dialog.root.getByLabel("From")).toHaveValue(new RegExp(`^${daysAgo(14)}`));
    await expect(dialog.root.getByLabel("To", { exact: true })).toHaveValue(new RegExp(`^${daysAgo(11)}`));
    await expect(dialog.startButton).toHaveText("Redeliver 80 events");
  });

  test("is told how long it will take once something was measured, and from what", async ({ page }) => {
    const trails = new TrailsPage(page);
    const first = await trails.openDialog(TRAIL);
    await first.startButton.click();
    await expect(new JobPage(page).heading).toContainText("Complete");
    await trails.open();
    const second = await trails.openDialog(TRAIL);
    await expect(second.root).toContainText(/About .+, at the speed of this account's last job/);
  });

  test("can start although the events can't be counted", async ({ page }) => {
    await page.route("**/preview?*", (route) => route.abort());
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await expect(dialog.root).toContainText("The events could not be counted just now. You can still start");
    await expect(dialog.startButton).toHaveText("Redeliver history");
    await dialog.startButton.click();
    await expect(new JobPage(page).heading).toContainText("Complete");
  });

  test("keeps what was counted, and its time, when it can't be counted again", async ({ page }) => {
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await expect(dialog.root).toContainText(/As of [0-9:]{5}/i);
    const counted = dialog.root.locator("dl").first();
    const before = (await counted.textContent()) ?? "";
    expect(before).toMatch(/[0-9]/);
    await page.route("**/preview?*", (route) => route.abort());
    // What a tab tells its page that one comes back to.
    await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
    await expect(dialog.root).toContainText("The events could not be counted just now.", { timeout: 30_000 });
    await expect(counted).toHaveText(before);
  });

  test("sees a bar per day, stacked by region, as high as what would be sent", async ({ page }) => {
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await dialog.chooseWindow(daysAgo(13), daysAgo(9));
    await expect(dialog.startButton).toHaveText("Redeliver 240 events");
    // Three days with 40 events each of two regions, then one without.
    await expect(dialog.bars).toHaveCount(6);
    const boxes = await dialog.bars.evaluateAll((bars) =>
      bars.map((bar) => {
        const { x, top, height } = bar.getBoundingClientRect();
        return { x: Math.round(x), top: Math.round(top), height: Math.round(height) };
      }),
    );
    const byDay = [...Map.groupBy(boxes, ({ x }) => x).values()];
    expect(byDay).toHaveLength(3);
    for (const stack of byDay) {
      const [upper, lower] = stack.toSorted((one, other) => one.top - other.top);
      expect(upper?.height).toBeGreaterThan(20);
      expect(Math.abs((upper?.height ?? 0) - (lower?.height ?? 0))).toBeLessThanOrEqual(1);
      expect(Math.abs((upper?.top ?? 0) + (upper?.height ?? 0) - (lower?.top ?? 0))).toBeLessThanOrEqual(1);
    }
    await dialog.bars.first().hover();
    await expect(dialog.chart).toContainText("80 events");
    await expect(dialog.chart).toContainText("cn-hangzhou");
    await expect(dialog.chart).toContainText("cn-shanghai");
  });

  test("is told what of history will soon be gone, how much of it and when", async ({ page, account }) => {
    const eventTime = new Date(Date.now() - 89 * 86_400_000).toISOString();
    const event = { eventName: "DescribeInstances", eventTime, acsRegion: "cn-hangzhou" };
    await account.record(Array.from({ length: 7 }, (_, n) => JSON.stringify({ ...event, eventId: `old-${n}` })));
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await expect(dialog.root).toContainText(/The 7 events of .+ leave history in [0-9]+/);
    await dialog.chooseWindow(daysAgo(20), daysAgo(2));
    await expect(dialog.startButton).toHaveText("Redeliver 240 events");
    await expect(dialog.root).not.toContainText("leave history");
  });

  test("is told plainly that there is nothing to send", async ({ page }) => {
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await dialog.chooseWindow(daysAgo(30), daysAgo(25));
    await expect(dialog.root).toContainText("Nothing to send");
    await dialog.startButton.click();
    await expect(new JobPage(page).heading).toContainText("Complete");
  });

  test("is told what is wrong with a window before and after asking", async ({ page }) => {
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await dialog.chooseWindow(daysAgo(8), daysAgo(20));
    await expect(dialog.root).toContainText("The window ends before it begins.");
    await expect(dialog.root).toContainText("Not counted");
    await expect(dialog.startButton).toHaveText("Redeliver history");
    await expect(dialog.startButton).toBeDisabled();
    await dialog.chooseWindow(daysAgo(120), daysAgo(100));
    await expect(dialog.root).toContainText("The window begins more than 90 days ago");
    await dialog.startButton.click();
    await expect(dialog.message).toContainText("The window begins more than 90 days ago");
  });

  test("can't use a token that no request may carry", async ({ page }) => {
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await dialog.useOwnToken("x".repeat(65));
    await expect(dialog.root).toContainText("A client token has 1 to 64 printable ASCII characters.");
    await expect(dialog.startButton).toBeDisabled();
  });

  test("is offered the window until the trail took effect only where there is one", async ({ page }) => {
    const trails = new TrailsPage(page);
    const dialog = await trails.openDialog(TRAIL);
    await dialog.choice("Until the trail took effect").click();
    await expect(dialog.startButton).toHaveText("Redeliver 240 events");
    await dialog.root.getByRole("button", { name: "Cancel" }).click();
    const never = await trails.openDialog("never-enabled");
    await expect(never.choice("Until the trail took effect")).toBeDisabled();
    await expect(never.root.getByRole("radiogroup", { name: "Which time" })).toHaveAccessibleDescription(
      /^This trail was never enabled/,
    );
  });
});

test("a viewer who is sent the link sees the counts and why they can't start", async ({ page, signInAs }) => {
  await signInAs("viewer");
  await page.goto(`/trails?redeliver=${TRAIL}`);
  const { redeliverDialog } = new TrailsPage(page);
  await expect(redeliverDialog.figure("In history")).not.toHaveText("");
  await expect(redeliverDialog.startButton).toBeDisabled();
  await expect(redeliverDialog.root).toContainText("Viewers can't start jobs.");
});

test.describe("while a job runs", () => {
  test.use({ logService: "held" });

  test.beforeEach(async ({ page, signInAs }) => {
    await signInAs("operator");
    await new TrailsPage(page).open();
  });

  test("every page shows who holds the slot, and following it survives a reload", async ({ page, account }) => {
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await dialog.startButton.click();
    const job = new JobPage(page);
    const jobId = await job.jobId();
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);
    await page.goto("/trails");
    await new Slot(page).taken(jobId).click();
    await expect(page).toHaveURL(`/jobs/${jobId}`);
    await page.reload();
    await expect(job.heading).toHaveText(`Job ${jobId} Delivering`);

    account.releaseLogService();
    await expect(job.heading).toHaveText(`Job ${jobId} Complete`);
    await expect(new Slot(page).free).toBeVisible();
    await expect(new Slot(page).announcement).toContainText(`Job ${jobId}: Complete. The slot is free.`);
  });

  test("a second start is refused with the running job's number and a link to it", async ({ page, context }) => {
    // A second tab that has not seen the job start, so that its button can still be pressed.
    const otherTab = await context.newPage();
    await new TrailsPage(otherTab).open();
    const late = await new TrailsPage(otherTab).openDialog("never-enabled");
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await dialog.startButton.click();
    const jobId = await new JobPage(page).jobId();

    await late.reason.fill("too late");
    await late.startButton.click();
    await expect(late.message).toContainText(
      `Job ${jobId} is delivering in this account. Watch it, or wait until it has ended.`,
    );
    await expect(late.reason).toHaveValue("too late");
    await late.message.getByRole("link", { name: `Open job ${jobId}` }).click();
    await expect(new JobPage(otherTab).heading).toContainText(`Job ${jobId}`);
  });

  test("the buttons say who has taken the slot, and come back when it is free", async ({ page, account }) => {
    const trails = new TrailsPage(page);
    const dialog = await trails.openDialog(TRAIL);
    await dialog.startButton.click();
    const jobId = await new JobPage(page).jobId();
    await trails.open();
    await expect(trails.redeliverButton(TRAIL)).toBeDisabled();
    await expect(trails.row(TRAIL)).toContainText(`Slot taken by job ${jobId}`);
    // A link opens the dialog all the same.
    await page.goto(`/trails?redeliver=${TRAIL}`);
    await expect(dialog.root).toContainText(`Slot taken by job ${jobId}`);
    await expect(dialog.startButton).toBeEnabled();
    await trails.open();
    account.releaseLogService();
    await expect(trails.redeliverButton(TRAIL)).toBeEnabled();
    await expect(trails.row(TRAIL)).toContainText(`Job ${jobId} · complete`);
  });

  test("a list that can't be renewed keeps its rows and says since when", async ({ page }) => {
    const dialog = await new TrailsPage(page).openDialog(TRAIL);
    await dialog.startButton.click();
    await new JobPage(page).jobId();
    const jobs = new JobsPage(page);
    await jobs.open();
    await page.route("**/jobs/data?*", (route) => route.abort());
    await expect(page.getByRole("main")).toContainText(/Not updated for [0-9]+ s/);
    await expect(jobs.rows).toHaveCount(1);
    await page.unrouteAll();
    await expect(page.getByRole("main")).not.toContainText("Not updated");
  });
});
