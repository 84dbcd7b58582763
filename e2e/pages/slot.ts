import type { Page } from "@playwright/test";

/** The account's slot, on top of every page. */
export class Slot {
  readonly free;
  readonly announcement;
  readonly root;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.free = page.getByText("Slot free", { exact: true });
    this.root = page.getByRole("region", { name: "Redelivery slot" });
    this.announcement = page.getByRole("region", { name: /^Notifications/ });
  }

  taken(jobId: number) {
    return this.#page.getByRole("link", {
      name: new RegExp(`^Job ${jobId} (queued|delivering|pausing|paused|cancelling)`),
    });
  }
}
