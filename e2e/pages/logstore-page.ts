import { expect, type Page } from "@playwright/test";

export class LogstorePage {
  readonly query;
  readonly submit;
  readonly rows;
  readonly log;
  readonly older;
  readonly download;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.query = page.getByRole("searchbox", { name: "Search" });
    this.submit = page.getByRole("button", { name: "Search", exact: true });
    this.rows = page.getByRole("row").filter({ has: page.getByRole("button", { name: /^Log of/ }) });
    this.log = page.getByRole("complementary", { name: "Log" });
    this.older = page.getByRole("link", { name: "Older" });
    this.download = page.getByRole("link", { name: "Download all that fit (NDJSON)" });
  }

  async open(logstore = "actiontrail_all-regions", query = "") {
    await this.#page.goto(`/destinations/cn-hangzhou/history-test/${logstore}${query}`);
  }

  async search(text: string) {
    await expect(async () => {
      await this.query.fill(text);
      await this.submit.click();
      await expect(this.#page).toHaveURL(/[?&]q=/, { timeout: 3_000 });
    }).toPass();
  }
}
