import type { Page } from "@playwright/test";

export class RedeliverDialog {
  readonly root;
  readonly startButton;
  readonly tryAgainButton;
  readonly message;
  readonly clientToken;
  readonly reason;
  /** What would be sent, drawn. */
  readonly chart;
  readonly bars;
  readonly countsByDay;
  readonly ownToken;

  constructor(page: Page) {
    this.root = page.getByRole("dialog");
    this.startButton = this.root.getByRole("button", { name: /^Redeliver / });
    this.tryAgainButton = this.root.getByRole("button", { name: "Try again" });
    this.message = this.root.getByRole("alert");
    this.clientToken = this.root.getByTestId("client-token");
    this.reason = this.root.getByLabel("Reason");
    this.chart = this.root.locator("figure");
    this.bars = this.chart.locator(".recharts-bar-rectangle path");
    this.countsByDay = this.root.getByRole("region", { name: "Counts by region and day" });
    this.ownToken = this.root.getByLabel("Own client token");
  }

  /** One of the counts of what would be sent. */
  figure(name: string) {
    return this.root.locator("dl > div").filter({ hasText: name }).getByRole("definition");
  }

  choice(name: string) {
    return this.root.getByRole("radio", { name });
  }

  /** An own window; both ends as a datetime-local input writes them, in UTC. */
  async chooseWindow(from: string, to: string) {
    await this.choice("Own window…").click();
    await this.root.getByLabel("From").fill(from);
    await this.root.getByLabel("To", { exact: true }).fill(to);
  }

  async useOwnToken(token: string) {
    if (!(await this.ownToken.isVisible())) {
      await this.root.getByText("Advanced").click();
    }
    await this.ownToken.fill(token);
  }
}
