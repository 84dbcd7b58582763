import { expect, type Page } from "@playwright/test";
import { clickUntilOpen } from "./press-until-open.ts";

export class DestinationsPage {
  readonly heading;
  readonly add;
  readonly dialog;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.heading = page.getByRole("heading", { name: "Destinations", level: 1 });
    this.add = page.getByRole("button", { name: "Add log project…" });
    this.dialog = page.getByRole("dialog");
  }

  async open() {
    await this.#page.goto("/destinations");
  }

  project(name: string) {
    return this.#page.getByRole("region", { name, exact: true });
  }

  logstore(name: string) {
    return this.#page.getByRole("row").filter({ has: this.#page.getByRole("link", { name, exact: true }) });
  }

  testButton(name: string) {
    return this.#page.getByRole("button", { name: `Test connection of ${name}` });
  }

  testResult(name: string) {
    return this.#page.getByRole("region", { name: `Test of ${name}` });
  }

  openDialog(button: string) {
    return clickUntilOpen(this.#page.getByRole("button", { name: button, exact: true }), this.dialog);
  }

  /** Presses until it works, as openDialog. */
  async test(name: string) {
    await expect(async () => {
      await this.testButton(name).click();
      await expect(this.testButton(name).or(this.testResult(name)).first()).toBeVisible();
      await expect(this.testResult(name)).toBeVisible({ timeout: 5_000 });
    }).toPass();
  }

  field(name: string) {
    return this.dialog.getByLabel(name, { exact: true });
  }

  async fill(fields: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries(fields)) {
      await this.field(name).fill(value);
    }
  }

  button(name: string) {
    return this.dialog.getByRole("button", { name, exact: true });
  }
}
