import { withBenchDatabase } from "./bench-database.ts";
import { withConsole } from "./console.ts";
import type { Figure } from "./figure.ts";
import { withBrowser } from "./web-browser.ts";
import { createWebData, moveOn } from "./web-data.ts";
import { measurePages } from "./web-pages.ts";
import { measurePolls } from "./web-polls.ts";
import { measureTables } from "./web-tables.ts";

/** People whose consoles are open: several each. */
const PEOPLE = 10;

const VISITS = 5;

/**
 * The console as its users have it: how fast its pages come and answer, and what many open ones cost.
 * @param visits to each page
 */
export function benchWeb(visits = VISITS): Promise<readonly Figure[]> {
  return withBenchDatabase(async () => {
    const { busy, free, jobId } = await createWebData();
    return withConsole(async ({ base, pid, signIn }) => {
      const cookies: string[] = [];
      for (let index = 0; index < PEOPLE; index++) {
        cookies.push(await signIn(busy));
      }
      const people = { busy: cookies[0] ?? "", free: await signIn(free) };
      const shown = await withBrowser(async (browser) => [
        ...(await measurePages(browser, base, people, jobId, visits)),
        ...(await measureTables(browser, base, people.busy, jobId, visits)),
      ]);
      return [...shown, ...(await measurePolls(base, pid, cookies, jobId, () => moveOn(jobId)))];
    });
  });
}
