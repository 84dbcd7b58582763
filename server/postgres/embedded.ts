import "server-only";
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { APPLICATION_ROLE, DATABASE, type Durability, OWNER_ROLE } from "./embedded-cluster.ts";
import { EmbeddedPostgresError } from "./embedded-error.ts";
import { type EmbeddedFolder, embeddedFolder, findPort, makeFolder, rolePasswords } from "./embedded-folder.ts";
import type { KeeperMessage } from "./embedded-keeper.ts";
import { lock, tryLock } from "./file-lock.ts";

/** One process's use of the embedded PostgreSQL. */
export type EmbeddedPostgres = {
  /** As the role that owns the schema. */
  readonly ownerUrl: string;
  /** As the application's role. */
  readonly applicationUrl: string;
  /** Starts the server again should it have ended; answers at once while it runs. */
  readonly ensureRunning: () => Promise<void>;
  /** Ends this use. The server stops when it was the last; then this waits until it has. */
  readonly leave: () => Promise<void>;
};

/**
 * Uses the embedded PostgreSQL of `dataDir`: starts it when nobody does, joins it otherwise. It runs until the last
 * process that joined has left or has ended, in whatever way.
 * @throws EmbeddedPostgresError with one sentence.
 */
export async function joinEmbeddedPostgres(
  dataDir: string,
  options: { durability?: Durability; onProgress?: (text: string) => void } = {},
): Promise<EmbeddedPostgres> {
  const { durability = "kept", onProgress = () => undefined } = options;
  const folder = embeddedFolder(dataDir);
  makeFolder(folder);
  const use = await lock(folder.usersLock, "shared", STOPPING_LIMIT_MS);
  if (use === null) {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL in ${folder.root} is still stopping: try again in a minute.`,
    );
  }
  const ensureRunning = () => ensureStarted(folder, dataDir, durability, onProgress);
  try {
    await ensureRunning();
  } catch (error) {
    use.release();
    throw error;
  }
  const port = findPort(folder);
  const passwords = rolePasswords(folder);
  return {
    ownerUrl: `postgresql://${OWNER_ROLE}:${passwords.owner}@127.0.0.1:${port}/${DATABASE}`,
    applicationUrl: `postgresql://${APPLICATION_ROLE}:${passwords.application}@127.0.0.1:${port}/${DATABASE}`,
    ensureRunning,
    leave: async () => {
      use.release();
      await waitForStop(folder);
    },
  };
}

/** Longer than the keeper gives a stopping server. */
const STOPPING_LIMIT_MS = 60_000;

async function ensureStarted(
  folder: EmbeddedFolder,
  dataDir: string,
  durability: Durability,
  onProgress: (text: string) => void,
): Promise<void> {
  if (isHeld(folder.readyLock)) {
    return;
  }
  // Several may get here at once: each starts a keeper, one of them keeps the database, the others end when it is ready.
  const keeper = fork(join(import.meta.dirname, "embedded-keeper.ts"), [dataDir, durability], {
    execArgv: ["-C", "react-server"],
    // A group of its own, so that Ctrl-C reaches those who use the database first.
    detached: true,
    stdio: "ignore",
  });
  try {
    await heardReady(keeper, onProgress);
  } finally {
    if (keeper.connected) {
      keeper.disconnect();
    }
    keeper.unref();
  }
}

function heardReady(keeper: ChildProcess, onProgress: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    keeper.on("message", (message: KeeperMessage) => {
      switch (message.kind) {
        case "progress":
          return onProgress(message.text);
        case "ready":
          return resolve();
        case "failed":
          return reject(new EmbeddedPostgresError(message.message));
        default:
          return message satisfies never;
      }
    });
    keeper.once("error", reject);
    keeper.once("exit", (code, signal) =>
      reject(new EmbeddedPostgresError(`The embedded PostgreSQL's keeper ended before its time (${signal ?? code}).`)),
    );
  });
}

/** Returns when the server has stopped, or at once when somebody else uses it. */
async function waitForStop(folder: EmbeddedFolder): Promise<void> {
  while (isHeld(folder.keeperLock)) {
    const alone = tryLock(folder.usersLock, "exclusive");
    alone?.release();
    if (alone === null) {
      // Held shared by other users, or exclusively by the keeper, which is stopping.
      const amongOthers = tryLock(folder.usersLock, "shared");
      amongOthers?.release();
      if (amongOthers !== null) {
        return;
      }
    }
    await sleep(25);
  }
}

function isHeld(file: string): boolean {
  const probe = tryLock(file, "shared");
  probe?.release();
  return probe === null;
}
