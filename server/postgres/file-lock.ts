import "server-only";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";

/** Any number of processes hold a lock shared, or one holds it exclusively. */
export type LockMode = "shared" | "exclusive";

/** A lock in hand. The operating system takes it back when the process ends, however it ends. A second release does nothing. */
export type FileLock = { readonly release: () => void };

/**
 * Takes the lock that the file stands for, or answers null when somebody else's hold forbids it.
 *
 * Node offers no file locks of its own, and a file with a process id in it can't tell a living holder from a reused id
 * after a power cut. SQLite's locks are the kernel's, on every platform; the file stays empty, only its lock is used.
 */
export function tryLock(file: string, mode: LockMode): FileLock | null {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // Nothing is ever written, so the journal needs no file, which a killed holder would leave behind.
    database.exec("PRAGMA journal_mode = MEMORY");
    if (mode === "exclusive") {
      database.exec("BEGIN EXCLUSIVE");
    } else {
      // A transaction takes its shared lock at its first read.
      database.exec("BEGIN; SELECT count(*) FROM sqlite_schema");
    }
  } catch (error) {
    database.close();
    if (isBusy(error)) {
      return null;
    }
    throw error;
  }
  held.add(database);
  return {
    release: () => {
      if (held.delete(database)) {
        database.close();
      }
    },
  };
}

/** A connection that nobody refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock, waiting for it as long as needed, up to the limit.
 * @returns null when the limit passed.
 */
export async function lock(file: string, mode: LockMode, limitMs: number): Promise<FileLock | null> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const taken = tryLock(file, mode);
    if (taken !== null || performance.now() > deadline) {
      return taken;
    }
    await sleep(25);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

/** SQLite's result code for a lock that another connection holds (sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
