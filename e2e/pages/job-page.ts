import type { Page } from "@playwright/test";

export class JobPage {
  /** "Job 42 Delivering": the number and the phase. */
  readonly heading;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.heading = page.getByRole("heading", { level: 1 });
  }

  async open(jobId: number) {
    await this.#page.goto(`/jobs/${jobId}`);
  }

  /** Waits for the job that a start leads to. */
  async jobId(): Promise<number> {
    await this.#page.waitForURL(/\/jobs\/[0-9]+$/);
    return Number(new URL(this.#page.url()).pathname.split("/").at(-1));
  }

  /** The value of one term of the ledger. */
  term(name: string) {
    return this.#page
      .getByRole("main")
      .locator("dl")
      .first()
      .locator("div")
      .filter({ has: this.#page.getByText(name, { exact: true }) })
      .getByRole("definition");
  }

  slice(region: string) {
    return this.#page.getByRole("row", { name: new RegExp(`^${region}`) }).getByRole("button");
  }
}
