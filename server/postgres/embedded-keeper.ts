import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { type Durability, startCluster } from "./embedded-cluster.ts";
import { embeddedFolder, makeFolder } from "./embedded-folder.ts";
import { tryLock } from "./file-lock.ts";

// The process that PostgreSQL belongs to while anybody uses it. It is not a child of the one that happened to need the
// database first, because others may go on using it; and it, not they, stops the server, because they may be killed.
// Runs under plain Node, which strips the types: nothing to load, and the least memory.

/** From the keeper to the process that started it. */
export type KeeperMessage =
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string };

const [dataDir = ".data", durability = "kept"] = process.argv.slice(2);
const folder = embeddedFolder(dataDir);
makeFolder(folder);

let asked = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    asked = true;
  });
}

function tell(message: KeeperMessage): void {
  if (process.connected) {
    process.send?.(message);
  }
}

/** Waits for this process's turn; null when meanwhile another keeper has the database ready. */
async function takeKeeperLock() {
  for (;;) {
    const held = tryLock(folder.keeperLock, "exclusive");
    if (held !== null) {
      return held;
    }
    const probe = tryLock(folder.readyLock, "shared");
    if (probe === null) {
      return null;
    }
    probe.release();
    await sleep(25);
  }
}

async function keep(): Promise<void> {
  if ((await takeKeeperLock()) === null) {
    tell({ kind: "ready" });
    return;
  }
  const cluster = await startCluster(folder, durability as Durability, (text) => tell({ kind: "progress", text }));
  // Whoever probes the lock holds it shared for a moment.
  while (tryLock(folder.readyLock, "exclusive") === null) {
    await sleep(1);
  }
  tell({ kind: "ready" });
  let ended = false;
  void cluster.ended.then(() => {
    ended = true;
  });
  // Holding the users' lock from the decision on keeps newcomers waiting until this process has ended.
  while (!asked && !ended && tryLock(folder.usersLock, "exclusive") === null) {
    await sleep(200);
  }
  if (!ended) {
    await cluster.stop();
  }
}

try {
  await keep();
  // With the process go its locks.
  process.exit(0);
} catch (error) {
  tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  process.disconnect?.();
  process.exitCode = 1;
}
