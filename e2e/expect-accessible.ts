import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import { VIEWPORTS } from "./looks.ts";

/**
 * No violation of any rule in the colours that the page is in, none of contrast in the other ones, and one live region. Leaves the page in
 * its own colours.
 */
export async function expectAccessible(page: Page): Promise<void> {
  await expectOneLiveRegion(page);
  await expectNone(new AxeBuilder({ page }).options({ rules: OF_WCAG_2_2 }));
  const shown = await page.evaluate(() => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  await page.emulateMedia({ colorScheme: shown === "dark" ? "light" : "dark" });
  await expectNone(new AxeBuilder({ page }).withRules(["color-contrast"]));
  await page.emulateMedia({ colorScheme: shown });
}

/** One polite live region, the toaster; and nothing beside it interrupts but alerts, which answer a press where it was made. */
async function expectOneLiveRegion(page: Page): Promise<void> {
  await expect(page.locator('[aria-live="polite"], [role="status"], [role="log"], [role="timer"], output')).toHaveCount(
    1,
  );
  await expect(page.locator('[aria-live="assertive"]:not([role="alert"])')).toHaveCount(0);
}

/** The one rule of WCAG 2.2 AA, which is off unless one asks for it. */
const OF_WCAG_2_2 = { "target-size": { enabled: true } };

async function expectNone(builder: AxeBuilder): Promise<void> {
  // No page has frames, so the document itself is all there is, and no second page is opened to gather what frames say.
  const { violations } = await builder.setLegacyMode().analyze();
  const found = violations.map(({ id, nodes }) => ({
    id,
    targets: nodes.filter(({ html }) => !isHandle(id, html)).map(({ target }) => target.join(" ")),
  }));
  // Whatever else is wrong on the way is told by the same run.
  expect.soft(found.filter(({ targets }) => targets.length > 0)).toEqual([]);
}

/** Two handles of a range may meet; the same range is drawn over the bars. */
function isHandle(rule: string, html: string): boolean {
  return rule === "target-size" && html.includes('role="slider"');
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
