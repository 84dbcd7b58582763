import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CommandError, runCommand } from "./command.ts";
import { buildConsole } from "./console-build.ts";

// `npm run test:faults`: the fault tests in their full form, or the files that are named. FAULT_SEED repeats a run's random choices,
// FAULT_FORM=short has them as `npm test` does. With --server they run as an installation of several machines does: over a server of
// Debian's PostgreSQL, which they start on data of their own, with two web, two api and three worker processes.

const DEBIANS_POSTGRESQL = "/usr/lib/postgresql";

await runCommand(async () => {
  const withServer = process.argv.includes("--server");
  if (withServer && !existsSync(DEBIANS_POSTGRESQL)) {
    throw new CommandError("Debian's PostgreSQL is not installed: `apt-get install postgresql` first.");
  }
  const several = { TEST_POSTGRES: "debian", FAULT_WEBS: "2", FAULT_APIS: "2", FAULT_WORKERS: "3" };
  // web is one of the processes that are killed.
  await buildConsole();
  process.exitCode = 0;
  // Fairness after the others: it compares times, and needs the machine to itself.
  for (const project of ["faults", "fairness"]) {
    const child = spawn(
      process.execPath,
      [
        "node_modules/vitest/vitest.mjs",
        "run",
        "--passWithNoTests",
        "--project",
        project,
        // With so many processes to each file, files have to take turns.
        ...(withServer ? ["--maxWorkers", "2"] : []),
        ...process.argv.slice(2).filter((argument) => argument !== "--server"),
      ],
      {
        cwd: join(import.meta.dirname, ".."),
        stdio: "inherit",
        env: { FAULT_FORM: "full", ...(withServer ? several : {}), ...process.env },
      },
    );
    const [code] = await once(child, "close");
    if (code !== 0) {
      process.exitCode = 1;
    }
  }
});
