import { expect, type Page } from "@playwright/test";
import { clickUntilOpen } from "./press-until-open.ts";

export class AccessKeysPage {
  readonly heading;
  readonly notAllowed;
  readonly rows;
  readonly dialog;
  readonly policy;
  readonly faults;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.heading = page.getByRole("heading", { name: "Access keys", level: 1 });
    this.notAllowed = page.getByRole("heading", { name: "Your role does not show this page" });
    this.rows = page.getByRole("row").filter({ has: page.getByRole("button", { name: /^Manage LTAI/ }) });
    this.dialog = page.getByRole("dialog");
    this.policy = this.dialog.getByRole("textbox", { name: "Policy" });
    this.faults = this.dialog.getByRole("list", { name: "What is wrong with the policy" }).getByRole("listitem");
  }

  async open(query = "") {
    await this.#page.goto(`/access-keys${query}`);
  }

  row(id: string) {
    return this.rows.filter({ has: this.#page.getByRole("button", { name: `Manage ${id}`, exact: true }) });
  }

  openMake() {
    return clickUntilOpen(this.#page.getByRole("button", { name: "Make an access key" }), this.dialog);
  }

  openKey(id: string) {
    return clickUntilOpen(this.#page.getByRole("button", { name: `Manage ${id}`, exact: true }), this.dialog);
  }

  /** Makes a key with the policy that is proposed and keeps its secret. Answers its id. */
  async makeKey(name: string): Promise<string> {
    await this.openMake();
    await this.dialog.getByLabel("Name").fill(name);
    await this.button("Make the key").click();
    const { id } = await this.readShown();
    await this.button("I have kept the secret").click();
    return id;
  }

  button(name: string) {
    return this.dialog.getByRole("button", { name, exact: true });
  }

  /** What is shown of a new key, until it is said to be kept. */
  async readShown(): Promise<{ id: string; secret: string }> {
    const secret = this.dialog.getByLabel("AccessKeySecret", { exact: true });
    await expect(secret).toHaveValue(/^\w{30}$/);
    const id = await this.dialog.getByLabel("AccessKeyId", { exact: true }).inputValue();
    return { id, secret: await secret.inputValue() };
  }
}
