import { expect, test } from "./fixtures.ts";

test.beforeEach(async ({ signInAs, page }) => {
  await signInAs("viewer");
  await page.goto("/trails");
});

test("a person chooses Chinese by keyboard, and every page speaks it from then on", async ({ page }) => {
  await page.getByRole("button", { name: "Preferences" }).press("Enter");
  await page.getByRole("menuitemradio", { name: "简体中文" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("跟踪");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  for (const [path, title] of [
    ["/jobs", "投递任务"],
    ["/events", "事件"],
    ["/destinations", "投递目标"],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  }
});

test("a person chooses the dark theme, and the next page is drawn in it from the first", async ({ page }) => {
  await page.getByRole("button", { name: "Preferences" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(21, 20, 16)");
  const html = await (await page.request.get("/jobs")).text();
  expect(html).toContain('data-theme="dark"');
});

test("without a choice a page speaks the first language that the browser asks for", async ({ page }) => {
  const html = await (
    await page.request.get("/sign-in", { headers: { "accept-language": "zh-TW,zh;q=0.9,en;q=0.8", cookie: "" } })
  ).text();
  expect(html).toContain('lang="zh-CN"');
});
