import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import type { Figure } from "./figure.ts";
import { TRAIL } from "./web-data.ts";

const DEBIAN_CHROMIUM = "/usr/bin/chromium";

/** How much slower than this machine a reader's is taken to be. */
const CPU_THROTTLE = 4;

/** A page has settled when nothing was loaded for half a second; what comes later is polling. */
const VISITS = 3;

const round = (value: number, digits = 0) => Number(value.toFixed(digits));

/**
 * Loading and answering of the console's pages in Chromium with a slowed processor: for each page the median of three visits with an
 * empty cache, and for presses the slowest of some.
 */
export async function measurePages(base: string, cookie: string, jobId: number): Promise<readonly Figure[]> {
  const browser = await chromium.launch({
    ...(existsSync(DEBIAN_CHROMIUM) ? { executablePath: DEBIAN_CHROMIUM } : {}),
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const figures: Figure[] = [];
    const pages = {
      trails: "/trails",
      jobs: "/jobs",
      job: `/jobs/${jobId}`,
      events: "/events",
      destinations: "/destinations",
    };
    for (const [name, path] of Object.entries(pages)) {
      const visits = [];
      for (let visit = 0; visit < VISITS; visit++) {
        visits.push(await inNewContext(browser, base, cookie, (page) => visitOf(page, `${base}${path}`)));
      }
      figures.push(
        { name: `lcp_ms_${name}`, value: round(median(visits.map(({ lcpMs }) => lcpMs))), unit: "ms" },
        { name: `cls_${name}`, value: round(Math.max(...visits.map(({ cls }) => cls)), 4), unit: "" },
        { name: `js_kb_${name}`, value: round((visits[0]?.scriptBytes ?? 0) / 1_000), unit: "kB gzip" },
      );
    }
    figures.push(
      await inNewContext(browser, base, cookie, async (page) => ({
        name: "inp_ms_dialog",
        value: await inpOf(page, `${base}/trails`, async () => {
          await page
            .getByRole("row", { name: new RegExp(TRAIL) })
            .getByRole("button", { name: /Redeliver/ })
            .click();
          await page.getByRole("dialog").waitFor();
        }),
        unit: "ms",
      })),
      await inNewContext(browser, base, cookie, async (page) => ({
        name: "jobs_scroll_longest_task_ms",
        value: await longestTaskOf(page, `${base}/jobs`, () => scrollThrough(page)),
        unit: "ms",
      })),
    );
    return figures;
  } finally {
    await browser.close();
  }
}

async function inNewContext<Result>(
  browser: Browser,
  base: string,
  cookie: string,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    await context.addCookies(
      cookie.split("; ").map((pair) => {
        const [name = "", ...value] = pair.split("=");
        return { name, value: value.join("="), url: base };
      }),
    );
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_THROTTLE });
    await page.addInitScript(observe);
    return await work(page);
  } finally {
    await context.close();
  }
}

/** What the page's own observers have seen; written by `observe`, which runs in the page. */
type Seen = { lcpMs: number; cls: number; inpMs: number; longestTaskMs: number };

function observe(): void {
  const seen: Seen = { lcpMs: 0, cls: 0, inpMs: 0, longestTaskMs: 0 };
  Object.assign(window, { seen });
  const watch = (type: string, note: (entry: PerformanceEntry) => void, options: object = {}) => {
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...options });
  };
  watch("largest-contentful-paint", (entry) => {
    seen.lcpMs = entry.startTime;
  });
  watch("layout-shift", (entry) => {
    const { hadRecentInput, value } = entry as PerformanceEntry & { hadRecentInput: boolean; value: number };
    seen.cls += hadRecentInput ? 0 : value;
  });
  watch(
    "event",
    (entry) => {
      if ((entry as PerformanceEntry & { interactionId: number }).interactionId > 0) {
        seen.inpMs = Math.max(seen.inpMs, entry.duration);
      }
    },
    { durationThreshold: 16 },
  );
  watch("longtask", (entry) => {
    seen.longestTaskMs = Math.max(seen.longestTaskMs, entry.duration);
  });
}

function readSeen(page: Page): Promise<Seen> {
  return page.evaluate(() => (window as unknown as { seen: Seen }).seen);
}

async function visitOf(page: Page, url: string): Promise<{ lcpMs: number; cls: number; scriptBytes: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const scripts = new Set<string>();
  let scriptBytes = 0;
  session.on("Network.responseReceived", ({ requestId, type }) => type === "Script" && scripts.add(requestId));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    scriptBytes += scripts.has(requestId) ? encodedDataLength : 0;
  });
  await page.goto(url, { waitUntil: "networkidle" });
  const { lcpMs, cls } = await readSeen(page);
  return { lcpMs, cls, scriptBytes };
}

async function inpOf(page: Page, url: string, interact: () => Promise<void>): Promise<number> {
  await page.goto(url, { waitUntil: "networkidle" });
  await interact();
  // Observers are told of an event after the frame that shows its effect.
  await page.waitForTimeout(500);
  return round((await readSeen(page)).inpMs);
}

async function longestTaskOf(page: Page, url: string, work: () => Promise<void>): Promise<number> {
  await page.goto(url, { waitUntil: "networkidle" });
  await page.evaluate(() => {
    (window as unknown as { seen: Seen }).seen.longestTaskMs = 0;
  });
  await work();
  await page.waitForTimeout(500);
  return round((await readSeen(page)).longestTaskMs);
}

/** As a person does who looks for something far down. */
async function scrollThrough(page: Page): Promise<void> {
  await page.mouse.move(640, 600);
  for (let turn = 0; turn < 100; turn++) {
    await page.mouse.wheel(0, 1_200);
    await page.waitForTimeout(50);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
