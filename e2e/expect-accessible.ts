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
  // The one rule of WCAG 2.2 AA, which is off unless one asks for it. Two handles of a range may meet; the same range is drawn over the bars.
  await expectNone(new AxeBuilder({ page }).withRules(["target-size"]).exclude('[role="slider"]'));
}

async function expectNone(builder: AxeBuilder): Promise<void> {
  const { violations } = await builder.analyze();
  expect(violations.map(({ id, nodes }) => ({ id, targets: nodes.map(({ target }) => target.join(" ")) }))).toEqual([]);
}

/** Neither a phone nor wide enough for every table beside the rail. */
const TABLET = { width: 768, height: 1_024 } as const;

/** The same page on a screen of 360 pixels, on one of 768, and then back on the one it was on. */
export async function expectToFitPhone(page: Page): Promise<void> {
  const size = page.viewportSize();
  for (const viewport of [VIEWPORTS.phone, TABLET]) {
    await page.setViewportSize(viewport);
    await expectNoSidewaysScroll(page);
  }
  await page.setViewportSize(size ?? VIEWPORTS.desktop);
}

/** Nothing is wider than the screen. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  // A chart learns of its new room a frame after everything else.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
}
