import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";

describe.each(["web/main.ts", "api/main.ts", "worker/main.ts"])("the process of %s", (main) => {
  test.each([
    [
      { DATABASE_URL: "", MIGRATION_DATABASE_URL: "" },
      "The setting DATABASE_URL is missing: this process needs a database to work on.",
    ],
    [{ BACKTRAIL_SECRET: "" }, "The setting BACKTRAIL_SECRET is missing: secrets cannot be read without it."],
    [{ PORT: "http" }, "The setting PORT is not valid: must be a port, a number from 1 to 65535."],
  ])("started with %o ends with one sentence and code 1", async (settings, sentence) => {
    const child = spawn(process.execPath, ["-C", "react-server", "--import", "tsx", main], {
      env: { ...process.env, LOG_LEVEL: "info", ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
      });
    }
    const [code] = await once(child, "close");
    expect(code).toBe(1);
    expect(printed.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(printed)).toMatchObject({ level: 60, msg: sentence });
  });
});
