import { gzipSync } from "node:zlib";
import type { Browser, Page } from "@playwright/test";
import type { Figure } from "./figure.ts";
import { inNewTab, median, open, readSeen, round } from "./web-browser.ts";
import { TRAIL } from "./web-data.ts";

const LCP_MS_MOST = 1_500;
const CLS_MOST = 0.05;
const INP_MS_MOST = 200;
const SCRIPT_KB_MOST = 260;

export type People = { readonly busy: string; readonly free: string };

/**
 * Loading and answering of the console's pages in Chromium with a slowed processor: for each page the median of some visits with an
 * empty cache, and for presses the slowest of some.
 */
export async function measurePages(
  browser: Browser,
  base: string,
  people: People,
  jobId: number,
  visitCount: number,
): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const pages = {
    trails: { person: people.busy, path: "/trails" },
    trail: { person: people.busy, path: `/trails/${TRAIL}` },
    jobs: { person: people.busy, path: "/jobs" },
    job: { person: people.busy, path: `/jobs/${jobId}` },
    events: { person: people.free, path: "/events?last=90d" },
    destinations: { person: people.busy, path: "/destinations" },
    logstore: { person: people.free, path: `/destinations/cn-hangzhou/history-test/actiontrail_${TRAIL}` },
    audit: { person: people.busy, path: "/audit" },
    people: { person: people.busy, path: "/people" },
    access_keys: { person: people.busy, path: "/access-keys" },
    security: { person: people.busy, path: "/security" },
    explorer: { person: people.busy, path: "/api-explorer" },
    sign_in: { person: null, path: "/sign-in" },
    forgot_password: { person: null, path: "/forgot-password" },
    // As they are without a link: one that is whole is good for one visit, and for one browser.
    invitation: { person: null, path: "/invitation" },
    reset_password: { person: null, path: "/reset-password" },
  };
  for (const [name, { person, path }] of Object.entries(pages)) {
    const visits = [];
    for (let visit = 0; visit < visitCount; visit++) {
      visits.push(await inNewTab(browser, { base, cookie: person }, (page) => visitOf(page, `${base}${path}`)));
    }
    figures.push(
      {
        name: `lcp_ms_${name}`,
        value: round(median(visits.map(({ lcpMs }) => lcpMs))),
        unit: "ms",
        most: LCP_MS_MOST,
      },
      { name: `cls_${name}`, value: round(Math.max(...visits.map(({ cls }) => cls)), 4), unit: "", most: CLS_MOST },
      {
        name: `js_kb_${name}`,
        value: round((visits[0]?.scriptBytes ?? 0) / 1_000),
        unit: "kB gzip",
        most: SCRIPT_KB_MOST,
      },
    );
  }
  const presses = {
    dialog: { path: "/trails", press: openDialog },
    brush: { path: "/events?last=90d", press: brush },
  };
  for (const [name, { path, press }] of Object.entries(presses)) {
    const value = await inNewTab(browser, { base, cookie: people.free }, async (page) => {
      await open(page, `${base}${path}`);
      await press(page);
      return round((await readSeen(page)).inpMs);
    });
    figures.push({ name: `inp_ms_${name}`, value, unit: "ms", most: INP_MS_MOST });
  }
  return figures;
}

async function visitOf(page: Page, url: string): Promise<{ lcpMs: number; cls: number; scriptBytes: number }> {
  await open(page, url);
  // A page that was led elsewhere would be measured under another's name.
  if (page.url() !== url) {
    throw new Error(`${url} led to ${page.url()}`);
  }
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
