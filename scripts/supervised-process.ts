import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, renameSync, statSync } from "node:fs";
import { join, relative } from "node:path";

const ROOT = join(import.meta.dirname, "..");

/** The first restart comes soon; one that keeps failing is tried twice a minute. */
const RESTART_DELAY_MIN_MS = 500;
const RESTART_DELAY_MAX_MS = 30_000;

/** A process that lived this long was well: its next restart is a first one again. */
const HEALTHY_AFTER_MS = 60_000;

/** Longer than the worker drains (15 s): a process that is still there then is not going to end by itself. */
const STOP_LIMIT_MS = 20_000;

const LOG_BYTES_MAX = 50_000_000;

/**
 * A process of the product that is kept running: when it ends without being asked, it is started again. It has a channel
 * to this one and ends itself when that breaks, so that a killed launcher leaves nothing behind.
 */
export class SupervisedProcess {
  readonly name: string;
  readonly #logFile: string;
  readonly #settings: Record<string, string>;
  #child: ChildProcess | undefined;
  #startedAt = 0;
  #failures = 0;
  #restart: NodeJS.Timeout | undefined;
  #stopping = false;
  #saidReady = Promise.withResolvers<void>();

  /**
   * Starts `<name>/main.ts`. Its log, JSON lines, goes to a file: three processes' lines on one terminal would bury the few
   * that a person must read, and tools read files and pipes better than a terminal's colours.
   */
  constructor(name: string, logFolder: string, settings: Record<string, string> = {}) {
    this.name = name;
    this.#logFile = join(logFolder, `${name}.log`);
    this.#settings = settings;
    this.#start();
  }

  /** Settles when the process has sent the message "ready" for the first time. */
  get saidReady(): Promise<void> {
    return this.#saidReady.promise;
  }

  /** Asks the process to end and waits until it has; one that does not is killed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined || hasExited(child)) {
      return;
    }
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
    await exit;
    clearTimeout(kill);
  }

  /** Ends the process at once. */
  kill(): void {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#child?.kill("SIGKILL");
  }

  #start(): void {
    const log = openLog(this.#logFile);
    const child = spawn(process.execPath, ["-C", "react-server", "--import", "tsx", join(ROOT, this.name, "main.ts")], {
      cwd: ROOT,
      env: { ...process.env, ...this.#settings },
      stdio: ["ignore", log, log, "ipc"],
      // A group of its own: Ctrl-C reaches the launcher, which asks each process once and in order.
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    this.#startedAt = performance.now();
    child.on("message", (message) => {
      if (message === "ready") {
        this.#saidReady.resolve();
      }
    });
    child.once("error", (error) => this.#ended(error.message));
    child.once("exit", (code, signal) => this.#ended(signal ?? `exit code ${code}`));
  }

  #ended(how: string): void {
    if (this.#stopping) {
      return;
    }
    if (performance.now() - this.#startedAt > HEALTHY_AFTER_MS) {
      this.#failures = 0;
    }
    const delayMs = Math.min(RESTART_DELAY_MIN_MS * 2 ** this.#failures, RESTART_DELAY_MAX_MS);
    this.#failures += 1;
    const seconds = (delayMs / 1000).toFixed(1);
    console.error(`${this.name} ended (${how}) and starts again in ${seconds} s; see ${relative("", this.#logFile)}`);
    this.#restart = setTimeout(() => this.#start(), delayMs);
  }
}

/** Opened anew at each start; the log before a large one is kept as `.old`. */
function openLog(file: string): number {
  if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) {
    renameSync(file, `${file}.old`);
  }
  return openSync(file, "a", 0o600);
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
