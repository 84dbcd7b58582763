import { spawnSync } from "node:child_process";
import { addPerson, createSession } from "@/testing/console-session.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import { findFreePort, startProduct } from "@/testing/product-process.ts";

type BenchConsole = {
  readonly base: string;
  /** Of the web process. */
  readonly pid: number;
  /** @returns the cookies of a new admin's session, as a header: who sees every page */
  readonly signIn: (account: HistoryAccount) => Promise<string>;
};

/** Runs a measurement of the built console, in a web process of its own over the benchmark's database. */
export async function withConsole<Result>(work: (console: BenchConsole) => Promise<Result>): Promise<Result> {
  // What is measured is the console as it is now, not as it was when it was last built.
  const build = spawnSync(process.execPath, ["node_modules/next/dist/bin/next", "build"], { encoding: "utf8" });
  if (build.status !== 0) {
    throw new Error(`The console cannot be built: ${build.stdout}${build.stderr}`);
  }
  const port = await findFreePort();
  const web = await startProduct("web/main.ts", { PORT: String(port), NODE_ENV: "production" });
  try {
    return await work({ base: `http://127.0.0.1:${port}`, pid: web.pid, signIn });
  } finally {
    await web.stop();
  }
}

async function signIn(account: HistoryAccount): Promise<string> {
  const cookies = await createSession(await addPerson(account, "admin"));
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}
