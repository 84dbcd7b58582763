import { existsSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import type { Figure } from "./figure.ts";
import { TRAIL } from "./web-data.ts";

const DEBIAN_CHROMIUM = "/usr/bin/chromium";

/** How much slower than this machine a reader's is taken to be. */
const CPU_THROTTLE = 4;

const VISITS = 5;

/** Until a new tab's process has come to rest. */
const OPENED_MS = 1_500;

/** For what comes behind the load: the page comes alive and its lists arrive. What comes later is polling, which never ends. */
const SETTLE_MS = 4_000;

/** Observers are told of an event or a task after the frame that shows its effect, and nothing says that they have been. */
const OBSERVED_MS = 500;

/** As often as a person turns the wheel of a mouse. */
const WHEEL_MS = 50;

const round = (value: number, digits = 0) => Number(value.toFixed(digits));

/**
 * Loading and answering of the console's pages in Chromium with a slowed processor: for each page the median of some visits with an
 * empty cache, and for presses the slowest of some.
 */
export async function measurePages(
  base: string,
  people: { readonly busy: string; readonly free: string },
  jobId: number,
): Promise<readonly Figure[]> {
  const browser = await chromium.launch({
    ...(existsSync(DEBIAN_CHROMIUM) ? { executablePath: DEBIAN_CHROMIUM } : {}),
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const figures: Figure[] = [];
    const pages = {
      trails: { person: people.busy, path: "/trails" },
      trail: { person: people.busy, path: `/trails/${TRAIL}` },
      jobs: { person: people.busy, path: "/jobs" },
      job: { person: people.busy, path: `/jobs/${jobId}` },
      events: { person: people.free, path: "/events?last=90d" },
      destinations: { person: people.busy, path: "/destinations" },
      explorer: { person: people.busy, path: "/api-explorer" },
      logstore: { person: people.free, path: `/destinations/cn-hangzhou/history-test/actiontrail_${TRAIL}` },
    };
    for (const [name, { person, path }] of Object.entries(pages)) {
      const visits = [];
      for (let visit = 0; visit < VISITS; visit++) {
        visits.push(await inNewContext(browser, base, person, (page) => visitOf(page, `${base}${path}`)));
      }
      figures.push(
        { name: `lcp_ms_${name}`, value: round(median(visits.map(({ lcpMs }) => lcpMs))), unit: "ms" },
        { name: `cls_${name}`, value: round(Math.max(...visits.map(({ cls }) => cls)), 4), unit: "" },
        { name: `js_kb_${name}`, value: round((visits[0]?.scriptBytes ?? 0) / 1_000), unit: "kB gzip" },
      );
    }
    figures.push(
      await inNewContext(browser, base, people.free, async (page) => ({
        name: "inp_ms_dialog",
        value: await inpOf(page, `${base}/trails`, () => openDialog(page)),
        unit: "ms",
      })),
      await inNewContext(browser, base, people.free, async (page) => ({
        name: "inp_ms_brush",
        value: await inpOf(page, `${base}/events?last=90d`, () => brush(page)),
        unit: "ms",
      })),
      await inNewContext(browser, base, people.busy, async (page) => ({
        name: "jobs_scroll_longest_task_ms",
        value: await longestTaskOf(page, `${base}/jobs`, () => scrollThrough(page)),
        unit: "ms",
      })),
      await inNewContext(
        browser,
        base,
        people.busy,
        async (page) => ({
          name: "grid_longest_task_ms",
          value: await longestTaskOf(page, `${base}/jobs`, () => openJob(page, jobId)),
          unit: "ms (not slowed)",
        }),
        1,
      ),
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
  throttle = CPU_THROTTLE,
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

/** What the observers in the page have seen (page-observer.js). */
type Seen = { lcpMs: number; cls: number; inpMs: number; longestTaskMs: number };

declare global {
  interface Window {
    seen: Seen;
  }
}

function readSeen(page: Page): Promise<Seen> {
  return page.evaluate(() => window.seen);
}

async function visitOf(page: Page, url: string): Promise<{ lcpMs: number; cls: number; scriptBytes: number }> {
  await open(page, url);
  const { lcpMs, cls } = await readSeen(page);
  return { lcpMs, cls, scriptBytes: await firstLoadBytes(page, url) };
}

/** Compressed bytes of the scripts that the page's document names; what is loaded when it is needed comes later and is not among them. */
async function firstLoadBytes(page: Page, url: string): Promise<number> {
  const html = await (await page.request.get(url)).text();
  const scripts = [...html.matchAll(/<script[^>]* src="([^"]+)"[^>]*>/g)].filter(([tag]) => !tag.includes("noModule"));
  const sizes = await Promise.all(
    scripts.map(
      async ([, source = ""]) => gzipSync(await (await page.request.get(new URL(source, url).href)).body()).length,
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: "load", timeout: 60_000 });
  await page.waitForTimeout(SETTLE_MS);
}

async function inpOf(page: Page, url: string, interact: () => Promise<void>): Promise<number> {
  await open(page, url);
  await interact();
  await page.waitForTimeout(OBSERVED_MS);
  return round((await readSeen(page)).inpMs);
}

async function longestTaskOf(page: Page, url: string, work: () => Promise<void>): Promise<number> {
  await open(page, url);
  await page.evaluate(() => {
    window.seen.longestTaskMs = 0;
  });
  await work();
  await page.waitForTimeout(OBSERVED_MS);
  return round((await readSeen(page)).longestTaskMs);
}

async function openDialog(page: Page): Promise<void> {
  const row = page.getByRole("row", { name: new RegExp(TRAIL) });
  await row.getByRole("button", { name: /Redeliver/ }).click();
  await page.getByRole("dialog").waitFor();
}

/** Drags over a part of the histogram, which then shows that part. */
async function brush(page: Page): Promise<void> {
  const plot = page.locator("[data-plot]");
  const box = await plot.boundingBox();
  if (box === null) {
    throw new Error("the histogram is not drawn");
  }
  const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const;
  await page.mouse.move(...at(0.3));
  await page.mouse.down();
  await page.mouse.move(...at(0.6), { steps: 20 });
  await page.mouse.up();
  await page.waitForURL(/from=/);
}

/** The page of a job with all its slices, drawn by the browser: its longest task has the grid in it. */
async function openJob(page: Page, jobId: number): Promise<void> {
  await page
    .getByRole("main")
    .getByRole("link", { name: String(jobId) })
    .first()
    .click();
  await page.getByRole("grid").waitFor();
}

/** As a person does who looks for something far down. */
async function scrollThrough(page: Page): Promise<void> {
  await page.mouse.move(640, 600);
  for (let turn = 0; turn < 100; turn++) {
    await page.mouse.wheel(0, 1_200);
    await page.waitForTimeout(WHEEL_MS);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
