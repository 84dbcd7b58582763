import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real process of the product, under the settings of the test. */
export type ProductProcess = {
  readonly pid: number;
  /** Asks it to drain and waits for its end. */
  stop(): Promise<void>;
  /** SIGKILL: no chance to tidy up. */
  kill(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Sends it something that it listens for. */
  tell(message: object): void;
  /** Whether it stands still after a SIGSTOP. Linux only. */
  isStopped(): Promise<boolean>;
  /** Settles when it has ended, by itself or otherwise, with the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
};

/**
 * Starts a process's main module and waits until it says that it is ready. Its log goes to a file of the system's temporary
 * folder. @throws when it ends before it is ready
 * @param preloads modules that it loads before its main module
 */
export async function startProduct(
  main: string,
  settings: Record<string, string> = {},
  preloads: readonly string[] = [],
): Promise<ProductProcess> {
  const imports = ["tsx", ...preloads.map((preload) => `./${preload}`)].flatMap((name) => ["--import", name]);
  const child = spawn(process.execPath, ["-C", "react-server", ...imports, main], {
    env: { ...process.env, LOG_LEVEL: "info", ...settings },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const logFile = join(tmpdir(), `backtrail-test-${main.replaceAll("/", "-")}-${child.pid}.log`);
  const log = createWriteStream(logFile);
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = once(child, "exit").then(([, signal]) => signal as NodeJS.Signals | null);
  const first = await Promise.race([once(child, "message").then(() => "ready" as const), ended]);
  if (first !== "ready") {
    throw new Error(`${main} ended before it was ready; its log: ${logFile}`);
  }
  return productOf(child, ended);
}

function productOf(child: ChildProcess, ended: Promise<NodeJS.Signals | null>): ProductProcess {
  const { pid } = child;
  if (pid === undefined) {
    throw new Error("a process without an id was started");
  }
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await ended;
    }
  };
  return {
    pid,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    signal: (name) => child.kill(name),
    tell: (message) => child.send(message),
    isStopped: async () => /^State:\s*T/m.test(await readFile(`/proc/${pid}/status`, "utf8")),
    ended,
  };
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") {
    throw new Error("a TCP server has no port");
  }
  return address.port;
}
