import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";
import { CommandError } from "./command.ts";
import { step } from "./progress.ts";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];

/** Where browsers are that are not in PATH. */
const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

const DEBIAN_INSTALLER = "apt-get";

/** A download of some hundred megabytes; on a closed network it should not be waited for much longer than that takes. */
const INSTALL_LIMIT_MS = 180_000;

/**
 * The path of a Chromium for the browser tests: the one of CHROMIUM_PATH, an installed one, Playwright's own download; where
 * there is none, Debian's package for root, else Playwright's download, made now.
 * @throws CommandError that says in one sentence what to do.
 */
export async function findBrowser(): Promise<string> {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) {
    if (!existsSync(CHROMIUM_PATH)) {
      throw new CommandError(`There is no browser at ${CHROMIUM_PATH} (setting CHROMIUM_PATH).`);
    }
    return CHROMIUM_PATH;
  }
  const found = findInstalled() ?? (await step("Installing a browser", async () => install()));
  if (found === null) {
    throw new CommandError(
      "The browser tests need a browser: install Chromium or Chrome, or set CHROMIUM_PATH to the path of one.",
    );
  }
  return found;
}

function findInstalled(): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...APPLICATIONS, chromium.executablePath()].find((path) => existsSync(path)) ?? null;
}

function install(): string | null {
  if (process.getuid?.() === 0 && spawnSync(DEBIAN_INSTALLER, ["--version"]).status === 0) {
    spawnSync(DEBIAN_INSTALLER, ["update"], { timeout: INSTALL_LIMIT_MS });
    spawnSync(DEBIAN_INSTALLER, ["install", "--yes", "chromium"], {
      timeout: INSTALL_LIMIT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  } else {
    spawnSync(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"], {
      timeout: INSTALL_LIMIT_MS,
    });
  }
  return findInstalled();
}
