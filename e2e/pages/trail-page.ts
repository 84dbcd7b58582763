import type { Page } from "@playwright/test";

/** The page of one trail, and the dialogs of its controls. */
export class TrailPage {
  readonly heading;
  readonly controls;
  readonly dialog;
  readonly message;
  readonly main;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.heading = page.getByRole("heading", { level: 1 });
    this.main = page.getByRole("main");
    this.controls = page.getByRole("group", { name: "Controls of the trail" });
    this.dialog = page.getByRole("dialog");
    this.message = this.dialog.getByRole("alert");
  }

  async open(trail: string) {
    await this.#page.goto(`/trails/${trail}`);
  }

  control(name: string) {
    return this.controls.getByRole("button", { name });
  }

  field(label: string) {
    return this.dialog.getByLabel(label, { exact: true });
  }

  answer(name: string) {
    return this.dialog.getByRole("button", { name });
  }

  toast(text: string) {
    return this.#page.getByRole("region", { name: /^Notifications/ }).getByText(text);
  }
}
