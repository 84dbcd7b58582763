import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScroll } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { AuditPage } from "./pages/audit-page.ts";

test("an admin finds who was refused what, and opens the entry beside the list", async ({
  page,
  signInAs,
  context,
}) => {
  await refuseViewer(page, signInAs);
  await context.clearCookies();
  await signInAs("admin");
  const audit = new AuditPage(page);
  await audit.open();
  await expect(audit.rows.first()).toBeVisible();
  await audit.outcome.selectOption("Refused");
  await expect(audit.rows).toHaveCount(1);
  await expect(page).toHaveURL(/outcome=refused/);
  await expect(audit.rows).toContainText("NoPermission");

  await audit.details("backtrail:LookupAuditEntries").click();
  await expect(audit.entry).toContainText('"role": "viewer"');
  await expect(audit.entry.getByRole("heading", { level: 2 })).toBeFocused();
  await expect(page).toHaveURL(/entry=/);
  await page.reload();
  await expect(audit.entry).toContainText('"role": "viewer"');
  await audit.entry.getByRole("heading", { level: 2 }).focus();
  await page.keyboard.press("Escape");
  await expect(audit.entry).toBeHidden();
});

test("filters are in the address, survive going back, and are cleared together", async ({ page, signInAs }) => {
  await signInAs("admin");
  const audit = new AuditPage(page);
  await audit.open();
  await audit.action.selectOption("backtrail:CreateLogProject");
  await expect(audit.rows).toHaveCount(1);
  await audit.who.fill("nobody-of-this-name");
  await expect(page.getByRole("heading", { name: "The audit has no such entries" })).toBeVisible();
  await expect(page).toHaveURL(/who=nobody-of-this-name/);
  await page.reload();
  await expect(audit.who).toHaveValue("nobody-of-this-name");
  await audit.clear.first().click();
  await expect(audit.rows.first()).toBeVisible();
  await expect(page).toHaveURL(/\/audit$/);
});

test("older entries follow behind the last one, and none is shown twice", async ({
  page,
  signInAs,
  product,
  account,
}) => {
  await product.addAuditEntries(account.accountId, 120);
  await signInAs("admin");
  const audit = new AuditPage(page);
  await audit.open("?who=bulk");
  await expect(audit.rows).toHaveCount(50);
  await audit.older.click();
  await expect(audit.newest).toBeVisible();
  await expect(audit.rows).toHaveCount(50);
  await audit.older.click();
  await expect(audit.rows).toHaveCount(20);
  await expect(audit.older).toBeHidden();
});

test("an export has what the filters show, as CSV and NDJSON, and is in the audit itself", async ({
  page,
  signInAs,
}) => {
  await signInAs("admin");
  const audit = new AuditPage(page);
  await audit.open("?action=backtrail:CreateLogProject");
  await expect(audit.rows).toHaveCount(1);
  const csv = await download(page, audit, "CSV");
  expect(csv.split("\r\n")).toHaveLength(3);
  expect(csv).toContain('"backtrail:CreateLogProject"');
  const lines = (await download(page, audit, "NDJSON")).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).action)).toEqual(["backtrail:CreateLogProject"]);
  await audit.open("?action=backtrail:ExportAuditEntries");
  await expect(audit.rows).toHaveCount(2);
});

test("a viewer and an operator see neither the audit nor its export, nor a link to them", async ({
  page,
  signInAs,
  context,
}) => {
  const audit = new AuditPage(page);
  for (const role of ["viewer", "operator"] as const) {
    await context.clearCookies();
    await signInAs(role);
    await audit.open();
    await expect(audit.notAllowed).toBeVisible();
    await expect(page.getByRole("link", { name: "Audit", exact: true })).toHaveCount(0);
    expect((await page.request.get("/audit/export?format=csv")).status()).toBe(403);
  }
  await expectAccessible(page);
});

test("another account's entry is not there", async ({ page, signInAs, signInToOtherAccountAs, context }) => {
  await signInAs("admin");
  const audit = new AuditPage(page);
  await audit.open();
  await audit.details("backtrail:CreateLogProject").click();
  await expect(audit.entry).toContainText("RequestId");
  const { search } = new URL(page.url());
  await context.clearCookies();
  await signInToOtherAccountAs("admin");
  await audit.open(search);
  await expect(audit.entry).toContainText("There is no such entry in this account.");
});

test("the audit speaks Chinese", async ({ page, signInAs, context, baseURL }) => {
  await context.addCookies([{ name: "language", value: "zh-CN", url: baseURL ?? "" }]);
  await signInAs("admin");
  await page.goto("/audit");
  await expect(page.getByRole("heading", { name: "审计", level: 1 })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "来源地址" })).toBeVisible();
  await expect(page.getByRole("row").getByText("已允许").first()).toBeVisible();
});

test("the audit has no accessibility violations and fits 360 pixels", async ({ page, signInAs }) => {
  test.slow();
  await signInAs("admin");
  const audit = new AuditPage(page);
  await audit.open();
  await audit.details("backtrail:CreateLogProject").click();
  await expect(audit.entry).toContainText("RequestId");
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
});

async function refuseViewer(page: Page, signInAs: (role: "viewer") => Promise<void>): Promise<void> {
  await signInAs("viewer");
  const audit = new AuditPage(page);
  await audit.open();
  await expect(audit.notAllowed).toBeVisible();
}

async function download(page: Page, audit: AuditPage, format: "CSV" | "NDJSON"): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent("download"), audit.exportLink(format).click()]);
  expect(file.suggestedFilename()).toMatch(format === "CSV" ? /\.csv$/ : /\.ndjson$/);
  return readFile(await file.path(), "utf8");
}
