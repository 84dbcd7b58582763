import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { waitUntil } from "@/testing/wait-until.ts";

let root: string;

/** A clone with nothing in it but what the bootstrap reads, and an npm that takes half a second and notes what it does. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "backtrail-bootstrap-"));
  mkdirSync(join(root, "scripts"));
  mkdirSync(join(root, "prisma/generated"), { recursive: true });
  copyFileSync(join(import.meta.dirname, "bootstrap.mjs"), join(root, "scripts/bootstrap.mjs"));
  for (const file of ["package-lock.json", "prisma/schema.prisma", "prisma.config.ts"]) {
    writeFileSync(join(root, file), "");
  }
  writeFileSync(
    join(root, "npm.mjs"),
    `import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
     appendFileSync("npm.log", "begin ");
     await new Promise((resolve) => setTimeout(resolve, 500));
     mkdirSync("node_modules/prisma/build", { recursive: true });
     writeFileSync("node_modules/prisma/build/index.js", "");
     appendFileSync("npm.log", "end ");`,
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function bootstrap() {
  return spawn(process.execPath, [join(root, "scripts/bootstrap.mjs")], {
    env: { ...process.env, npm_execpath: join(root, "npm.mjs") },
    stdio: "ignore",
  });
}

async function exitCodeOf(command: ReturnType<typeof bootstrap>): Promise<unknown> {
  const [code] = await once(command, "close");
  return code;
}

function npmLog(): string {
  const file = join(root, "npm.log");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

test("installs once, and again when the lockfile has changed", async () => {
  expect(await exitCodeOf(bootstrap())).toBe(0);
  expect(await exitCodeOf(bootstrap())).toBe(0);
  expect(npmLog()).toBe("begin end ");
  appendFileSync(join(root, "package-lock.json"), "changed");
  expect(await exitCodeOf(bootstrap())).toBe(0);
  expect(npmLog()).toBe("begin end begin end ");
});

test("after a killed start waits for the install that it left running, then does its own", async () => {
  const killed = bootstrap();
  await waitUntil("npm has begun", 60_000, async () => npmLog() === "begin ");
  killed.kill("SIGKILL");
  expect(await exitCodeOf(bootstrap())).toBe(0);
  expect(npmLog()).toBe("begin end begin end ");
});
