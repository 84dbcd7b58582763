import { codeOf } from "@/testing/totp.ts";
import { startConsoleBeside } from "./console-beside.ts";
import { expectAccessible } from "./expect-accessible.ts";
import { test as base, expect } from "./fixtures.ts";
import { clickUntilOpen } from "./pages/press-until-open.ts";
import { SignInPage } from "./pages/sign-in-page.ts";

const test = base.extend<{
  /** The address of a console where a second factor is required, beside that of the other tests, which demands nothing. */
  demandingConsole: string;
}>({
  demandingConsole: async ({ product: _product }, use) => {
    const web = await startConsoleBeside(() => ({ SECOND_FACTOR: "required" }));
    await use(web.address);
    await web.stop();
  },
});

test("where a second factor is required, who has none sets one up before anything else, and goes on to where they wanted", async ({
  page,
  account,
  demandingConsole,
}) => {
  const { email, password } = await account.addPerson("viewer");
  await page.goto(`${demandingConsole}/events`);
  await new SignInPage(page).signIn(email, password);
  await expect(page).toHaveURL(/\/authenticator\?next=%2Fevents/);
  await expect(page.getByText("Nothing else opens until an authenticator app is set up for you")).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${demandingConsole}/trails`);
  await expect(page).toHaveURL(/\/authenticator\?next=%2Ftrails/);

  const dialog = page.getByRole("dialog");
  await clickUntilOpen(page.getByRole("button", { name: "Set up" }), dialog);
  await dialog.getByLabel("Present password").fill(password);
  await dialog.getByRole("button", { name: "Go on" }).click();
  const secret = ((await dialog.locator("code").textContent()) ?? "").replaceAll(" ", "");
  const uri = `otpauth://totp/Backtrail?secret=${secret}`;
  await dialog.getByLabel("Code", { exact: true }).fill(codeOf(uri));
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByRole("list", { name: "Backup codes" }).getByRole("listitem")).toHaveCount(10);
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await expect(page).toHaveURL(`${demandingConsole}/trails`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();

  await page.getByRole("link", { name: "Your security" }).click();
  await expect(page.getByRole("button", { name: "Remove" })).toBeDisabled();
  await expect(page.getByText("so the authenticator cannot be removed")).toBeVisible();
  await expectAccessible(page);
});
