import { existsSync } from "node:fs";
import { addPerson, createSession } from "@/testing/console-session.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import { findFreePort, startProduct } from "@/testing/product-process.ts";
import { withBenchDatabase } from "./bench-database.ts";
import type { Figure } from "./figure.ts";
import { createWebData, moveOn } from "./web-data.ts";
import { measurePages } from "./web-pages.ts";
import { measurePolls } from "./web-polls.ts";

/** People whose consoles are open: several each. */
const PEOPLE = 10;

/** The console as its users have it: how fast its pages come and answer, and what many open ones cost. */
export async function benchWeb(): Promise<readonly Figure[]> {
  if (!existsSync(".next/BUILD_ID")) {
    throw new Error("The console is not built: run `npm run build` first.");
  }
  return withBenchDatabase(async () => {
    const { busy, free, jobId } = await createWebData();
    const cookies: string[] = [];
    for (let index = 0; index < PEOPLE; index++) {
      cookies.push(await signIn(busy));
    }
    const people = { busy: cookies[0] ?? "", free: await signIn(free) };
    const port = await findFreePort();
    const web = await startProduct("web/main.ts", { PORT: String(port), NODE_ENV: "production" });
    try {
      const base = `http://127.0.0.1:${port}`;
      const pages = await measurePages(base, people, jobId);
      return [...pages, ...(await measurePolls(base, web.pid, cookies, () => moveOn(jobId)))];
    } finally {
      await web.stop();
    }
  });
}

/** @returns the cookies of a new operator's session, as a header */
async function signIn(account: HistoryAccount): Promise<string> {
  const cookies = await createSession(await addPerson(account, "operator"));
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}
