import type { Page } from "@playwright/test";

export class EventsPage {
  readonly table;
  readonly links;
  readonly histogram;
  readonly sheet;
  readonly total;
  readonly loadMore;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.table = page.getByRole("table", { name: "Events" });
    this.links = this.table.getByRole("link");
    this.histogram = page.getByRole("region", { name: "Events by time" });
    this.total = this.histogram.getByText(/^[\d,]+ events?$/);
    this.sheet = page.getByRole("dialog");
    this.loadMore = page.getByRole("button", { name: "Load more" });
  }

  async open(query = "") {
    await this.#page.goto(`/events${query}`);
  }

  /** The bars, once they are drawn. */
  get bars() {
    return this.histogram.locator(".recharts-bar-rectangle path");
  }

  handle(name: "Start" | "End") {
    return this.histogram.getByRole("slider", { name: `${name} of the selection` });
  }

  async addFilter(field: string, value: string) {
    await this.#page.getByRole("button", { name: "Add filter" }).click();
    const form = this.#page.getByRole("dialog", { name: "Add a filter" });
    await form.getByLabel("Field").selectOption({ label: field });
    await form.getByLabel("Value").fill(value);
    await form.getByRole("button", { name: "Add" }).click();
  }

  removeFilter(name: string) {
    return this.#page.getByRole("button", { name: `Remove the filter ${name}` });
  }

  radio(name: string) {
    return this.#page.getByRole("radio", { name, exact: true });
  }

  row(text: string) {
    return this.table.getByRole("row").filter({ hasText: text });
  }
}
