import { expect, type Page } from "@playwright/test";
import { RedeliverDialog } from "./redeliver-dialog.ts";

/** Where the actions of the list are sent to, with whatever dialog is open in the address. */
export const TRAILS_PAGE = /\/trails(\?.*)?$/;

export class TrailsPage {
  readonly heading;
  /** The dialog of whichever trail it is open for. */
  readonly redeliverDialog;
  readonly createButton;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.redeliverDialog = new RedeliverDialog(page);
    this.createButton = page.getByRole("button", { name: "Create trail" });
    this.heading = page.getByRole("heading", { name: "Trails", level: 1 });
  }

  async open() {
    await this.#page.goto("/trails");
  }

  /** Presses again when nothing opens: a press that comes before the page is alive is lost. */
  async openCreation() {
    await expect(async () => {
      await this.createButton.click({ timeout: 2_000 });
      await this.#page.getByRole("dialog").waitFor({ timeout: 2_000 });
    }).toPass();
  }

  sortButton(column: string) {
    return this.#page.getByRole("columnheader", { name: column }).getByRole("button");
  }

  row(trail: string) {
    return this.#page.getByRole("row").filter({ has: this.#page.getByRole("link", { name: trail, exact: true }) });
  }

  redeliverButton(trail: string) {
    return this.#page.getByRole("button", { name: `Redeliver history of ${trail}` });
  }

  /** Presses again when nothing opens: a press that comes before the page is alive is lost. */
  async openDialog(trail: string): Promise<RedeliverDialog> {
    await expect(async () => {
      await this.redeliverButton(trail).click({ timeout: 2_000 });
      await this.redeliverDialog.root.waitFor({ timeout: 2_000 });
    }).toPass();
    return this.redeliverDialog;
  }
}
