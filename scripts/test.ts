import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { findBrowser } from "./browser.ts";
import { CommandError, runCommand } from "./command.ts";
import { buildConsole } from "./console-build.ts";
import { failuresIn } from "./test-failures.ts";

// `npm test`: every check and test there is. All run, also after a failure, so that one run tells everything. `npm run test:full` has the
// long forms: every fault in full, and the stories in every look.

const ROOT = join(import.meta.dirname, "..");
const VITEST = "node_modules/vitest/vitest.mjs";
const isFull = process.argv.includes("--full");
const FAULT_FORM = isFull ? "full" : "short";
const PLAYWRIGHT = "node_modules/@playwright/test/cli.js";

/** Some hundred processes of the product start within one run: what one of them has compiled, the next need not. */
const NODE_COMPILE_CACHE = join(ROOT, "node_modules/.cache/node-compile");

type Outcome = {
  readonly name: string;
  readonly isPassed: boolean;
  readonly summary: string;
  readonly failures: readonly string[];
  readonly seconds: number;
};

/** Runs one part of the tests and takes its time. The part answers with its runner's own summary, and throws when it fails. */
async function part(name: string, work: () => Promise<string>): Promise<Outcome> {
  console.log(`\n=== ${name}`);
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  try {
    const summary = await work();
    return { name, isPassed: true, summary, failures: [], seconds: seconds() };
  } catch (error) {
    const { summary, failures } = error instanceof FailedRunError ? error : { summary: "", failures: [] };
    console.error(error instanceof Error ? error.message : error);
    return { name, isPassed: false, summary, failures, seconds: seconds() };
  }
}

class FailedRunError extends Error {
  readonly summary: string;
  readonly failures: readonly string[];

  constructor(message: string, printed: string) {
    super(message);
    this.summary = countsIn(printed);
    this.failures = failuresIn(printed);
  }
}

/** Runs a JavaScript program of the packages in view, and answers with the counts that it printed. */
async function run(program: string, args: readonly string[], settings: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_COMPILE_CACHE, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  child.stdout.pipe(process.stdout, { end: false });
  child.stderr.pipe(process.stderr, { end: false });
  const [code] = await once(child, "close");
  const plain = stripVTControlCharacters(printed);
  if (code !== 0) {
    throw new FailedRunError(`${program} ${args.join(" ")} ended with exit code ${code}`, plain);
  }
  return countsIn(plain);
}

/** The counts of Vitest ("Tests  1 failed | 2 passed (3)") and Playwright ("2 passed (1.5s)"), each kind of Playwright's on a line. */
function countsIn(printed: string): string {
  const lines = printed.split("\n").map((line) => line.trim());
  const vitest = lines.findLast((line) => /^Tests\s+\d/.test(line))?.replace(/^Tests\s+/, "");
  return vitest ?? lines.filter((line) => /^\d+ (passed|failed|flaky|skipped|did not run)/.test(line)).join(", ");
}

function npm(): string {
  const { npm_execpath } = process.env;
  if (npm_execpath === undefined) {
    throw new CommandError("Start the tests with npm: `npm test`.");
  }
  return npm_execpath;
}

/** The browser tests start a product themselves, as a person would: on fresh data, free ports and a database of its own. */
async function runBrowserTests(browser: string): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), "backtrail-e2e-"));
  const [port, apiPort] = await findFreePorts();
  try {
    return await run(PLAYWRIGHT, ["test", "--config", "e2e/playwright.config.ts"], {
      CHROMIUM_PATH: browser,
      ...(isFull ? { E2E_LOOKS: "all" } : {}),
      PORT: String(port),
      API_PORT: String(apiPort),
      DATA_DIR: dataDir,
      // Whatever database the tester works with, these tests must not.
      DATABASE_URL: "",
      MIGRATION_DATABASE_URL: "",
      BACKTRAIL_SECRET: "",
      BACKTRAIL_SECRET_PREVIOUS: "",
    });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function findFreePorts(): Promise<[number, number]> {
  // Both are held at once, so that they differ.
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server.listen(0, "127.0.0.1"), "listening");
      const address = server.address();
      return typeof address === "object" ? (address?.port ?? 0) : 0;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [ports[0] ?? 0, ports[1] ?? 0];
}

await runCommand(async () => {
  const browser = await findBrowser();
  const outcomes = [
    await part("check", () => run(npm(), ["run", "check"])),
    await part("build", async () => {
      await buildConsole();
      return "";
    }),
    await part("database", () => run(VITEST, ["run", "--project", "database"])),
    await part("faults", () => run(VITEST, ["run", "--project", "faults"], { FAULT_FORM })),
    // A run of its own: it compares times, and two projects in one run would migrate their databases at once in one process.
    await part("fairness", () => run(VITEST, ["run", "--project", "fairness"], { FAULT_FORM })),
    await part("browser", () => runBrowserTests(browser)),
  ];
  console.log();
  for (const { name, failures } of outcomes) {
    for (const line of failures) {
      console.log(`${name}: ${line}`);
    }
  }
  for (const { name, isPassed, summary, seconds } of outcomes) {
    console.log(`${isPassed ? "passed" : "FAILED"}  ${name.padEnd(9)} ${`${seconds} s`.padStart(6)}  ${summary}`);
  }
  const failed = outcomes.filter((outcome) => !outcome.isPassed).length;
  console.log(`${outcomes.length - failed} parts passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
});
