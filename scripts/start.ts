import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Env, parseEnv, provideSettings } from "@/server/env.ts";
import { lock } from "@/server/postgres/file-lock.ts";
import { CommandError, runCommand } from "./command.ts";
import { buildConsole } from "./console-build.ts";
import { type OpenDatabase, openDatabase, writableDataDir } from "./database.ts";
import { step } from "./progress.ts";
import { SupervisedProcess } from "./supervised-process.ts";

// `npm start`: everything from a fresh clone to a running product, and everything's end.

/**
 * The processes of a killed launcher see at once that it is gone, and a launcher whose npm was killed sees that soon; this
 * long they may need to give up the data folder and the ports. Longer, and a person waits for nothing.
 */
const HANDOVER_LIMIT_MS = 5_000;

/** A cold start of the three processes takes seconds; on a slow machine many. */
const READY_LIMIT_MS = 120_000;

/** How often a launcher looks whether its database and the npm that started it still live. */
const WATCH_INTERVAL_MS = 1_000;

/** What a shell reports of a command that Ctrl-C ended before it had done its work. */
const INTERRUPTED = 130;

async function start(): Promise<void> {
  const settings = parseEnv(process.env);
  const dataDir = writableDataDir(settings.DATA_DIR);
  if ((await lock(join(dataDir, "launcher.lock"), "exclusive", HANDOVER_LIMIT_MS)) === null) {
    throw new CommandError(`Backtrail already runs on ${dataDir}: stop it first, or set DATA_DIR to another folder.`);
  }
  await checkPorts(settings);

  const asked = new AbortController();
  const processes: SupervisedProcess[] = [];
  stopOnRequest(asked, processes);
  stopWithStarters(asked);
  let database: OpenDatabase | undefined;
  try {
    // Before the build, which takes longest: what is wrong with the database should be told first.
    database = await step("Preparing the database", (say) => openDatabase(say));
    asked.signal.throwIfAborted();
    await buildConsole(asked.signal);
    provideSettings({ SAMPLE: settings.SAMPLE ?? (settings.DATABASE_URL === undefined ? "on" : "off") });
    const welcome = await step("Preparing the first account", (say) => firstStart(say, asked.signal));
    // At once and before all that can still fail: nobody can be told the password again.
    if (welcome !== "") {
      console.log(welcome);
    }
    asked.signal.throwIfAborted();
    await step("Starting web, api and worker", () => startProcesses(processes, dataDir, settings, asked.signal));
    const stopWatching = keepRunning(database);
    sayReady(settings);
    await once(asked.signal, "abort");
    stopWatching();
    console.log("Stopping");
  } catch (error) {
    if (!asked.signal.aborted) {
      throw error;
    }
    process.exitCode = INTERRUPTED;
  } finally {
    await Promise.all(processes.map((each) => each.stop()));
    await database?.close();
  }
}

async function checkPorts({ HOST, PORT, API_PORT }: Env): Promise<void> {
  if (PORT === API_PORT) {
    throw new CommandError(`PORT and API_PORT are both ${PORT}: web and api need a port each.`);
  }
  for (const [setting, port] of [
    ["PORT", PORT],
    ["API_PORT", API_PORT],
  ] as const) {
    const deadline = performance.now() + HANDOVER_LIMIT_MS;
    let problem = await portProblem(HOST, port);
    while (problem === "EADDRINUSE" && performance.now() < deadline) {
      await sleep(100);
      problem = await portProblem(HOST, port);
    }
    if (problem === "EADDRINUSE") {
      throw new CommandError(`Port ${port} is in use: stop what uses it, or set ${setting} to another port.`);
    }
    if (problem !== null) {
      throw new CommandError(`Nothing can listen on ${HOST}, port ${port} (settings HOST and ${setting}): ${problem}.`);
    }
  }
}

/** The error code of listening there, or null when it works. */
async function portProblem(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
    return null;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  } finally {
    server.close();
  }
}

/** The first request to stop ends everything in order, a second one at once. */
function stopOnRequest(asked: AbortController, processes: readonly SupervisedProcess[]): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (asked.signal.aborted) {
        for (const each of processes) {
          each.kill();
        }
      }
      asked.abort();
    });
  }
}

/**
 * Makes the first account and administrator where there are none. What their maker has to say to the person is returned;
 * how far it is, it says meanwhile.
 */
async function firstStart(say: (detail: string) => void, signal: AbortSignal): Promise<string> {
  const maker = spawn(
    process.execPath,
    ["-C", "react-server", "--import", "tsx", join(import.meta.dirname, "first-start.ts")],
    // With the channel it notices that this process was killed, and makes nothing that nobody would be told of.
    { cwd: join(import.meta.dirname, ".."), stdio: ["ignore", "pipe", "pipe", "ipc"] },
  );
  // And not as spawn's own signal, which would not wait for what the maker has said by then.
  signal.addEventListener("abort", () => maker.kill());
  let welcome = "";
  let said = "";
  maker.stdout?.setEncoding("utf8").on("data", (text: string) => {
    welcome += text;
  });
  maker.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    say(text.trim());
  });
  const [code] = await once(maker, "close");
  if (code !== 0 && !signal.aborted) {
    throw new CommandError(`The first account cannot be made: ${said.trim()}`);
  }
  return welcome.trim();
}

async function startProcesses(
  processes: SupervisedProcess[],
  dataDir: string,
  settings: Env,
  signal: AbortSignal,
): Promise<void> {
  const logFolder = join(dataDir, "logs");
  mkdirSync(logFolder, { recursive: true });
  const web = new SupervisedProcess("web", logFolder, { NODE_ENV: "production" });
  const api = new SupervisedProcess("api", logFolder);
  const worker = new SupervisedProcess("worker", logFolder);
  processes.push(web, api, worker);
  const isTimeUp = AbortSignal.timeout(READY_LIMIT_MS);
  const ended = AbortSignal.any([signal, isTimeUp]);
  const waits: [string, Promise<unknown>][] = [
    ["web", answersReady(settings.HOST, settings.PORT, ended)],
    ["api", answersReady(settings.HOST, settings.API_PORT, ended)],
    ["worker", Promise.race([worker.saidReady, once(ended, "abort").then(() => ended.throwIfAborted())])],
  ];
  for (const [name, ready] of waits) {
    await ready.catch((error: unknown) => {
      throw isTimeUp.aborted
        ? new CommandError(`${name} does not get ready; see ${join(logFolder, `${name}.log`)}`)
        : error;
    });
  }
}

async function answersReady(host: string, port: number, signal: AbortSignal): Promise<void> {
  const url = `http://${reachable(host, "127.0.0.1")}:${port}/readyz`;
  for (;;) {
    const answer = await fetch(url, { signal }).catch(() => null);
    if (answer?.ok) {
      return;
    }
    signal.throwIfAborted();
    await sleep(100);
  }
}

/** Brings an embedded database back that has ended. Returns how to end the watch. */
function keepRunning(database: OpenDatabase): () => void {
  const watching = setInterval(() => {
    database.ensureRunning().catch((error: Error) => console.error(error.message));
  }, WATCH_INTERVAL_MS);
  return () => clearInterval(watching);
}

/** Stops everything when the npm that runs this was killed, be it in the middle of the build: nobody else would. */
function stopWithStarters(asked: AbortController): void {
  if (process.env.npm_lifecycle_event === undefined) {
    return;
  }
  const startedBy = starters();
  const watching = setInterval(() => {
    if (starters() !== startedBy) {
      asked.abort();
    }
  }, WATCH_INTERVAL_MS);
  watching.unref();
}

/** The parent process and, where it can be had, the parent's: npm starts a script through a shell, which outlives it. */
function starters(): string {
  const parent = process.ppid;
  const status = `/proc/${parent}/status`;
  return `${parent} ${existsSync(status) ? /^PPid:.*$/m.exec(readFileSync(status, "utf8")) : ""}`;
}

function sayReady({ HOST, PORT, API_PORT }: Env): void {
  const host = reachable(HOST, "localhost");
  console.log(`API at http://${host}:${API_PORT}`);
  console.log(`Backtrail ready at http://${host}:${PORT}`);
}

/** An address to connect to for one to listen on: "any" and this machine's own are `local`. */
function reachable(host: string, local: string): string {
  return ["0.0.0.0", "::", "127.0.0.1", "localhost"].includes(host) ? local : host;
}

await runCommand(start);
process.exit();
