import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

test.each([
  [{ DATABASE_URL: "" }, "The setting DATABASE_URL is missing: this process needs a database to work on."],
  [{ BACKTRAIL_SECRET: "" }, "The setting BACKTRAIL_SECRET is missing: secrets cannot be read without it."],
  [{ PORT: "http" }, "The setting PORT is not valid: must be a port, a number from 1 to 65535."],
])("the web process started with %o ends with one sentence and code 1", async (settings, sentence) => {
  const web = spawn(process.execPath, ["-C", "react-server", "--import", "tsx", "web/main.ts"], {
    env: { ...process.env, LOG_LEVEL: "info", ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [web.stdout, web.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  const [code] = await once(web, "close");
  expect(code).toBe(1);
  expect(printed.trim().split("\n")).toHaveLength(1);
  expect(JSON.parse(printed)).toMatchObject({ level: 60, msg: sentence });
});
