import { withBenchDatabase } from "./bench-database.ts";
import { withConsole } from "./console.ts";
import type { Figure } from "./figure.ts";
import { createWebData, moveOn } from "./web-data.ts";
import { measurePages } from "./web-pages.ts";
import { measurePolls } from "./web-polls.ts";

/** People whose consoles are open: several each. */
const PEOPLE = 10;

/** The console as its users have it: how fast its pages come and answer, and what many open ones cost. */
export function benchWeb(): Promise<readonly Figure[]> {
  return withBenchDatabase(async () => {
    const { busy, free, jobId } = await createWebData();
    return withConsole(async ({ base, pid, signIn }) => {
      const cookies: string[] = [];
      for (let index = 0; index < PEOPLE; index++) {
        cookies.push(await signIn(busy));
      }
      const pages = await measurePages(base, { busy: cookies[0] ?? "", free: await signIn(free) }, jobId);
      return [...pages, ...(await measurePolls(base, pid, cookies, () => moveOn(jobId)))];
    });
  });
}
