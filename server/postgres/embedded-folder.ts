import "server-only";
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** What the embedded PostgreSQL keeps, and where. */
export type EmbeddedFolder = {
  /** Holds everything below. */
  readonly root: string;
  /** PostgreSQL's own data. */
  readonly cluster: string;
  /** A cluster in the making; what a broken first start left here is thrown away. */
  readonly unfinishedCluster: string;
  /** PostgreSQL's log. */
  readonly log: string;
  /** Held shared by every process that uses the database. */
  readonly usersLock: string;
  /** Held by the keeper, from its first step to its last. */
  readonly keeperLock: string;
  /** Held by the keeper while the database takes connections. */
  readonly readyLock: string;
};

/** The embedded PostgreSQL's files below `dataDir`; nothing is made yet. */
export function embeddedFolder(dataDir: string): EmbeddedFolder {
  const root = resolve(dataDir, "postgres");
  return {
    root,
    cluster: join(root, "cluster"),
    unfinishedCluster: join(root, "cluster.unfinished"),
    log: join(root, "server.log"),
    usersLock: join(root, "users.lock"),
    keeperLock: join(root, "keeper.lock"),
    readyLock: join(root, "ready.lock"),
  };
}

/**
 * Makes the folder. Others may pass through it, because the database may have to run as another user than ours; what is
 * secret in it is closed by itself.
 */
export function makeFolder(folder: EmbeddedFolder): void {
  mkdirSync(folder.root, { recursive: true, mode: 0o711 });
}

export type RolePasswords = { readonly owner: string; readonly application: string };

/** The passwords of the two roles, made at the first call and kept. */
export function rolePasswords(folder: EmbeddedFolder): RolePasswords {
  return JSON.parse(
    keptText(join(folder.root, "passwords.json"), () =>
      JSON.stringify({ owner: randomBytes(24).toString("hex"), application: randomBytes(24).toString("hex") }),
    ),
  );
}

/** The port of the last start, or null. */
export function findPort(folder: EmbeddedFolder): number | null {
  const file = portFile(folder);
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : null;
}

/** Keeps the port, so that addresses stay valid over a restart. */
export function keepPort(folder: EmbeddedFolder, port: number): void {
  replaceFile(portFile(folder), String(port));
}

function portFile(folder: EmbeddedFolder): string {
  return join(folder.root, "port");
}

/**
 * The text kept in a file that only its owner may read; made by `make` when there is none. All get the same text, should
 * several make it at once, and a power cut leaves a whole text or none.
 */
export function keptText(file: string, make: () => string): string {
  if (!existsSync(file)) {
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, make(), { mode: 0o600, flush: true });
    try {
      // Unlike a rename, a link does not replace what somebody else has made meanwhile.
      linkSync(unfinished, file);
    } catch (error) {
      if (!existsSync(file)) {
        throw error;
      }
    } finally {
      rmSync(unfinished);
    }
  }
  return readFileSync(file, "utf8");
}

/** Writes beside the file and renames, so that a power cut leaves the old text or the new, never a half. */
function replaceFile(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text, { mode: 0o600, flush: true });
  renameSync(unfinished, file);
}
