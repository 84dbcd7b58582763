import type { Page } from "@playwright/test";

export class JobsPage {
  readonly rows;
  readonly noJobs;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.rows = page.getByRole("row").filter({ has: page.getByRole("link", { name: /^(Job )?[0-9]+$/ }) });
    this.noJobs = page.getByRole("heading", { name: "No jobs yet" });
  }

  async open() {
    await this.#page.goto("/jobs");
  }
}
