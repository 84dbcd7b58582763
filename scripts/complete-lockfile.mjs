import { readFileSync, writeFileSync } from "node:fs";

// After every change of dependencies: `node scripts/complete-lockfile.mjs`. A registry that lacks the packages of other
// platforms makes npm leave them out of the lockfile, and then `npm ci` refuses it, on every platform. Each missing one
// is added with its version and the platforms it is for, which is what lets npm skip it where it does not belong.

/** Words in the packages' names, and npm's words for them. */
const OS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const OS_ALIASES = new Map([
  ["win", "win32"],
  ["windows", "win32"],
  ["linuxmusl", "linux"],
]);
const CPU = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

/** @typedef {{ version?: string, optional?: boolean, dev?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string>, [field: string]: unknown }} LockedPackage */

/**
 * The entries that the lockfile should have and has not, by path.
 * @param {{ packages: Record<string, LockedPackage> }} lockfile
 * @returns {Record<string, LockedPackage>}
 */
export function missingEntries(lockfile) {
  /** @type {Record<string, LockedPackage>} */
  const missing = {};
  for (const [path, locked] of Object.entries(lockfile.packages)) {
    for (const [name, range] of Object.entries(locked.optionalDependencies ?? {})) {
      const isFound = ancestors(path).some((folder) => `${folder}node_modules/${name}` in lockfile.packages);
      if (!isFound) {
        missing[`node_modules/${name}`] = {
          version: range.replace(/^[\^~]/, ""),
          ...platformOf(name),
          optional: true,
          ...(locked.dev ? { dev: true } : {}),
        };
      }
    }
  }
  return missing;
}

/**
 * The folders in which Node looks for packages of the one at `path`, the nearest first.
 * @param {string} path
 */
function ancestors(path) {
  const parts = path === "" ? [] : path.split("/node_modules/");
  const folders = parts.map((_, index) => `${parts.slice(0, parts.length - index).join("/node_modules/")}/`);
  return [...folders, ""];
}

/** @param {string} name */
function platformOf(name) {
  const words = name.split(/[-/@_]/);
  const os = words.map((word) => OS_ALIASES.get(word) ?? word).find((word) => OS.includes(word));
  const cpu = words.find((word) => CPU.includes(word));
  const isMusl = words.some((word) => word.includes("musl"));
  const isGlibc = words.some((word) => word === "gnu");
  return {
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(isMusl ? { libc: ["musl"] } : isGlibc ? { libc: ["glibc"] } : {}),
    ...(os === undefined ? {} : { os: [os] }),
  };
}

if (import.meta.filename === process.argv[1]) {
  const lockfile = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const missing = missingEntries(lockfile);
  const [[rootPath, rootPackage], ...others] = Object.entries(lockfile.packages);
  const sorted = [...others, ...Object.entries(missing)].sort(([a], [b]) => a.localeCompare(b, "en"));
  lockfile.packages = { [rootPath]: rootPackage, ...Object.fromEntries(sorted) };
  writeFileSync("package-lock.json", `${JSON.stringify(lockfile, null, 2)}\n`);
  console.log(`added: ${Object.keys(missing).length}`);
}
