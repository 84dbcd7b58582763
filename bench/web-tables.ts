import type { Browser, Page } from "@playwright/test";
import type { Figure } from "./figure.ts";
import { CPU_THROTTLE, inNewTab, longestTask, median, open, readSeen, round } from "./web-browser.ts";
import { CELLS, JOBS } from "./web-data.ts";

const GRID_PAINT_MS_MOST = 100;
const SCROLL_TASK_MS_MOST = 100;

/** As often as a person turns the wheel of a mouse, and how far one turn leads. */
const WHEEL_MS = 50;
const WHEEL_PIXELS = 2_400;

/** More turns than the longest list takes with all its pages read on the way. */
const TURNS_MOST = 5_000;

/** The two tables that are large: a job's slices, drawn at once, and an account's jobs, scrolled through to the last. */
export async function measureTables(
  browser: Browser,
  base: string,
  person: string,
  jobId: number,
  visitCount: number,
): Promise<readonly Figure[]> {
  // How fast tables are drawn is asked of the machine as it is; the same on a slow one stands beside it.
  const grids = { grid: 1, grid_slowed: CPU_THROTTLE };
  const figures: Figure[] = [];
  for (const [name, throttle] of Object.entries(grids)) {
    const visits: Grid[] = [];
    for (let visit = 0; visit < visitCount; visit++) {
      visits.push(await inNewTab(browser, { base, cookie: person, throttle }, (page) => paintGrid(page, base, jobId)));
    }
    figures.push(
      {
        name: `${name}_paint_ms`,
        value: round(median(visits.map(({ paintMs }) => paintMs))),
        unit: "ms",
        ...(throttle === 1 ? { most: GRID_PAINT_MS_MOST } : {}),
      },
      { name: `${name}_names_ms`, value: round(median(visits.map(({ namesMs }) => namesMs))), unit: "ms" },
      { name: `${name}_longest_task_ms`, value: round(Math.max(...visits.map(({ taskMs }) => taskMs))), unit: "ms" },
    );
  }
  const scrolls = { jobs_scroll: 1, jobs_scroll_slowed: CPU_THROTTLE };
  for (const [name, throttle] of Object.entries(scrolls)) {
    const scroll = await inNewTab(browser, { base, cookie: person, throttle }, (page) => scrollThrough(page, base));
    figures.push(
      { name: `${name}_rows`, value: scroll.rows, unit: "rows" },
      {
        name: `${name}_longest_task_ms`,
        value: round(scroll.taskMs),
        unit: "ms",
        ...(throttle === 1 ? { most: SCROLL_TASK_MS_MOST } : {}),
      },
    );
  }
  return figures;
}

type Grid = {
  /** From the last byte of the answer with the slices until all cells are on screen. */
  readonly paintMs: number;
  /** And until each has its name, and can be focused. */
  readonly namesMs: number;
  /** The longest task until then. */
  readonly taskMs: number;
};

/** From the list to a job with all its slices. */
async function paintGrid(page: Page, base: string, jobId: number): Promise<Grid> {
  await open(page, `${base}/jobs`);
  await page
    .getByRole("main")
    .getByRole("link", { name: String(jobId) })
    .first()
    .click();
  await page.waitForFunction((cells) => window.seen.names === cells && window.seen.cellsPainted === cells, CELLS);
  const seen = await readSeen(page);
  const from = await page.evaluate((path) => {
    const answers = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    return answers.find(({ name }) => new URL(name).pathname === path)?.responseEnd;
  }, `/jobs/${jobId}/data`);
  if (from === undefined || seen.cells !== CELLS) {
    throw new Error(`the grid has ${seen.cells} cells of ${CELLS}, its answer came at ${from}`);
  }
  return {
    paintMs: seen.cellsPaintedAt - from,
    namesMs: seen.namesThereAt - from,
    taskMs: longestTask(seen, { from, to: seen.namesThereAt }),
  };
}

/** As a person does who looks for the first job of all: each row comes by, and is read from the server before it does. */
async function scrollThrough(page: Page, base: string): Promise<{ rows: number; taskMs: number }> {
  await open(page, `${base}/jobs`);
  const from = await page.evaluate(() => performance.now());
  await page.mouse.move(640, 600);
  let rows = 0;
  for (let turn = 0; turn < TURNS_MOST && rows < JOBS; turn++) {
    await page.mouse.wheel(0, WHEEL_PIXELS);
    await page.waitForTimeout(WHEEL_MS);
    rows = await page.evaluate(lastRowDrawn);
  }
  if (rows < JOBS) {
    throw new Error(`scrolling came to row ${rows} of ${JOBS}`);
  }
  const seen = await readSeen(page);
  return { rows, taskMs: longestTask(seen, { from, to: Number.POSITIVE_INFINITY }) };
}

/** Counted from the list's beginning; a row that is still blank is not drawn. Runs in the page. */
function lastRowDrawn(): number {
  const rows = [...document.querySelectorAll("tbody tr[aria-rowindex]")];
  const row = rows.findLast((one) => one.checkVisibility({ visibilityProperty: true }));
  // The head is the first row.
  return Number(row?.getAttribute("aria-rowindex") ?? 1) - 1;
}
