import type { Page } from "@playwright/test";

export class JobsPage {
  readonly rows;
  readonly noJobs;
  readonly filters;
  readonly showNewer;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.rows = page.getByRole("row").filter({ has: page.getByRole("link", { name: /^(Job )?[0-9]+$/ }) });
    this.noJobs = page.getByRole("heading", { name: "No jobs yet" });
    this.filters = page.getByRole("group", { name: "Filters", exact: true });
    this.showNewer = page.getByRole("button", { name: /^Show [0-9,]+ newer jobs?$/ });
  }

  async open(query = "") {
    await this.#page.goto(`/jobs${query}`);
  }

  row(jobId: number) {
    return this.rows.filter({ has: this.#page.getByRole("link", { name: new RegExp(`^(Job )?${jobId}$`) }) });
  }
}
