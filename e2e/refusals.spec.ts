import type { Page } from "@playwright/test";
import { type CapturedAction, captureAction, sendAction } from "./captured-action.ts";
import { expect, test } from "./fixtures.ts";
import { JobPage } from "./pages/job-page.ts";
import { JobsPage } from "./pages/jobs-page.ts";
import { TRAILS_PAGE, TrailsPage } from "./pages/trails-page.ts";
import { startJob } from "./start-job.ts";

test("a viewer can't start, neither by the button nor by calling the action", async ({ page, signInAs, context }) => {
  const captured = await captureStart(page, signInAs);
  await context.clearCookies();
  await signInAs("viewer");

  const trails = new TrailsPage(page);
  await trails.open();
  await expect(trails.redeliverButton("all-regions")).toBeDisabled();
  await expect(trails.row("all-regions")).toContainText("Viewers can't start jobs. Ask an operator or admin.");

  const answer = await send(page, captured, "all-regions");
  expect(answer).toContain('"code":"NoPermission"');
  await new JobsPage(page).open();
  await expect(new JobsPage(page).noJobs).toBeVisible();
});

test("without a session the action starts nothing", async ({ page, signInAs, context }) => {
  const captured = await captureStart(page, signInAs);
  await context.clearCookies();
  expect(await send(page, captured, "all-regions")).toContain('"code":"SessionEnded"');
});

for (const { trail, words, why } of [
  { trail: "org-wide", words: "Organization trail.", why: "This is an organization trail." },
  {
    trail: "archive-oss",
    words: "Delivers to no Log Service project.",
    why: "This trail does not deliver to Log Service.",
  },
]) {
  test(`${trail} is not redelivered, neither by the button nor by calling the action`, async ({ page, signInAs }) => {
    const captured = await captureStart(page, signInAs);
    const trails = new TrailsPage(page);
    await trails.open();
    await expect(trails.redeliverButton(trail)).toBeDisabled();
    await expect(trails.row(trail)).toContainText(words);

    const answer = await send(page, captured, trail);
    expect(answer).toContain('"code":"TrailNotValid"');
    expect(answer).toContain(why);
    await new JobsPage(page).open();
    await expect(new JobsPage(page).noJobs).toBeVisible();
  });
}

test("another account's job is not there", async ({ page, signInAs, signInToOtherAccountAs }) => {
  await signInAs("operator");
  const trails = new TrailsPage(page);
  await trails.open();
  await (await trails.openDialog("all-regions")).startButton.click();
  const job = new JobPage(page);
  const jobId = await job.jobId();
  await expect(job.heading).toContainText(`Job ${jobId}`);

  await signInToOtherAccountAs("admin");
  await job.open(jobId);
  await expect(page.getByRole("heading", { name: "There is no such job in this account" })).toBeVisible();
  expect((await page.request.get(`/jobs/${jobId}/data`)).status()).toBe(404);
});

test("an address that names nothing says so", async ({ page, signInAs }) => {
  await signInAs("viewer");
  for (const id of ["0", "abc", "2147483648"]) {
    await page.goto(`/jobs/${id}`);
    await expect(page.getByRole("heading", { name: "There is no such job in this account" })).toBeVisible();
  }
  for (const name of ["nonsense", "%25"]) {
    await page.goto(`/trails/${name}`);
    await expect(page.getByRole("heading", { name: "There is no such trail in this account" })).toBeVisible();
    await expect(page).toHaveTitle(`${decodeURIComponent(name)} · Backtrail`);
  }
});

test("a link to what a role may not do opens nothing, and says why", async ({ page, signInAs, context }) => {
  await signInAs("operator");
  const { jobId } = await startJob(page);
  await context.clearCookies();
  await signInAs("viewer");
  const trails = "Admins create, change, start, stop and delete trails.";
  for (const { path, why } of [
    { path: "/trails?create=true", why: trails },
    { path: "/trails/all-regions?ask=stop", why: trails },
    { path: "/destinations?panel=add", why: "Admins add, test, edit and delete log projects." },
    { path: `/jobs/${jobId}?ask=delete`, why: "Viewers can't control jobs. Ask an operator or admin." },
  ]) {
    await page.goto(path);
    await expect(page.getByText(`This link has opened nothing: ${why}`)).toBeVisible();
    await expect(page.getByRole("dialog")).toBeHidden();
  }
});

test("a link to a question that a job no longer allows opens nothing, and says why", async ({ page, signInAs }) => {
  await signInAs("operator");
  const { job, jobId } = await startJob(page);
  await expect(job.heading).toContainText("Complete");
  for (const { ask, why } of [
    { ask: "cancel", why: "It has ended." },
    { ask: "resume", why: "The job is not in a state in which this can be done." },
  ]) {
    await page.goto(`/jobs/${jobId}?ask=${ask}`);
    const said = page.getByText(`This link has opened nothing: ${why}`);
    await expect(said).toBeVisible();
    await expect(page).toHaveURL(`/jobs/${jobId}`);
    await expect(said).toBeVisible();
  }
  await job.openDialog("Delete job…");
  await page.keyboard.press("Escape");
  await expect(page.getByText("This link has opened nothing")).toBeHidden();
});

/** The request by which an operator's browser starts a redelivery, kept from reaching the server. */
async function captureStart(page: Page, signInAs: (role: "operator") => Promise<void>): Promise<CapturedAction> {
  await signInAs("operator");
  const trails = new TrailsPage(page);
  await trails.open();
  return captureAction(page, TRAILS_PAGE, async () => {
    const dialog = await trails.openDialog("all-regions");
    await dialog.startButton.click();
  });
}

/** Sends the captured request for a trail as whoever is signed in now. */
function send(page: Page, captured: CapturedAction, trail: string): Promise<string> {
  return sendAction(page, { ...captured, body: captured.body.replace("all-regions", trail) });
}
