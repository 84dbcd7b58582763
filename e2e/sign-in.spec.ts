import { expect, test } from "./fixtures.ts";
import { SignInPage } from "./pages/sign-in-page.ts";
import { TrailsPage } from "./pages/trails-page.ts";

test("a person signs in and comes to the page that was asked for", async ({ page, account }) => {
  const { email, password } = await account.addPerson("viewer");
  await page.goto("/jobs?page=1");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await new SignInPage(page).signIn(email, password);
  await expect(page).toHaveURL("/jobs?page=1");
  await expect(page.getByText(email)).toBeVisible();
  await expect(page.getByText(account.accountId)).toBeVisible();
});

test("a wrong password is refused in words that don't tell whether the person exists", async ({ page, account }) => {
  const { email } = await account.addPerson("viewer");
  const signIn = new SignInPage(page);
  await signIn.open();
  await signIn.signIn(email, "not the password of anybody");
  await expect(signIn.refusal).toHaveText("E-mail and password do not match. Check both and try again.");
  await signIn.signIn("nobody@backtrail.test", "not the password of anybody");
  await expect(signIn.refusal).toHaveText("E-mail and password do not match. Check both and try again.");
  await page.goto("/trails");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("signing in never leads to another site", async ({ page, account, baseURL }) => {
  const { email, password } = await account.addPerson("viewer");
  const signIn = new SignInPage(page);
  await signIn.open("//backtrail.invalid/trails");
  await signIn.signIn(email, password);
  await expect(page).toHaveURL(`${baseURL}/trails`);
});

test("signing out ends the session", async ({ page, signInAs }) => {
  await signInAs("viewer");
  await new TrailsPage(page).open();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect((await page.request.get("/slot/data")).status()).toBe(401);
});
