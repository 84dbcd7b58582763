import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** A bound for what hangs: the test of a machine that is busy with something else takes long, and finds nothing by it. */
const TEST_MS_MAX = 300_000;

export default defineConfig({
  resolve: {
    tsconfigPaths: true,
    // Empty on the server, as under Node's condition "react-server", which does not reach the global set-up.
    alias: { "server-only": fileURLToPath(import.meta.resolve("server-only").replace(/index\.js$/, "empty.js")) },
  },
  test: {
    // A zone that is nobody's UTC, so that hidden local time fails.
    env: { TZ: "Asia/Kolkata", LOG_LEVEL: "silent" },
    testTimeout: TEST_MS_MAX,
    hookTimeout: TEST_MS_MAX,
    projects: [
      {
        extends: true,
        // No test here waits for anything; one that is slow says that the machine is busy.
        test: { name: "unit", include: ["{domain,components,app}/**/*.test.ts"], testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: ["{server,api,worker,web,scripts,testing,bench}/**/*.test.ts"],
          exclude: ["**/faults/**", "**/node_modules/**"],
          globalSetup: "testing/database-setup.ts",
          setupFiles: "testing/own-database.ts",
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: ["{server,api,worker,web}/faults/**/*.test.ts"],
          exclude: ["**/fairness*.test.ts", "**/node_modules/**"],
          globalSetup: ["testing/database-setup.ts", "testing/fault-setup.ts"],
          setupFiles: ["testing/own-database.ts", "testing/fault-run.ts"],
          testTimeout: 600_000,
          // More than there are cores: these tests mostly wait for heartbeats and pauses to pass.
          maxWorkers: 4,
        },
      },
      {
        extends: true,
        test: {
          // Fault tests that compare times: one after the other, when no other test has the machine.
          name: "fairness",
          include: ["worker/faults/fairness*.test.ts"],
          globalSetup: ["testing/database-setup.ts", "testing/fault-setup.ts"],
          setupFiles: ["testing/own-database.ts", "testing/fault-run.ts"],
          testTimeout: 900_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
