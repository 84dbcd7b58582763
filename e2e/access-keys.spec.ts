import { expectAccessible, expectToFitPhone } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { AccessKeysPage } from "./pages/access-keys-page.ts";

test("an admin makes a key, copies its secret once, disables, rotates and deletes it", async ({
  page,
  context,
  signInAs,
}) => {
  test.slow();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signInAs("admin");
  await page.goto("/trails");
  await page.getByRole("link", { name: "Access keys", exact: true }).click();
  const keys = new AccessKeysPage(page);
  await expect(page.getByRole("heading", { name: "No access keys yet" })).toBeVisible();
  await expectAccessible(page);

  await keys.openMake();
  await expectAccessible(page);
  await expectToFitPhone(page);
  await keys.button("Make the key").click();
  await expect(keys.dialog.getByText("Say what the key is for")).toBeVisible();
  await keys.dialog.getByLabel("Name").fill("Terraform");
  await keys.button("Make the key").click();
  const made = await keys.readShown();
  await expectAccessible(page);
  await keys.button("Copy the secret").click();
  await expect(keys.button("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(made.secret);
  await page.keyboard.press("Escape");
  await expect(keys.dialog).toBeVisible();
  await keys.button("I have kept the secret").click();
  await expect(keys.row(made.id)).toContainText("AliyunActionTrailReadOnlyAccess");
  await expect(keys.row(made.id)).toContainText("never used");
  expect(await page.content()).not.toContain(made.secret);
  await expectAccessible(page);
  await expectToFitPhone(page);

  await keys.openKey(made.id);
  await expectAccessible(page);
  await keys.button("Disable").click();
  await expect(keys.button("Enable")).toBeVisible();
  await keys.button("Enable").click();
  await expect(keys.button("Disable")).toBeVisible();
  await keys.button("Rotate").click();
  const fresh = await keys.readShown();
  expect(fresh.id).not.toBe(made.id);
  await expectAccessible(page);
  await keys.button("I have kept the secret").click();
  await expect(keys.row(fresh.id)).toContainText(`Takes the place of ${made.id}`);
  await expect(keys.row(made.id)).toContainText("Active");

  await keys.openKey(made.id);
  await expect(keys.button("Rotate")).toBeDisabled();
  await keys.button("Disable").click();
  await expect(keys.button("Enable")).toBeVisible();
  await keys.button("Delete…").click();
  await expect(page).toHaveURL(/panel=delete:LTAI\w+$/);
  await page.reload();
  await expect(keys.dialog.getByText(`Delete ${made.id}?`)).toBeVisible();
  await keys.button("Keep it").click();
  await expect(page).toHaveURL(/panel=LTAI\w+$/);
  await keys.button("Delete…").click();
  await keys.button("Delete the key").click();
  await expect(keys.dialog).toBeHidden();
  await expect(keys.rows).toHaveCount(1);
  await expect(keys.row(fresh.id)).not.toContainText("Takes the place of");

  await page.goto("/audit");
  for (const verb of ["CreateAccessKey", "DisableAccessKey", "RotateAccessKey", "DeleteAccessKey"]) {
    await expect(page.getByRole("row").filter({ hasText: verb }).first()).toBeVisible();
  }
});

test("what is wrong with a policy is said where it stands, before it is sent, and what was typed stays", async ({
  page,
  signInAs,
}) => {
  await signInAs("admin");
  const keys = new AccessKeysPage(page);
  await keys.open();
  await keys.openMake();
  await keys.dialog.getByLabel("Name").fill("Reader");
  const wrong =
    '{\n  "Version": "1",\n  "Statement": [\n    { "Effect": "Maybe", "Action": "x y", "Resource": "*" }\n  ]\n}';
  await keys.policy.fill(wrong);
  await keys.button("Make the key").click();
  await expect(keys.faults).toHaveText([
    'Line 4, column 7 Effect has to be "Allow" or "Deny".',
    /^Line 4, column 26 An action is/,
  ]);
  await expect(keys.policy).toBeFocused();
  await expectAccessible(page);
  await keys.button("Line 4, column 26").click();
  const marked = () =>
    keys.policy.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd));
  expect(await marked()).toBe('"');
  await expect(keys.policy).toHaveValue(wrong);
  await keys.policy.fill(wrong.replace("Maybe", "Allow").replace("x y", "actiontrail:LookupEvents"));
  await expect(keys.faults).toHaveCount(0);
  await keys.button("Make the key").click();
  const { id } = await keys.readShown();
  await keys.button("I have kept the secret").click();
  await expect(keys.row(id)).toContainText("Own policy");

  await keys.openKey(id);
  await keys.dialog.getByLabel("Template").selectOption("AliyunActionTrailFullAccess");
  await keys.button("Save name and policy").click();
  await expect(page.getByText(`The next request with ${id} is judged by what you saved.`)).toBeVisible();
  await expect(keys.button("Save name and policy")).toBeDisabled();
  await keys.button("Done").click();
  await expect(keys.row(id)).toContainText("AliyunActionTrailFullAccess");
});

test("who has not shown lately who they are is asked before a key is made", async ({
  page,
  account,
  context,
  baseURL,
  product,
}) => {
  const admin = await account.addPerson("admin");
  const cookies = await product.createSession(admin);
  await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: baseURL ?? "" })));
  await product.ageSessions(admin.email);
  const keys = new AccessKeysPage(page);
  await keys.open();
  await keys.openMake();
  await keys.dialog.getByLabel("Name").fill("Terraform");
  await keys.button("Make the key").click();
  const question = page.getByRole("dialog", { name: "Is it you?" });
  await question.getByLabel("Your password").fill("not the password of anybody");
  await question.getByRole("button", { name: "Confirm" }).click();
  await expect(question).toContainText("neither your password");
  await question.getByLabel("Your password").fill(admin.password);
  await question.getByRole("button", { name: "Confirm" }).click();
  await keys.readShown();
});

test("what another admin has done to a key meanwhile is refused, and then seen in the open dialog or behind it", async ({
  page,
  context,
  signInAs,
}) => {
  await signInAs("admin");
  const keys = new AccessKeysPage(page);
  await keys.open();
  const id = await keys.makeKey("Terraform");
  await keys.openKey(id);

  const others = new AccessKeysPage(await context.newPage());
  await others.open();
  await others.openKey(id);
  await others.button("Rotate").click();
  await others.readShown();
  await others.button("I have kept the secret").click();
  const refusal = keys.dialog.getByRole("alert");
  await keys.button("Rotate").click();
  await expect(refusal).toContainText("This client has two keys already.");
  await expect(keys.button("Rotate")).toBeDisabled();
  await expect(refusal).toContainText("This client has two keys already.");

  await others.openKey(id);
  await others.button("Delete…").click();
  await others.button("Delete the key").click();
  await expect(others.dialog).toBeHidden();
  await keys.button("Disable").click();
  await expect(refusal).toContainText("There is no such access key in this account any more.");
  await keys.button("Done").click();
  await expect(keys.row(id)).toHaveCount(0);
});

test("a key whose policy can't be read says so, and is disabled, mended and deleted all the same", async ({
  page,
  signInAs,
  product,
}) => {
  await signInAs("admin");
  const keys = new AccessKeysPage(page);
  await keys.open();
  const id = await keys.makeKey("Old");
  await product.losePolicy(id);
  await keys.open();
  await expect(keys.row(id)).toContainText("policy can't be read");
  await expectAccessible(page);

  await keys.openKey(id);
  await expect(keys.dialog.getByText("every request of this key is refused")).toBeVisible();
  await expect(keys.policy).toHaveValue(/"Version": "2"/);
  await expect(keys.button("Rotate")).toBeDisabled();
  await expectAccessible(page);
  await keys.button("Disable").click();
  await expect(keys.button("Enable")).toBeVisible();
  await keys.dialog.getByLabel("Template").selectOption("AliyunActionTrailReadOnlyAccess");
  await keys.button("Save name and policy").click();
  await expect(page.getByText(`The next request with ${id} is judged by what you saved.`)).toBeVisible();
  await keys.button("Done").click();
  await expect(keys.row(id)).toContainText("AliyunActionTrailReadOnlyAccess");

  await product.losePolicy(id);
  await keys.open();
  await keys.openKey(id);
  await keys.button("Delete…").click();
  await keys.button("Delete the key").click();
  await expect(keys.rows).toHaveCount(0);
});

test("a link to a key that is gone says so, until another dialog is opened", async ({ page, signInAs }) => {
  await signInAs("admin");
  const keys = new AccessKeysPage(page);
  await keys.open("?panel=LTAI0000000000000000");
  const said = page.getByText("This link has opened nothing: There is no such access key in this account any more.");
  await expect(said).toBeVisible();
  await expect(keys.dialog).toBeHidden();
  await expectAccessible(page);
  await keys.openMake();
  await expect(said).toBeHidden();
  await page.keyboard.press("Escape");
  await expect(keys.dialog).toBeHidden();
  await expect(said).toBeHidden();
});

test("a viewer sees no keys, and no way to them", async ({ page, signInAs }) => {
  await signInAs("viewer");
  const keys = new AccessKeysPage(page);
  await keys.open();
  await expect(keys.heading).toBeVisible();
  await expect(keys.notAllowed).toBeVisible();
  await expect(page.getByRole("link", { name: "Access keys", exact: true })).toHaveCount(0);
  await expectAccessible(page);
});
