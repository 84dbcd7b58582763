import type { Page } from "@playwright/test";
import { ENGLISH_SENTENCES } from "./english-sentences.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./expect-accessible.ts";
import { expect } from "./fixtures.ts";
import type { Look } from "./looks.ts";

const PAPER = { light: "rgb(251, 250, 248)", dark: "rgb(21, 20, 16)" } as const;
const HAN = /\p{Script=Han}/u;

/** The page, with the dialog that is open on it, is wholly in its look: of its size, in its colours, in its language. */
export async function expectWellMade(page: Page, { size, theme, language }: Look): Promise<void> {
  await expect(page.locator("body")).toHaveCSS("background-color", PAPER[theme]);
  await expectLanguage(page, language);
  await expectNoSidewaysScroll(page);
  await expect.poll(() => page.evaluate(cutTexts)).toEqual([]);
  // On the desktop each page's own tests hold it to axe.
  if (size === "phone") {
    await expectAccessible(page);
  }
}

async function expectLanguage(page: Page, language: Look["language"]): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("lang", language);
  // With the frame and its messages. A language to choose is named in itself.
  const names = await page.locator("[role='menuitemradio'][lang]").allInnerTexts();
  const [all = ""] = await page.locator("body").allInnerTexts();
  const said = names.reduce((rest, name) => rest.replace(name, ""), all);
  if (language === "en") {
    expect(said).not.toMatch(HAN);
  } else {
    expect(said).toMatch(HAN);
    expect(ENGLISH_SENTENCES.filter((sentence) => said.includes(sentence))).toEqual([]);
  }
}

/** Texts that are wider than what shows them, and that no title tells whole. Runs in the page. */
function cutTexts(): string[] {
  const cut: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const holder = text.parentElement;
    if (holder === null || holder.closest("[title], [aria-hidden='true'], svg") !== null) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(text);
    const { left, right, width } = range.getBoundingClientRect();
    for (let around: Element | null = holder; around !== null && width > 0; around = around.parentElement) {
      const { overflowX, position } = getComputedStyle(around);
      const box = around.getBoundingClientRect();
      // What scrolls shows all of it, and what has no room at all is for screen readers.
      if (around === document.body || ["auto", "scroll"].includes(overflowX) || box.width <= 1) {
        break;
      }
      if (overflowX !== "visible" && (right > box.right + 1 || left < box.left - 1)) {
        cut.push(text.textContent?.trim() ?? "");
        break;
      }
      if (position === "fixed") {
        break;
      }
    }
  }
  return cut;
}
