import type { Locator, Page } from "@playwright/test";
import { ACCOUNT_COOKIE } from "@/domain/access/account-choice.ts";
import { codeOf } from "@/testing/totp.ts";
import { expectAccessible, expectToFitPhone } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { clickUntilOpen } from "./pages/press-until-open.ts";
import { SignInPage } from "./pages/sign-in-page.ts";
import { TrailsPage } from "./pages/trails-page.ts";

const PASSWORD = "uhrwerk Zitrone 7 Gabeln";

test("an admin invites, the person sets a password, an authenticator, and signs in with its code", async ({
  page,
  otherPage: own,
  signInAs,
}) => {
  // axe looks at every step of the way.
  test.slow();
  await signInAs("admin");
  const email = `invited-${Date.now()}@backtrail.test`;
  await page.goto("/people");
  await expectAccessible(page);
  await clickUntilOpen(page.getByRole("button", { name: "Invite a person" }), page.getByRole("dialog"));
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Role").selectOption("operator");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const link = await page.getByLabel("Link of the invitation").inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("cell", { name: email, exact: true })).toBeVisible();

  await own.goto(link);
  await expect(own.getByLabel("Your name")).toBeVisible();
  // The secret is neither in the address any more nor in what a browser sends of it.
  expect([new URL(link).search, new URL(link).hash]).toEqual(["", expect.stringMatching(/^#token=/)]);
  await expect(own).toHaveURL(/\/invitation$/);
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
  const dialog = own.getByRole("dialog");
  await clickUntilOpen(own.getByRole("button", { name: "Set up" }), dialog);
  await expect(own).toHaveURL(/\/security\?panel=enable$/);
  await own.reload();
  await dialog.getByLabel("Present password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(dialog.getByRole("img", { name: "QR code" })).toBeVisible();
  await expectAccessible(own);
  const secret = ((await dialog.locator("code").textContent()) ?? "").replaceAll(" ", "");
  const uri = `otpauth://totp/Backtrail?secret=${secret}`;
  await dialog.getByLabel("Code", { exact: true }).fill(codeOf(uri));
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByRole("list", { name: "Backup codes" }).getByRole("listitem")).toHaveCount(10);
  await expectAccessible(own);
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await expect(own.getByText("A code is asked for when you sign in")).toBeVisible();
  await expect(own).toHaveURL(/\/security$/);
  await own.goto("/security?panel=enable");
  const said = own.getByText("This link has opened nothing: An authenticator is set up");
  await expect(said).toBeVisible();
  await expect(dialog).toBeHidden();
  await expectAccessible(own);
  await clickUntilOpen(own.getByRole("button", { name: "New backup codes" }), dialog);
  await expect(said).toBeHidden();
  await own.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(own).toHaveURL(/\/security$/);

  await own.getByRole("button", { name: "Sign out" }).click();
  await expect(own).toHaveURL(/\/sign-in/);
  await new SignInPage(own).signIn(email, PASSWORD);
  await own.getByLabel("Code", { exact: true }).fill("000000");
  await own.getByRole("button", { name: "Confirm" }).click();
  await expect(own.getByRole("main").getByRole("alert")).toContainText("does not hold");
  await expectAccessible(own);
  const code = codeOf(uri, 1);
  await own.getByLabel("Code", { exact: true }).fill(code);
  await own.getByRole("button", { name: "Confirm" }).click();
  await expect(own).toHaveURL(/\/trails/);

  await own.goto(link);
  await expect(own.getByRole("heading", { name: "This link opens nothing any more" })).toBeVisible();
  // Until the page has handed its link in it loads itself anew.
  await expect(own).toHaveURL(/\/invitation$/);
  await expectAccessible(own);
  await own.context().clearCookies();
  await own.goto("/trails");
  await new SignInPage(own).signIn(email, PASSWORD);
  await own.getByLabel("Code", { exact: true }).fill(code);
  await own.getByRole("button", { name: "Confirm" }).click();
  // The second sentence is that of a machine so busy that the code has run out meanwhile.
  await expect(own.getByRole("main").getByRole("alert")).toContainText(/used already|does not hold/);
  expect((await own.request.get("/slot/data")).status()).toBe(401);
});

test("a link for a new password ends the person's sessions, works once, and is refused when it is replayed", async ({
  page,
  otherPage: own,
  account,
  signInAs,
}) => {
  const { email, password } = await account.addPerson("viewer");
  await own.goto("/trails");
  await new SignInPage(own).signIn(email, password);
  await expect(own).toHaveURL(/\/trails/);

  await signInAs("admin");
  await page.goto("/people");
  await clickUntilOpen(page.getByRole("button", { name: `Manage ${email}` }), page.getByRole("dialog"));
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByLabel("Link for a new password").inputValue();

  const late = await own.context().newPage();
  await late.goto(link);
  await late.getByLabel("New password").fill(`${PASSWORD} later`);
  await own.goto(link);
  await expect(own.getByLabel("New password")).toBeVisible();
  await expect(own).toHaveURL(/\/reset-password$/);
  await expectAccessible(own);
  await own.getByLabel("New password").fill(PASSWORD);
  await own.getByRole("button", { name: "Set password" }).click();
  await expect(own.getByText("Your new password is set")).toBeVisible();
  expect((await own.request.get("/slot/data")).status()).toBe(401);

  await late.getByRole("button", { name: "Set password" }).click();
  await expect(late.getByRole("main").getByRole("alert")).toContainText("has expired or was used");
  await late.goto(link);
  await expect(late.getByRole("heading", { name: "This link opens nothing any more" })).toBeVisible();

  const signIn = new SignInPage(own);
  await signIn.signIn(email, password);
  await expect(signIn.refusal).toContainText("do not match");
  await signIn.signIn(email, PASSWORD);
  await expect(own).toHaveURL(/\/trails/);
});

test("a browser in which its person sets a new password is known as theirs under the new one", async ({
  page,
  account,
}) => {
  const { email, password } = await account.addPerson("viewer");
  await page.goto("/security");
  const signIn = new SignInPage(page);
  await signIn.signIn(email, password);
  const known = async () =>
    (await page.context().cookies()).find(({ name }) => name.endsWith("known_device"))?.value ?? null;
  await expect(page.getByRole("heading", { name: "Your security" })).toBeVisible();
  const before = await known();
  expect(before).not.toBeNull();
  // Again, where the page was not alive yet and the form was sent into nothing.
  await expect(async () => {
    await page.getByLabel("Present password").fill(password);
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByText("Your password is changed")).toBeVisible({ timeout: 15_000 });
  }).toPass();
  const after = await known();
  expect([null, before]).not.toContain(after);
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn.signIn(email, PASSWORD);
  await expect(page).toHaveURL(/\/trails/);
  // Not marked anew as another: it was the person's all the time.
  expect(await known()).toBe(after);
});

test("a person sees where they are signed in, and ends what they have left open elsewhere", async ({
  page,
  otherPage: elsewhere,
  account,
}) => {
  const { email, password } = await account.addPerson("viewer");
  for (const either of [elsewhere, page]) {
    await either.goto("/security");
    await new SignInPage(either).signIn(email, password);
    await expect(either.getByRole("heading", { name: "Your security" })).toBeVisible();
  }
  const sessions = page.getByRole("region", { name: "Sessions" }).getByRole("row");
  await expect(sessions.filter({ hasText: "this session" })).toHaveCount(1);
  await clickUntilOpen(
    page.getByRole("button", { name: /^End the session of / }),
    page.getByText("The session has ended."),
  );
  await expect(page.getByRole("button", { name: /^End the session of / })).toHaveCount(0);
  // The row that had the focus has gone.
  await expect(page.getByRole("heading", { name: "Sessions" })).toBeFocused();
  await expect(sessions.filter({ hasText: "this session" })).toHaveCount(1);
  expect((await elsewhere.request.get("/slot/data")).status()).toBe(401);
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/sign-in/);
});

test("an invitation that is withdrawn goes, and the focus is at the title of the invitations", async ({
  page,
  signInAs,
}) => {
  await signInAs("admin");
  const email = `withdrawn-${Date.now()}@backtrail.test`;
  await page.goto("/people");
  await clickUntilOpen(page.getByRole("button", { name: "Invite a person" }), page.getByRole("dialog"));
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("row").filter({ hasText: email }).getByRole("button").click();
  await expect(page.getByRole("cell", { name: email, exact: true })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Invitations", exact: true })).toBeFocused();
});

test("an admin sees where a member is signed in, and ends one session and leaves the other", async ({
  page,
  otherPage: own,
  account,
  product,
  signInAs,
}) => {
  const viewer = await account.addPerson("viewer");
  await own.goto("/trails");
  await new SignInPage(own).signIn(viewer.email, viewer.password);
  await expect(own).toHaveURL(/\/trails/);
  // Of a program that says nothing of itself.
  await product.createSession(viewer);

  await signInAs("admin");
  await page.goto("/people");
  const dialog = page.getByRole("dialog");
  await clickUntilOpen(page.getByRole("button", { name: `Manage ${viewer.email}` }), dialog);
  const end = dialog.getByRole("region", { name: "Sessions" }).getByRole("button", { name: /^End the session of / });
  await expect(end).toHaveCount(2);
  await expectAccessible(page);
  await expectToFitPhone(page);
  await dialog.getByRole("button", { name: /^End the session of Unknown device/ }).click();
  await expect(page.getByText("The session has ended.")).toBeVisible();
  await expect(end).toHaveCount(1);
  expect((await own.request.get("/slot/data")).status()).toBe(200);
  await end.click();
  await expect(dialog.getByRole("region", { name: "Sessions" })).toHaveCount(0);
  expect((await own.request.get("/slot/data")).status()).toBe(401);
});

test("a role that is lowered while a dialog is open holds for what the dialog sends", async ({
  page,
  otherPage: own,
  account,
  signInAs,
}) => {
  const { email, password } = await account.addPerson("operator");
  await own.goto("/trails");
  await new SignInPage(own).signIn(email, password);
  const dialog = await new TrailsPage(own).openDialog("all-regions");

  await signInAs("admin");
  await page.goto("/people");
  await clickUntilOpen(page.getByRole("button", { name: `Manage ${email}` }), page.getByRole("dialog"));
  await page.getByRole("dialog").getByLabel("Role").selectOption("viewer");
  await page.getByRole("button", { name: "Change role" }).click();
  await expect(page.getByText(`${email} has another role now.`)).toBeVisible();

  await dialog.startButton.click();
  await expect(dialog.message).toContainText("Your role in this account does not allow this");
  await page.goto("/audit");
  await expect(page.getByRole("row").filter({ hasText: email }).filter({ hasText: "NoPermission" })).toHaveCount(1);
});

test("a link to a member who is gone says so, until another dialog is opened", async ({ page, account, signInAs }) => {
  await signInAs("admin");
  const { email } = await account.addPerson("viewer");
  const dialog = page.getByRole("dialog");
  await page.goto("/people?panel=00000000-0000-4000-8000-000000000000");
  const said = page.getByText("This link has opened nothing: There is no such member in this account any more.");
  await expect(said).toBeVisible();
  await expect(dialog).toBeHidden();
  await expectAccessible(page);
  await clickUntilOpen(page.getByRole("button", { name: `Manage ${email}` }), dialog);
  await expect(said).toBeHidden();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();
  await expect(said).toBeHidden();
});

test("a viewer sees nobody, and a disabled member's open page ends with the next request", async ({
  page,
  otherPage: own,
  account,
  signInAs,
}) => {
  await signInAs("admin");
  const viewer = await account.addPerson("viewer");
  await own.goto("/people");
  await new SignInPage(own).signIn(viewer.email, viewer.password);
  await expect(own.getByText("Your role does not show this page")).toBeVisible();
  await page.goto("/people");
  await clickUntilOpen(page.getByRole("button", { name: `Manage ${viewer.email}` }), page.getByRole("dialog"));
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("dialog").getByRole("button", { name: "Enable" })).toBeVisible();
  expect((await own.request.get("/slot/data")).status()).toBe(401);
  await own.goto("/trails");
  await expect(own).toHaveURL(/\/sign-in/);
});

test("a person switches between accounts, and what another tab was about to do is not done in the new one", async ({
  page,
  context,
  account,
  product,
  baseURL,
}) => {
  const { email, password } = await account.addPerson("admin");
  const other = await product.createTestAccount({ logService: "built-in", eventDays: 1 });
  await other.addPlace(email, "viewer");
  // Who has chosen none comes to the first by its id, which may be either.
  await context.addCookies([{ name: ACCOUNT_COOKIE, value: account.accountId, url: baseURL ?? "" }]);
  await page.goto("/trails");
  await new SignInPage(page).signIn(email, password);
  await expect(page).toHaveURL(/\/trails/);
  const stale = await context.newPage();
  await stale.goto("/trails");
  // The other tab hears of the choice once it is alive.
  await expect(stale.getByText(/Admin · UTC/)).toBeVisible();
  await openAccounts(stale);
  await expectAccessible(stale);
  await (await openAccounts(page)).filter({ hasText: other.accountId }).click();
  await expect(page.getByRole("button", { name: new RegExp(`${other.accountId}.*switch`) })).toBeVisible();
  await expect(page.getByText(/Viewer · UTC/)).toBeVisible();
  await expect(stale.getByRole("button", { name: new RegExp(`${other.accountId}.*switch`) })).toBeVisible();
  const refused = await page.request.get("/slot/data", { headers: { "x-account": account.accountId } });
  expect([refused.status(), (await refused.json()).error.code]).toEqual([409, "AccountSwitched"]);
  await other.close();
});

/** The accounts to choose from. */
async function openAccounts(page: Page): Promise<Locator> {
  const choices = page.getByRole("menuitemradio");
  await clickUntilOpen(page.getByRole("button", { name: /switch to another/ }), choices.first());
  return choices;
}
