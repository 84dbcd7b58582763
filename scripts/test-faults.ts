import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import { buildConsole } from "./console-build.ts";

// `npm run test:faults`: the fault tests in their full form, or the files that are named. FAULT_SEED repeats a run's random choices,
// FAULT_FORM=short has them as `npm test` does.

await runCommand(async () => {
  // web is one of the processes that are killed.
  await buildConsole();
  const child = spawn(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--project", "faults", ...process.argv.slice(2)],
    { cwd: join(import.meta.dirname, ".."), stdio: "inherit", env: { FAULT_FORM: "full", ...process.env } },
  );
  const [code] = await once(child, "close");
  process.exitCode = code === 0 ? 0 : 1;
});
