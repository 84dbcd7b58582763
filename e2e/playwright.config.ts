import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

// This file is read again in every worker process, so what it decides it keeps in the environment, which they inherit.
process.env.PORT ??= "3210";
process.env.API_PORT ??= "3211";
if (process.env.DATA_DIR === undefined) {
  // Named here and made by the product: tools read this file too, and should leave nothing behind.
  const dataDir = join(tmpdir(), `backtrail-e2e-${process.pid}`);
  process.env.DATA_DIR = dataDir;
  // Not in a teardown of Playwright's, which comes before the product is stopped.
  process.on("exit", () => rmSync(dataDir, { recursive: true, force: true }));
}

const ROOT = join(import.meta.dirname, "..");

/** Where Debian puts it; elsewhere CHROMIUM_PATH names one, or Playwright's own download serves. */
const DEBIAN_CHROMIUM = "/usr/bin/chromium";

function findChromium(): string | undefined {
  return process.env.CHROMIUM_PATH ?? (existsSync(DEBIAN_CHROMIUM) ? DEBIAN_CHROMIUM : undefined);
}

/** What keeps Chromium alive as root, and quiet on a closed network. */
const chromiumArguments = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

const executablePath = findChromium();
// Stand-ins for sinks listen on this machine, as an operator's own may.
process.env.PRIVATE_ENDPOINTS = "127.0.0.0/8";
const settings = { PORT: process.env.PORT, API_PORT: process.env.API_PORT, DATA_DIR: process.env.DATA_DIR };
const baseURL = `http://127.0.0.1:${settings.PORT}`;

// For the workers, whose fixtures use the product's own commands: those are marked as the server's.
process.env.NODE_OPTIONS = "--conditions=react-server";

export default defineConfig({
  testDir: ".",
  outputDir: join(ROOT, "test-results"),
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  // A test that fails once has found something.
  retries: 0,
  workers: 2,
  // Bounds for what hangs, not for what is slow: a machine that is busy with something else finds nothing.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    baseURL,
    // A zone and a language that are nobody's default here, so that hidden local time shows.
    timezoneId: "Asia/Kolkata",
    locale: "en-IN",
    // Nothing half faded under axe: a notice on its way out has no contrast that anybody could judge.
    contextOptions: { reducedMotion: "reduce" },
    // E2E_TRACE=on keeps those of what fails. Taken of every step of every test, they take their time.
    trace: process.env.E2E_TRACE === "on" ? "retain-on-failure" : "off",
    launchOptions: { args: chromiumArguments, ...(executablePath === undefined ? {} : { executablePath }) },
  },
  // The product as `npm start` runs it, on a data folder of its own.
  webServer: {
    command: `"${process.execPath}" -C react-server --import tsx scripts/start.ts`,
    cwd: ROOT,
    env: {
      ...settings,
      PRIVATE_ENDPOINTS: process.env.PRIVATE_ENDPOINTS,
      NODE_OPTIONS: "",
      SAMPLE: "off",
      ADMIN_PASSWORD: "unused-by-any-test",
    },
    url: `${baseURL}/readyz`,
    timeout: 180_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
  },
});
