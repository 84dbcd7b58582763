import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";

const DEBIAN_CHROMIUM = "/usr/bin/chromium";

/** How much slower than this machine a reader's is taken to be. */
export const CPU_THROTTLE = 4;

/** Until a new tab's process has come to rest, of which nothing tells. Too short, and the first page pays for the tab; too long costs time alone. */
const OPENED_MS = 1_500;

/**
 * For what comes behind the load: the page comes alive and its lists arrive. What comes later is polling, which never ends.
 * Two polls are in it, so that what they move counts: a shorter time would make a page look still.
 */
const SETTLE_MS = 4_000;

/**
 * Observers are told of an event or a task after the frame that shows its effect, and nothing says that they have been. Too short
 * makes figures look good.
 */
const OBSERVED_MS = 500;

/** Runs a measurement in Chromium: Debian's, where there is one. */
export async function withBrowser<Result>(work: (browser: Browser) => Promise<Result>): Promise<Result> {
  const browser = await chromium.launch({
    ...(existsSync(DEBIAN_CHROMIUM) ? { executablePath: DEBIAN_CHROMIUM } : {}),
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

export type Visit = {
  readonly base: string;
  /** The header of who is signed in; null for nobody. */
  readonly cookie: string | null;
  /** So many times slower than this machine. */
  readonly throttle?: number;
};

/** Runs a measurement in a tab of its own with an empty cache, and observers in it. */
export async function inNewTab<Result>(
  browser: Browser,
  { base, cookie, throttle = CPU_THROTTLE }: Visit,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    await context.addCookies(
      (cookie?.split("; ") ?? []).map((pair) => {
        const [name = "", ...value] = pair.split("=");
        return { name, value: value.join("="), url: base };
      }),
    );
    const page = await context.newPage();
    // A tab that is just being opened is work of the browser's.
    await page.waitForTimeout(OPENED_MS);
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: throttle });
    await page.addInitScript({ path: join(import.meta.dirname, "page-observer.js") });
    return await work(page);
  } finally {
    await context.close();
  }
}

export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: "load", timeout: 60_000 });
  await page.waitForTimeout(SETTLE_MS);
}

/** A span of time on the page's own clock; milliseconds. */
export type Span = { readonly from: number; readonly to: number };

/** What the observers in the page have seen (page-observer.js). */
type Seen = {
  lcpMs: number;
  cls: number;
  inpMs: number;
  /** Longer ones than 50 ms: shorter ones are told to nobody. */
  tasks: readonly Span[];
  /** Of a grid's picture, those that it was first drawn with. */
  cells: number;
  /** Of these, those that were on screen at cellsPaintedAt. */
  cellsPainted: number;
  /** When the last of them was on screen, by the page's clock. */
  cellsPaintedAt: number;
  /** Cells that have their element, with its name, and when the last of them came. */
  names: number;
  namesThereAt: number;
};

declare global {
  interface Window {
    seen: Seen;
  }
}

/** What the observers have seen up to now. */
export async function readSeen(page: Page): Promise<Seen> {
  await page.waitForTimeout(OBSERVED_MS);
  return page.evaluate(() => window.seen);
}

/** The longest task that was under way in a span; 0 where none was longer than 50 ms. */
export function longestTask({ tasks }: Pick<Seen, "tasks">, span: Span): number {
  return Math.max(
    0,
    ...tasks.filter(({ from, to }) => from < span.to && to > span.from).map(({ from, to }) => to - from),
  );
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

export function round(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}
