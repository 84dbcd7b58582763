import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { FLOORS } from "./supply-floors.ts";

const ROOT = join(import.meta.dirname, "..");

type Locked = {
  readonly version?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
};

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
  packages: Record<string, Locked>;
};

/** Every package of the lockfile, as often as it is there: its name, version and what the lockfile says of it. */
const locked = Object.entries(packages).flatMap(([path, entry]) => {
  const name = path.split("node_modules/").at(-1) ?? "";
  return name === "" ? [] : [{ name, version: entry.version ?? "", entry }];
});

describe("what the product is made of", () => {
  it("is pinned: each dependency is one version", () => {
    const ranges = Object.entries<string>({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    }).filter(([, version]) => !/^\d+\.\d+\.\d+[\w.-]*$/.test(version));
    expect(ranges).toEqual([]);
  });

  it("is what the lockfile's digests say, but for packages of platforms that the registry at hand did not have", () => {
    const unknown = locked.filter(({ entry }) => entry.integrity === undefined && entry.optional !== true);
    expect(unknown).toEqual([]);
    for (const { entry } of locked.filter(({ entry }) => entry.integrity !== undefined)) {
      expect(entry.integrity).toMatch(/^sha512-/);
    }
  });

  it("runs no install script that is not decided on by name", () => {
    const undecided = locked
      .filter(({ name, entry }) => entry.hasInstallScript === true && !(name in manifest.allowScripts))
      .map(({ name }) => name);
    expect(undecided).toEqual([]);
    expect(Object.values(manifest.allowScripts).every((decision) => typeof decision === "boolean")).toBe(true);
    // Without it npm 11 only warns of what is not in the list, and runs it.
    expect(readFileSync(join(ROOT, ".npmrc"), "utf8").split("\n")).toContain("strict-allow-scripts=true");
  });

  it("has nothing below the version that closed a known hole", () => {
    const below = FLOORS.flatMap(({ name, floor, backport }) =>
      locked
        .filter((one) => one.name === name && isBelow(one.version, floor, backport))
        .map(({ version }) => `${name} ${version}`),
    );
    expect(below).toEqual([]);
    const missing = FLOORS.filter(({ name }) => !locked.some((one) => one.name === name)).map(({ name }) => name);
    expect(missing).toEqual([]);
  });

  it("is in the SBOM in full", async () => {
    const { stdout } = await promisify(execFile)("npm", ["run", "--silent", "sbom"], {
      cwd: ROOT,
      maxBuffer: 64 * 1024 * 1024,
    });
    const sbom = JSON.parse(stdout) as { bomFormat: string; components: { purl: string }[] };
    expect(sbom.bomFormat).toBe("CycloneDX");
    const listed = new Set(sbom.components.map(({ purl }) => decodeURIComponent(purl.split("?")[0] ?? "")));
    const missing = locked.map(({ name, version }) => `pkg:npm/${name}@${version}`).filter((purl) => !listed.has(purl));
    expect(missing).toEqual([]);
  });
});

function isBelow(version: string, floor: string, backport?: string): boolean {
  if (backport !== undefined && majorOf(version) === majorOf(backport)) {
    return isBelow(version, backport);
  }
  const [own, least] = [version, floor].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  const at = (least ?? []).findIndex((part, index) => part !== own?.[index]);
  return at !== -1 && (own?.[at] ?? 0) < (least?.[at] ?? 0);
}

function majorOf(version: string): string {
  return version.split(".")[0] ?? "";
}

describe("the comparison of versions", () => {
  it.each([
    ["16.4.1", "16.4.2", true],
    ["16.4.2", "16.4.2", false],
    ["16.10.0", "16.4.2", false],
    ["15.9.9", "16.4.2", true],
    ["17.0.0", "16.4.2", false],
  ])("knows whether %s is below %s", (version, floor, expected) => {
    expect(isBelow(version, floor)).toBe(expected);
  });

  it.each([
    ["6.11.3", true],
    ["6.11.4", false],
    ["5.0.3", true],
    ["7.2.4", true],
    ["7.2.5", false],
  ])("knows whether %s is below 7.2.5, where 6.11.4 has it closed, too", (version, expected) => {
    expect(isBelow(version, "7.2.5", "6.11.4")).toBe(expected);
  });
});
