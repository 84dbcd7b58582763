import { expect, type Page } from "@playwright/test";
import { clickUntilOpen } from "./press-until-open.ts";

export class JobPage {
  /** "Job 42 Delivering": the number and the phase. */
  readonly heading;
  readonly main;
  /** What became of the last control, on the page or in its dialog. */
  readonly message;
  readonly dialog;
  readonly progress;
  /** How long the job still takes, once that is known. */
  readonly timeLeft;
  readonly verification;
  readonly undeliverable;
  readonly undeliverableRows;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.heading = page.getByRole("heading", { level: 1 });
    this.main = page.getByRole("main");
    this.dialog = page.getByRole("dialog");
    this.progress = this.main.getByRole("progressbar", { name: "Progress of job" });
    this.timeLeft = this.main.getByText(/^[0-9].* left$/);
    // Next announces routes in an alert of its own, which is always there.
    this.message = this.main.getByRole("alert").or(this.dialog.getByRole("alert"));
    this.verification = this.main.locator("section", { has: page.getByRole("heading", { name: "Verification" }) });
    this.undeliverable = this.main.locator("section", { has: page.getByRole("heading", { name: /^Undeliverable/ }) });
    this.undeliverableRows = this.undeliverable.getByRole("row").filter({ has: page.getByRole("cell") });
  }

  async open(jobId: number) {
    await this.#page.goto(`/jobs/${jobId}`);
  }

  /** Waits for the job that a start leads to. */
  async jobId(): Promise<number> {
    await this.#page.waitForURL(/\/jobs\/[0-9]+$/);
    return Number(new URL(this.#page.url()).pathname.split("/").at(-1));
  }

  /** The value of one term of the ledger. */
  term(name: string) {
    return this.main
      .locator("dl")
      .first()
      .locator("div")
      .filter({ has: this.#page.getByText(name, { exact: true }) })
      .getByRole("definition");
  }

  slice(region: string) {
    return this.#page.getByRole("row", { name: new RegExp(`^${region}`) }).getByRole("gridcell");
  }

  control(name: string | RegExp) {
    return this.main.getByRole("button", { name });
  }

  openDialog(control: string) {
    return clickUntilOpen(this.control(control), this.dialog);
  }

  /** Opens the question behind a control and says yes to it. */
  async confirm(control: string, answer: string | RegExp) {
    await this.openDialog(control);
    await this.dialog.getByRole("button", { name: answer }).click();
  }

  async pause() {
    await this.confirm("Pause…", /^Pause job/);
    await expect(this.dialog).toBeHidden();
  }

  async resume() {
    await this.confirm("Resume…", /^Resume job/);
    await expect(this.dialog).toBeHidden();
  }

  async limitTo(eventsPerSecond: string) {
    await this.openDialog("Limit speed…");
    await this.dialog.getByLabel("Events per second, at most").fill(eventsPerSecond);
    await this.dialog.getByRole("button", { name: "Set the limit" }).click();
    await expect(this.dialog).toBeHidden();
  }

  /** The content of a file that a link on the page leads to. */
  async download(link: string): Promise<string> {
    const href = await this.main.getByRole("link", { name: link }).getAttribute("href");
    const response = await this.#page.request.get(href ?? "");
    expect(response.headers()["content-disposition"]).toContain("attachment");
    return response.text();
  }
}
