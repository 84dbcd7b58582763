import type { Page } from "@playwright/test";
import { JobPage } from "./pages/job-page.ts";
import { TrailsPage } from "./pages/trails-page.ts";

/** What every test account has (test-account.ts). */
export const TRAIL = "all-regions";
export const PROJECT = "history-test";

/** As a datetime-local input writes it, at midnight UTC. */
export function daysAgo(days: number): string {
  return `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)}T00:00`;
}

/** Starts a job of the account's recorded events and nothing else: audit events lie behind the window. */
export async function startJob(page: Page): Promise<{ job: JobPage; jobId: number }> {
  const trails = new TrailsPage(page);
  await trails.open();
  const dialog = await trails.openDialog(TRAIL);
  await dialog.chooseWindow(daysAgo(20), daysAgo(2));
  await dialog.startButton.click();
  const job = new JobPage(page);
  return { job, jobId: await job.jobId() };
}
