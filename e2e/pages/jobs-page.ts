import type { Page } from "@playwright/test";

export class JobsPage {
  readonly rows;
  readonly noJobs;
  readonly filters;
  readonly showNewer;
  readonly #page: Page;
  readonly #drawn;

  constructor(page: Page) {
    this.#page = page;
    this.#drawn = page.locator("tr[data-index]");
    this.rows = page.getByRole("row").filter({ has: page.getByRole("link", { name: /^(Job )?[0-9]+$/ }) });
    this.noJobs = page.getByRole("heading", { name: "No jobs yet" });
    this.filters = page.getByRole("group", { name: "Filters", exact: true });
    this.showNewer = page.getByRole("button", { name: /^Show [0-9,]+ newer jobs?$/ });
  }

  async open(query = "") {
    await this.#page.goto(`/jobs${query}`);
  }

  /** Whether a row's place is drawn that has nothing to show yet. */
  hasBlankRows(): Promise<boolean> {
    return this.#drawn.evaluateAll((rows) => rows.some((row) => !row.checkVisibility({ visibilityProperty: true })));
  }

  /** The drawn rows' positions in the list and heights in whole pixels, from the first one on. */
  drawnHeights(): Promise<[number, number][]> {
    return this.#drawn.evaluateAll((rows) =>
      rows.map((row) => [Number(row.getAttribute("data-index")), Math.round(row.getBoundingClientRect().height)]),
    );
  }

  /** The height that is kept for the rows above the drawn ones. */
  roomAbove(): Promise<number> {
    return this.#drawn.first().evaluate((row) => {
      const space = row.previousElementSibling;
      return space === null ? 0 : Math.round(space.getBoundingClientRect().height);
    });
  }

  row(jobId: number) {
    return this.rows.filter({ has: this.#page.getByRole("link", { name: new RegExp(`^(Job )?${jobId}$`) }) });
  }
}
