import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import { VIEWPORTS } from "./looks.ts";

/** No violation of any rule in the light theme, and none of contrast in the dark one. Leaves the page in the light theme. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  await expectNone(new AxeBuilder({ page }).withRules(["color-contrast"]));
  await page.emulateMedia({ colorScheme: "light" });
  await expectNone(new AxeBuilder({ page }));
}

async function expectNone(builder: AxeBuilder): Promise<void> {
  const { violations } = await builder.analyze();
  expect(violations.map(({ id, nodes }) => ({ id, targets: nodes.map(({ target }) => target.join(" ")) }))).toEqual([]);
}

/** The same page on a screen of 360 pixels, and then back on the one it was on. */
export async function expectToFitPhone(page: Page): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize(VIEWPORTS.phone);
  await expectNoSidewaysScroll(page);
  await page.setViewportSize(size ?? VIEWPORTS.desktop);
}

/** Nothing is wider than a screen of 360 pixels, which the page has to have. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
}
