import type { Page } from "@playwright/test";

export class AuditPage {
  readonly heading;
  readonly notAllowed;
  readonly rows;
  readonly who;
  readonly action;
  readonly outcome;
  readonly entry;
  readonly older;
  readonly newest;
  readonly clear;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.heading = page.getByRole("heading", { name: "Audit", level: 1 });
    this.notAllowed = page.getByRole("heading", { name: "Your role does not show this page" });
    this.rows = page.getByRole("row").filter({ has: page.getByRole("button", { name: /^Details of/ }) });
    this.who = page.getByRole("searchbox", { name: "Who" });
    this.action = page.getByRole("combobox", { name: "Action" });
    this.outcome = page.getByRole("combobox", { name: "Outcome" });
    this.entry = page.getByRole("complementary", { name: "Entry of the audit" });
    this.older = page.getByRole("link", { name: "Older" });
    this.newest = page.getByRole("link", { name: "Newest" });
    this.clear = page.getByRole("button", { name: "Clear filters" });
  }

  async open(query = "") {
    await this.#page.goto(`/audit${query}`);
  }

  exportLink(format: "CSV" | "NDJSON") {
    return this.#page.getByRole("link", { name: format, exact: true });
  }

  details(action: string) {
    return this.#page.getByRole("button", { name: `Details of ${action}` });
  }
}
