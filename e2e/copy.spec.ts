import { expect, test } from "./fixtures.ts";
import { TrailsPage } from "./pages/trails-page.ts";
import { TRAIL } from "./start-job.ts";

test.beforeEach(async ({ signInAs, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signInAs("operator");
});

test("a client token is copied whole, the button says so, and is ready for the next time", async ({ page }) => {
  const trails = new TrailsPage(page);
  await trails.open();
  const dialog = await trails.openDialog(TRAIL);
  const token = (await dialog.clientToken.textContent()) ?? "";
  await dialog.root.getByRole("button", { name: "Copy client token" }).click();
  await expect(dialog.root.getByRole("button", { name: "Copied" })).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  await expect(dialog.root.getByRole("button", { name: "Copy client token" })).toHaveText("Copy");
});

test("where the browser lends no clipboard the button says to select by hand", async ({ page }) => {
  // As it is over plain HTTP from another machine.
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  const trails = new TrailsPage(page);
  await trails.open();
  const dialog = await trails.openDialog(TRAIL);
  await dialog.root.getByRole("button", { name: "Copy client token" }).click();
  await expect(dialog.root.getByRole("button", { name: "Select it by hand" })).toBeFocused();
});
