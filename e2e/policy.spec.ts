import { readBreachReports } from "./breach-reports.ts";
import { expect, test } from "./fixtures.ts";
import { SignInPage } from "./pages/sign-in-page.ts";

test("what somebody gets into a page does not run, and the policy's breach is noticed", async ({ page, breaches }) => {
  await new SignInPage(page).open();
  await page.evaluate(() => {
    const script = document.createElement("div");
    script.innerHTML = '<img src="data:," onerror="document.title = 1">';
    document.body.append(script);
  });
  await expect.poll(() => breaches.length).toBeGreaterThan(0);
  expect(breaches.splice(0).join()).toContain("script-src-attr");
  expect(await page.title()).not.toBe("1");
  await expect.poll(() => readBreachReports().own.length, "the browser's report is in the log").toBeGreaterThan(0);
});
