import { codeOf } from "@/testing/totp.ts";
import { expectAccessible } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { SignInPage } from "./pages/sign-in-page.ts";

const PASSWORD = "uhrwerk Zitrone 7 Gabeln";

test("an admin invites, the person sets a password, an authenticator, and signs in with its code", async ({
  page,
  browser,
  signInAs,
}) => {
  await signInAs("admin");
  const email = `invited-${Date.now()}@backtrail.test`;
  await page.goto("/people");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Invite a person" }).click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Role").selectOption("operator");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const link = await page.getByLabel("Link of the invitation").inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("cell", { name: email })).toBeVisible();

  const context = await browser.newContext({ reducedMotion: "reduce" });
  const own = await context.newPage();
  await own.goto(link);
  await expectAccessible(own);
  await own.getByLabel("Your name").fill("Invited Person");
  await own.getByLabel("New password").fill("Password1234");
  await own.getByRole("button", { name: "Join" }).click();
  await expect(own.getByRole("main").getByRole("alert")).toContainText("breached passwords");
  await own.getByLabel("New password").fill(PASSWORD);
  await own.getByRole("button", { name: "Join" }).click();
  await expect(own).toHaveURL(/\/trails/);

  await own.getByRole("link", { name: "Your security" }).click();
  await expect(own.getByRole("heading", { name: "Your security" })).toBeVisible();
  await expectAccessible(own);
  await own.getByRole("button", { name: "Set up" }).click();
  const dialog = own.getByRole("dialog");
  await dialog.getByLabel("Present password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(dialog.getByRole("img", { name: "QR code" })).toBeVisible();
  await expectAccessible(own);
  const secret = ((await dialog.locator("code").textContent()) ?? "").replaceAll(" ", "");
  const uri = `otpauth://totp/Backtrail?secret=${secret}`;
  await dialog.getByLabel("Code", { exact: true }).fill(codeOf(uri));
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByRole("list", { name: "Backup codes" }).getByRole("listitem")).toHaveCount(10);
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await expect(own.getByText("A code is asked for when you sign in")).toBeVisible();

  await own.getByRole("button", { name: "Sign out" }).click();
  await expect(own).toHaveURL(/\/sign-in/);
  await new SignInPage(own).signIn(email, PASSWORD);
  await own.getByLabel("Code", { exact: true }).fill("000000");
  await own.getByRole("button", { name: "Confirm" }).click();
  await expect(own.getByRole("main").getByRole("alert")).toContainText("does not hold");
  await own.getByLabel("Code", { exact: true }).fill(codeOf(uri, 1));
  await own.getByRole("button", { name: "Confirm" }).click();
  await expect(own).toHaveURL(/\/trails/);
  await context.close();
});

test("a viewer sees nobody, and a disabled member's open page ends with the next request", async ({
  page,
  browser,
  account,
  signInAs,
}) => {
  await signInAs("admin");
  const viewer = await account.addPerson("viewer");
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const own = await context.newPage();
  await own.goto("/people");
  await new SignInPage(own).signIn(viewer.email, viewer.password);
  await expect(own.getByText("Your role does not show this page")).toBeVisible();
  await page.goto("/people");
  await page.getByRole("button", { name: `Manage ${viewer.email}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("dialog").getByRole("button", { name: "Enable" })).toBeVisible();
  expect((await own.request.get("/slot/data")).status()).toBe(401);
  await own.goto("/trails");
  await expect(own).toHaveURL(/\/sign-in/);
  await context.close();
});

test("a person switches between accounts, and what another tab was about to do is not done in the new one", async ({
  page,
  context,
  account,
  product,
}) => {
  const { email, password } = await account.addPerson("admin");
  const other = await product.createTestAccount({ logService: "built-in", eventDays: 1 });
  await other.addPlace(email, "viewer");
  await page.goto("/trails");
  await new SignInPage(page).signIn(email, password);
  await page.getByRole("button", { name: /switch to another/ }).click();
  const stale = await context.newPage();
  await stale.goto("/trails");
  await page.getByRole("menuitemradio", { name: new RegExp(other.accountId) }).click();
  await expect(page.getByRole("button", { name: new RegExp(`${other.accountId}.*switch`) })).toBeVisible();
  await expect(page.getByText(/Viewer · UTC/)).toBeVisible();
  await expect(stale.getByRole("button", { name: new RegExp(`${other.accountId}.*switch`) })).toBeVisible();
  const refused = await page.request.get("/slot/data", { headers: { "x-account": account.accountId } });
  expect([refused.status(), (await refused.json()).error.code]).toEqual([409, "AccountSwitched"]);
  await other.close();
});
