import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

// Before every npm script: installs packages when the lockfile has changed, generates the Prisma client when the schema has,
// and otherwise does nothing. It runs on whatever Node there is, before anything is installed, so it uses built-ins alone;
// the script that follows already runs on the Node that the packages bring.

const NODE_MIN = [20, 19];

/** npm and Prisma say nothing while they work; a person who waits longer than this wonders. */
const SIGN_OF_LIFE_MS = 10_000;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const packagesStamp = join(root, "node_modules/.lockfile.sha256");
/** The process id of the npm that installs. Beside the packages and not among them, because npm begins by removing those. */
const installerNote = join(root, ".installing");
const clientStamp = join(root, "prisma/generated/.schema.sha256");

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** @param {string[]} files */
function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

/**
 * @param {string} stamp
 * @param {string} expected
 */
function isStamped(stamp, expected) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === expected;
}

/**
 * @param {string} name
 * @param {string} script a JavaScript file
 * @param {string[]} args
 * @param {Record<string, string>} [settings]
 * @param {(pid: number | undefined) => void} [onStart]
 */
async function runStep(name, script, args, settings, onStart) {
  const startedAt = Date.now();
  console.log(`  ${name} …`);
  const step = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onStart?.(step.pid);
  let printed = "";
  for (const stream of [step.stdout, step.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      printed += text;
    });
  }
  const elapsed = () => (Date.now() - startedAt) / 1000;
  const signOfLife = setInterval(() => console.log(`  ${name} … ${elapsed().toFixed(0)} s`), SIGN_OF_LIFE_MS);
  const [status] = await once(step, "close").catch((error) => [error.message]);
  clearInterval(signOfLife);
  if (status !== 0) {
    console.error(printed.trim());
    fail(`${name} failed (${status}); the reason stands above.`);
  }
  console.log(`  ${name}: ${elapsed().toFixed(1)} s`);
}

/** Waits for an install that another command has begun, or that a killed one left running: two at once break each other. */
async function otherInstall() {
  if (isInstalling()) {
    console.log("  Waiting for another installation of the packages …");
  }
  while (isInstalling()) {
    await sleep(200);
  }
}

function isInstalling() {
  return existsSync(installerNote) && commandLine(readFileSync(installerNote, "utf8")).includes("npm");
}

/**
 * Of a living process, else empty: after a power cut the note names some other process or none.
 * @param {string} pid
 */
function commandLine(pid) {
  if (existsSync("/proc/self/cmdline")) {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }
  return spawnSync("ps", ["-p", pid, "-o", "args="], { encoding: "utf8" }).stdout ?? "";
}

async function installPackages() {
  await otherInstall();
  const lockfileHash = hashOf(["package-lock.json"]);
  if (isStamped(packagesStamp, lockfileHash)) {
    return;
  }
  const npm = process.env.npm_execpath;
  if (npm === undefined) {
    fail("The packages are not installed: run `npm ci --include=dev`, or start Backtrail with npm.");
  }
  // NODE_ENV=production would leave out the dev dependencies, and the build with them.
  await runStep("Installing packages", npm, ["ci", "--include=dev"], {}, (pid) => {
    writeFileSync(installerNote, String(pid));
  });
  writeFileSync(packagesStamp, lockfileHash);
  rmSync(installerNote, { force: true });
}

async function generateClient() {
  // The packages are part of the hash: another Prisma makes another client.
  const schemaHash = hashOf(["prisma/schema.prisma", "prisma.config.ts", "package-lock.json"]);
  if (isStamped(clientStamp, schemaHash)) {
    return;
  }
  // Generating needs no schema engine, but insists on the path of one; without it Prisma tries a download. Any program does.
  await runStep("Generating the database client", "node_modules/prisma/build/index.js", ["generate"], {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  });
  writeFileSync(clientStamp, schemaHash);
}

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
  fail(`Backtrail needs Node ${NODE_MIN.join(".")} or newer to set itself up; this is ${process.versions.node}.`);
}
await installPackages();
await generateClient();
