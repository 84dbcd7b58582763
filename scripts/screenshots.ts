import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { findBrowser } from "./browser.ts";
import { runCommand } from "./command.ts";
import { buildConsole } from "./console-build.ts";

// `npm run screenshots`: every page in both themes, into docs/screenshots.

await runCommand(async () => {
  const browser = await findBrowser();
  await buildConsole();
  const child = spawn(
    process.execPath,
    ["node_modules/@playwright/test/cli.js", "test", "--config", "e2e/screenshots.config.ts"],
    {
      cwd: join(import.meta.dirname, ".."),
      stdio: "inherit",
      env: {
        ...process.env,
        CHROMIUM_PATH: browser,
        DATABASE_URL: "",
        MIGRATION_DATABASE_URL: "",
        BACKTRAIL_SECRET: "",
        BACKTRAIL_SECRET_PREVIOUS: "",
      },
    },
  );
  const [code] = await once(child, "close");
  process.exitCode = code ?? 1;
});
