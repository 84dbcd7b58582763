import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFastFolder } from "@/testing/fast-folder.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import { type EmbeddedPostgres, joinEmbeddedPostgres } from "./embedded.ts";
import { type EmbeddedFolder, embeddedFolder } from "./embedded-folder.ts";
import { tryLock } from "./file-lock.ts";

let dataDir: string;
let folder: EmbeddedFolder;
const uses: EmbeddedPostgres[] = [];

beforeEach(() => {
  dataDir = makeFastFolder("backtrail-embedded-");
  folder = embeddedFolder(dataDir);
});
afterEach(async () => {
  await Promise.all(uses.splice(0).map((use) => use.leave()));
  rmSync(dataDir, { recursive: true, force: true });
});

async function use(): Promise<EmbeddedPostgres> {
  const joined = await joinEmbeddedPostgres(dataDir, { durability: "throw-away" });
  uses.push(joined);
  return joined;
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

function serverPid(): number {
  return Number(readFileSync(join(folder.cluster, "postmaster.pid"), "utf8").split("\n")[0]);
}

/** True when neither a server nor its keeper is left. */
async function hasStopped(): Promise<boolean> {
  const lock = tryLock(folder.keeperLock, "exclusive");
  lock?.release();
  return lock !== null;
}

it("is one server for all who join at once, and stops with the last of them", async () => {
  const [first, second, third] = await Promise.all([use(), use(), use()]);
  expect(second.ownerUrl).toBe(first.ownerUrl);
  await first.leave();
  await third.leave();
  expect(await query(second.applicationUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await second.leave();
  expect(await hasStopped()).toBe(true);
  await expect(query(second.applicationUrl, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
});

it("makes the cluster again when the first attempt was cut short", async () => {
  mkdirSync(folder.unfinishedCluster, { recursive: true });
  writeFileSync(join(folder.unfinishedCluster, "PG_VERSION"), "18");
  expect(await query((await use()).applicationUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

it("stops when its user is killed", async () => {
  const script = join(dataDir, "user.mts");
  writeFileSync(
    script,
    `import { joinEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, "embedded.ts"))};
     await joinEmbeddedPostgres(${JSON.stringify(dataDir)}, { durability: "throw-away" });
     process.send("joined");`,
  );
  const user = fork(script, { execArgv: ["-C", "react-server"] });
  await once(user, "message");
  expect(await hasStopped()).toBe(false);
  user.kill("SIGKILL");
  await waitUntil("the server has stopped", 60_000, hasStopped);
});

it.runIf(process.platform === "linux")("takes over from a keeper that was killed, with all data", async () => {
  const { ownerUrl } = await use();
  await query(ownerUrl, "CREATE TABLE kept AS SELECT 1 AS one");
  const keeperPid = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${serverPid()}/status`, "utf8"))?.[1];
  process.kill(Number(keeperPid), "SIGKILL");
  await waitUntil("the keeper's locks are free", 60_000, hasStopped);
  const { ownerUrl: urlAfterwards } = await use();
  expect(urlAfterwards).toBe(ownerUrl);
  expect(await query(ownerUrl, "SELECT * FROM kept")).toEqual([{ one: 1 }]);
});

it("starts again, under the same address, when its server was killed and its process id belongs to another", async () => {
  const joined = await use();
  const noteOfServer = join(folder.cluster, "postmaster.pid");
  const note = readFileSync(noteOfServer, "utf8");
  process.kill(serverPid(), "SIGKILL");
  await waitUntil("the keeper has given up", 60_000, hasStopped);
  writeFileSync(noteOfServer, note.replace(/^\d+/, String(process.pid)));
  await joined.ensureRunning();
  expect(await query(joined.applicationUrl, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

it("keeps its passwords to its owner, and gives nobody all rights", async () => {
  const { ownerUrl, applicationUrl } = await use();
  expect(statSync(join(folder.root, "passwords.json")).mode & 0o777).toBe(0o600);
  for (const url of [ownerUrl, applicationUrl]) {
    expect(await query(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).toEqual([
      { rolsuper: false },
    ]);
    const asSuperuser = new URL(url);
    asSuperuser.username = "postgres";
    await expect(query(asSuperuser.href, "SELECT 1")).rejects.toThrow("pg_hba.conf");
  }
});
