import type { Page } from "@playwright/test";

export class ApiExplorerPage {
  readonly heading;
  readonly call;
  readonly parameters;
  readonly answer;
  readonly code;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.heading = page.getByRole("heading", { name: "API explorer", level: 1 });
    this.call = page.getByRole("combobox", { name: "Call" });
    this.parameters = page.getByRole("region", { name: "Parameters" });
    this.answer = page.getByRole("region", { name: "Answer", exact: true });
    this.code = page.getByRole("region", { name: "The same call" });
  }

  async open(query = "") {
    await this.#page.goto(`/api-explorer${query}`);
  }

  parameter(name: string) {
    return this.parameters.getByLabel(name, { exact: true });
  }

  send(action: string) {
    return this.#page.getByRole("button", { name: `Send ${action}`, exact: true });
  }

  writtenAs(kind: string) {
    return this.code.getByRole("radio", { name: kind, exact: true });
  }
}
