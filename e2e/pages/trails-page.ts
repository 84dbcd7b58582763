import type { Page } from "@playwright/test";
import { clickUntilOpen } from "./press-until-open.ts";
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

  openCreation() {
    return clickUntilOpen(this.createButton, this.#page.getByRole("dialog"));
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

  async openDialog(trail: string): Promise<RedeliverDialog> {
    await clickUntilOpen(this.redeliverButton(trail), this.redeliverDialog.root);
    return this.redeliverDialog;
  }
}
