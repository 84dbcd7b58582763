import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "@/server/postgres/file-lock.ts";
import { CommandError } from "./command.ts";
import { step } from "./progress.ts";

const ROOT = join(import.meta.dirname, "..");

/** Everything that the built console is made from. */
const INPUTS = [
  "{app,components,domain,server}/**/*.{ts,tsx,css,svg,png,ico,json}",
  "prisma/schema.prisma",
  "{instrumentation,instrumentation-client,next.config}.ts",
  "postcss.config.js",
  "tsconfig.json",
  "package-lock.json",
];

/** A build takes a minute or two; whoever waits longer than this for somebody else's waits for a build that hangs. */
const BUILD_LIMIT_MS = 600_000;

/**
 * Builds the console when something it is made from has changed since the last build. Of several at once, one builds.
 * The signal ends a build under way.
 * @throws CommandError with the build's last words.
 */
export async function buildConsole(signal?: AbortSignal): Promise<void> {
  if (isBuilt()) {
    return;
  }
  await step("Building the console", async () => {
    const turn = await lock(join(ROOT, "node_modules/.console-build.lock"), "exclusive", BUILD_LIMIT_MS);
    if (turn === null) {
      throw new CommandError("Another build of the console does not end: stop it and try again.");
    }
    try {
      if (!isBuilt()) {
        await build(signal);
      }
    } finally {
      turn.release();
    }
  });
}

async function build(signal: AbortSignal | undefined): Promise<void> {
  const inputs = hashOfInputs();
  // Whatever ends this build early, the next start builds again.
  rmSync(stampFile(), { force: true });
  const deadline = performance.now() + BUILD_LIMIT_MS;
  let { code, printed } = await runNextBuild(signal);
  while (printed.includes(BUILD_LEFT_RUNNING) && performance.now() < deadline) {
    await sleep(1_000);
    ({ code, printed } = await runNextBuild(signal));
  }
  if (code !== 0) {
    throw new CommandError(`The console cannot be built:\n${printed.trim().split("\n").slice(-40).join("\n")}`);
  }
  writeFileSync(stampFile(), inputs);
}

/** What Next says to a second build. Ours take turns, so the first is one that outlives a killed start; it ends by itself. */
const BUILD_LEFT_RUNNING = "Another next build process is already running";

async function runNextBuild(signal: AbortSignal | undefined): Promise<{ code: unknown; printed: string }> {
  const next = spawn(process.execPath, [join(ROOT, "node_modules/next/dist/bin/next"), "build"], {
    cwd: ROOT,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal === undefined ? {} : { signal }),
  });
  let printed = "";
  for (const stream of [next.stdout, next.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  const [code] = await once(next, "close");
  return { code, printed };
}

function isBuilt(): boolean {
  return existsSync(stampFile()) && readFileSync(stampFile(), "utf8") === hashOfInputs();
}

function stampFile(): string {
  return join(ROOT, ".next/inputs.sha256");
}

function hashOfInputs(): string {
  const hash = createHash("sha256");
  for (const file of globSync(INPUTS, { cwd: ROOT, exclude: ["**/*.test.ts"] }).toSorted()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
