import type { Page } from "@playwright/test";

export class SignInPage {
  readonly refusal;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    // The page announces routes in an alert of Next's own, which is always there.
    this.refusal = page.getByRole("main").getByRole("alert");
  }

  async open(next?: string) {
    await this.#page.goto(next === undefined ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`);
  }

  async signIn(email: string, password: string) {
    await this.#page.getByLabel("E-mail").fill(email);
    await this.#page.getByLabel("Password").fill(password);
    await this.#page.getByRole("button", { name: "Sign in" }).click();
  }
}
