import { expect, type Locator } from "@playwright/test";

/** So long a press may take to show something; one that comes before the page is alive is lost, and never does. */
const ANSWER_MS = 4_000;

/** Presses again while nothing opens, and never again behind what has opened late. */
export async function pressUntilOpen(press: () => Promise<void>, opened: Locator): Promise<void> {
  await expect(async () => {
    if (!(await opened.isVisible())) {
      await press();
    }
    await opened.waitFor({ timeout: ANSWER_MS });
  }).toPass();
}

/** The same with a click, which waits in vain for a button that what opens has covered. */
export function clickUntilOpen(button: Locator, opened: Locator): Promise<void> {
  return pressUntilOpen(() => button.click({ timeout: ANSWER_MS }), opened);
}
