import { expectAccessible, expectToFitPhone } from "./expect-accessible.ts";
import { expect, test } from "./fixtures.ts";
import { ApiExplorerPage } from "./pages/api-explorer-page.ts";

test("an operator tries a call, sees the API's own answer, and takes the call away as code", async ({
  page,
  signInAs,
}) => {
  await signInAs("operator");
  await page.goto("/trails");
  await page.getByRole("link", { name: "API explorer", exact: true }).click();
  const explorer = new ApiExplorerPage(page);
  await expect(explorer.heading).toBeVisible();
  await explorer.call.selectOption("CreateDeliveryHistoryJob");
  await explorer.parameter("TrailName").fill("all-regions");
  await explorer.parameter("ClientToken").fill("from-the-explorer");
  await expect(explorer.parameters).toContainText("This call changes the account.");
  await explorer.send("CreateDeliveryHistoryJob").click();
  await expect(explorer.answer).toContainText("200 OK");
  await expect(explorer.answer).toContainText(/"JobId": \d+/);

  await explorer.writtenAs("CLI").click();
  await expect(explorer.code).toContainText("aliyun actiontrail CreateDeliveryHistoryJob");
  await expect(explorer.code).toContainText("--TrailName all-regions");
  await explorer.writtenAs("Python").click();
  await expect(explorer.code).toContainText('"TrailName": "all-regions",');
  await explorer.writtenAs("TypeScript").click();
  await expect(explorer.code).toContainText('action: "CreateDeliveryHistoryJob",');
});

test("a refusal is the API's: its code, its status, its envelope", async ({ page, signInAs }) => {
  await signInAs("viewer");
  const explorer = new ApiExplorerPage(page);
  await explorer.open("?call=GetDeliveryHistoryJob&JobId=4711");
  await expect(explorer.parameter("JobId")).toHaveValue("4711");
  await explorer.send("GetDeliveryHistoryJob").click();
  await expect(explorer.answer).toContainText("404 DeliveryHistoryJobNotFound");
  await expect(explorer.answer).toContainText('"Code": "DeliveryHistoryJobNotFound"');
});

test("a role's limits hold, are told before, and cannot be pressed past", async ({ page, signInAs }) => {
  await signInAs("viewer");
  const explorer = new ApiExplorerPage(page);
  await explorer.open("?call=DeleteTrail&Name=all-regions");
  await expect(explorer.parameters).toContainText("Your role does not allow this call.");
  await explorer.send("DeleteTrail").click();
  await expect(explorer.answer).toContainText("403 NoPermission");
  await page.goto("/trails/all-regions");
  await expect(page.getByRole("heading", { level: 1, name: "all-regions" })).toBeVisible();
});

test("call and parameters are in the address, and what two calls have in common stays", async ({ page, signInAs }) => {
  await signInAs("viewer");
  const explorer = new ApiExplorerPage(page);
  await explorer.open("?call=GetTrailStatus");
  await explorer.parameter("Name").fill("all-regions");
  await explorer.parameter("IsOrganizationTrail").selectOption("true");
  await expect(page).toHaveURL(/Name=all-regions/);
  await explorer.call.selectOption("StartLogging");
  await expect(explorer.parameter("Name")).toHaveValue("all-regions");
  await expect(page).toHaveURL(/call=StartLogging/);
  await expect(page).not.toHaveURL(/IsOrganizationTrail/);
  await page.reload();
  await expect(explorer.call).toHaveValue("StartLogging");
  await expect(explorer.parameter("Name")).toHaveValue("all-regions");
});

test("an admin records an event by hand", async ({ page, signInAs }) => {
  await signInAs("admin");
  const explorer = new ApiExplorerPage(page);
  await explorer.open("?call=PutEvents");
  const event = { eventId: "by-hand", eventTime: new Date().toISOString(), acsRegion: "cn-hangzhou" };
  await explorer.parameter("Events").fill(JSON.stringify(event));
  await explorer.send("PutEvents").click();
  await expect(explorer.answer).toContainText('"Recorded": 1');
  await explorer.writtenAs("CLI").click();
  await expect(explorer.code).toContainText("cannot make this call");
});

test("as many events as a call may bring are recorded by hand", async ({ page, signInAs }) => {
  await signInAs("admin");
  const explorer = new ApiExplorerPage(page);
  await explorer.open("?call=PutEvents");
  // More than Next takes of an action by itself, which is a megabyte.
  const lines = Array.from({ length: 1_000 }, (_, index) =>
    JSON.stringify({
      eventId: `many-${index}`,
      eventTime: new Date().toISOString(),
      acsRegion: "cn-hangzhou",
      errorMessage: "x".repeat(1_500),
    }),
  );
  await explorer.parameter("Events").fill(lines.join("\n"));
  await explorer.send("PutEvents").click();
  await expect(explorer.answer).toContainText('"Recorded": 1000');
});

test("a command that would look in one region, where the form looks in all, says so", async ({ page, signInAs }) => {
  await signInAs("viewer");
  const explorer = new ApiExplorerPage(page);
  await explorer.open("?call=LookupEvents&as=cli");
  await expect(explorer.code).toContainText("--region cn-hangzhou");
  await expect(explorer.code).toContainText("the command in cn-hangzhou alone");
  await explorer.parameter("RegionId").fill("cn-beijing");
  await expect(explorer.code).toContainText("--region cn-beijing");
  await expect(explorer.code).not.toContainText("alone");
});

test("the explorer speaks Chinese", async ({ page, signInAs, context, baseURL }) => {
  await context.addCookies([{ name: "language", value: "zh-CN", url: baseURL ?? "" }]);
  await signInAs("viewer");
  await page.goto("/api-explorer");
  await expect(page.getByRole("heading", { name: "API 调试", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "发送 DescribeTrails" }).click();
  await expect(page.getByRole("region", { name: "响应", exact: true })).toContainText("200 OK");
});

test("the explorer is worked by keyboard, has no accessibility violations and fits 360 pixels", async ({
  page,
  signInAs,
}) => {
  test.slow();
  await signInAs("viewer");
  const explorer = new ApiExplorerPage(page);
  await explorer.open("?call=ListDeliveryHistoryJobs");
  await explorer.parameter("PageSize").focus();
  await page.keyboard.type("5");
  await page.keyboard.press("Enter");
  await expect(explorer.answer).toContainText('"PageSize": 5');
  await expectAccessible(page);
  await expectToFitPhone(page);
  await explorer.open("?call=LookupEvents&as=typescript");
  await expect(explorer.send("LookupEvents")).toBeVisible();
  await expectAccessible(page);
  await expectToFitPhone(page);
});
