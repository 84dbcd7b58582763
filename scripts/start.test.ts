import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFastFolder } from "@/testing/fast-folder.ts";
import { findFreePort } from "@/testing/product-process.ts";
import { waitUntil } from "@/testing/wait-until.ts";

// The console is built before these tests run (scripts/test.ts); alone, the first start here builds it.
const BUILD_AND_START_LIMIT_MS = 240_000;

let folder: string;
const launchers: ChildProcess[] = [];

beforeEach(() => {
  folder = makeFastFolder("backtrail-start-");
});
afterEach(async () => {
  await Promise.all(launchers.splice(0).map((launcher) => stop(launcher, "SIGTERM")));
  rmSync(folder, { recursive: true, force: true });
});

type Launch = { readonly launcher: ChildProcess; readonly printed: () => string };

/** The database of this test file is not the launcher's: an empty setting counts as absent. */
const NOTHING_SET = {
  DATABASE_URL: "",
  MIGRATION_DATABASE_URL: "",
  BACKTRAIL_SECRET: "",
  BACKTRAIL_SECRET_PREVIOUS: "",
  ADMIN_PASSWORD: "",
};

/** `npm start` on the folder of the test. */
function launch(settings: Record<string, string>, by: "npm" | "node" = "node"): Launch {
  const command = ["-C", "react-server", "--import", "tsx", "scripts/start.ts"];
  // As npm does it: through a shell, under npm's mark.
  const [file, args, mark] =
    by === "npm"
      ? ["/bin/sh", ["-c", `"${process.execPath}" ${command.join(" ")}; true`], { npm_lifecycle_event: "start" }]
      : [process.execPath, command, {}];
  const launcher = spawn(file, args, {
    env: {
      ...process.env,
      ...NOTHING_SET,
      DATA_DIR: join(folder, "data"),
      SAMPLE: "off",
      LOG_LEVEL: "info",
      ...settings,
      ...mark,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  launchers.push(launcher);
  let printed = "";
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  return { launcher, printed: () => printed };
}

async function stop(launcher: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (launcher.exitCode === null && launcher.signalCode === null) {
    const ended = once(launcher, "exit");
    launcher.kill(signal);
    await ended;
  }
}

async function isReady({ launcher, printed }: Launch): Promise<void> {
  await waitUntil(`ready, after: ${printed()}`, BUILD_AND_START_LIMIT_MS, async () => {
    expect(launcher.exitCode, printed()).toBeNull();
    return printed().includes("Backtrail ready at ");
  });
}

async function freePorts(): Promise<{ PORT: string; API_PORT: string }> {
  const PORT = await findFreePort();
  let apiPort = PORT;
  while (apiPort === PORT) {
    apiPort = await findFreePort();
  }
  return { PORT: String(PORT), API_PORT: String(apiPort) };
}

/** The ids of every process of the product on the folder: those that log theirs, and PostgreSQL's. */
function processIds(): number[] {
  const ofLogs = ["web", "api", "worker"].map((name) => {
    const lines = readFileSync(join(folder, "data/logs", `${name}.log`), "utf8")
      .trim()
      .split("\n");
    const { pid }: { pid: number } = JSON.parse(lines.findLast((line) => line.startsWith("{")) ?? "{}");
    return pid;
  });
  const postmaster = readFileSync(join(folder, "data/postgres/cluster/postmaster.pid"), "utf8").split("\n")[0];
  return [...ofLogs, Number(postmaster)];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("npm start refuses in one sentence, with exit code 1,", () => {
  it.each([
    ["a bad setting", { PORT: "http" }, "The setting PORT is not valid: must be a port, a number from 1 to 65535."],
    [
      "one port for both",
      { PORT: "4100", API_PORT: "4100" },
      "PORT and API_PORT are both 4100: web and api need a port each.",
    ],
    [
      "a database that does not answer, without its password",
      { DATABASE_URL: "postgresql://me:secret@127.0.0.1:1/x" },
      "The database of DATABASE_URL (postgresql://me@127.0.0.1:1/x) does not answer: connect ECONNREFUSED 127.0.0.1:1.",
    ],
  ])("%s", { timeout: BUILD_AND_START_LIMIT_MS }, async (_what, settings, sentence) => {
    const { launcher, printed } = launch({ ...(await freePorts()), ...settings });
    const [code] = await once(launcher, "close");
    expect(printed().trim().split("\n").at(-1)).toBe(sentence);
    expect(code).toBe(1);
  });

  it("a port in use", async () => {
    const ports = await freePorts();
    const other = createServer().listen(Number(ports.API_PORT), "127.0.0.1");
    await once(other, "listening");
    const { launcher, printed } = launch(ports);
    const [code] = await once(launcher, "close");
    other.close();
    expect(printed()).toBe(`Port ${ports.API_PORT} is in use: stop what uses it, or set API_PORT to another port.\n`);
    expect(code).toBe(1);
  });

  it("a database that its role may not change", async () => {
    // The one that every server has, and in which the application's role may make nothing.
    const url = new URL(process.env.DATABASE_URL ?? "");
    url.pathname = "/postgres";
    const { launcher, printed } = launch({ ...(await freePorts()), DATABASE_URL: url.href });
    const [code] = await once(launcher, "close");
    expect(printed().trim().split("\n").at(-1)).toBe(
      "The database cannot be migrated (permission denied for schema public): " +
        "set MIGRATION_DATABASE_URL to the same database as a role that may change its schema.",
    );
    expect(code).toBe(1);
  });

  it.each(process.platform === "linux" ? ["file/data", "/proc/data"] : ["file/data"])(
    "a data folder that cannot be written: %s",
    async (dataDir) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "file"), "");
      const { launcher, printed } = launch({ DATA_DIR: resolve(folder, dataDir) });
      const [code] = await once(launcher, "close");
      expect(printed()).toMatch(/^The folder .*\/data \(setting DATA_DIR\) cannot be written: [^\n]+\.\n$/);
      expect(code).toBe(1);
    },
  );

  it("a folder that is a file", async () => {
    const file = join(folder, "data");
    writeFileSync(file, "");
    const { launcher, printed } = launch({});
    const [code] = await once(launcher, "close");
    expect(printed()).toMatch(/^The folder .*\/data \(setting DATA_DIR\) cannot be written: [^\n]+\.\n$/);
    expect(code).toBe(1);
  });
});

describe("a running product", () => {
  it("ends with the npm that started it, be that killed before it is ready", {
    timeout: BUILD_AND_START_LIMIT_MS,
  }, async () => {
    const { launcher, printed } = launch(await freePorts(), "npm");
    await waitUntil("it has begun", 60_000, async () => existsSync(join(folder, "data/postgres/cluster")));
    await stop(launcher, "SIGKILL");
    // It writes to a pipe that nobody holds open but itself: closed means ended.
    await once(launcher, "close");
    expect(printed()).not.toContain("Backtrail ready");
  });

  it("survives a killed launcher, refuses a second one, and leaves no process after Ctrl-C", {
    timeout: BUILD_AND_START_LIMIT_MS,
  }, async () => {
    const ports = await freePorts();
    const killed = launch(ports);
    await isReady(killed);
    expect(killed.printed()).toMatch(/Password \(shown only now\): \S{12,}/);
    const firstIds = processIds();
    expect(firstIds.filter(isAlive)).toEqual(firstIds);
    await stop(killed.launcher, "SIGKILL");

    // At once, while the processes of the killed launcher are still ending.
    const restarted = launch(ports);
    await isReady(restarted);
    expect(restarted.printed()).not.toContain("Password");
    await waitUntil("the first processes have ended", 60_000, async () => !firstIds.some(isAlive));
    const secondIds = processIds();
    expect(secondIds.filter(isAlive)).toEqual(secondIds);

    const second = launch(await freePorts());
    await once(second.launcher, "close");
    expect(second.printed()).toBe(
      `Backtrail already runs on ${join(folder, "data")}: stop it first, or set DATA_DIR to another folder.\n`,
    );

    await stop(restarted.launcher, "SIGINT");
    expect(restarted.launcher.exitCode).toBe(0);
    expect(secondIds.filter(isAlive)).toEqual([]);
  });
});
