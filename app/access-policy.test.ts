import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ACCESS_POLICY } from "@/testing/access-policy.ts";

const ROOT = join(import.meta.dirname, "..");

/** Everything in the console that can be asked for, as the files have it. */
function askable(): string[] {
  const named = (pattern: string) =>
    globSync(pattern, { cwd: ROOT, exclude: ["app/_request/**"] }).flatMap((file) =>
      exportsOf(file).map((name) => `${file}#${name}`),
    );
  return [...globSync("app/**/page.tsx", { cwd: ROOT }), ...named("app/**/route.ts"), ...named("app/**/actions.ts")];
}

/** Names of the values that a module exports. */
function exportsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const declared = text.matchAll(/^export (?:async )?(?:function|const) (\w+)/gm);
  const listed = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, list = ""]) => list.split(","));
  const aliases = listed.map((item) => item.trim().split(/ as /).at(-1) ?? "");
  return [...[...declared].map(([, name = ""]) => name), ...aliases.filter((name) => name !== "")];
}

describe("the written policy", () => {
  it("names every page, route and action of the console, and nothing else", () => {
    expect(Object.keys(ACCESS_POLICY).toSorted()).toEqual(askable().toSorted());
  });

  it("misses no action that is declared in another file", () => {
    const others = globSync("{app,components}/**/*.{ts,tsx}", { cwd: ROOT }).filter(
      (file) => !file.endsWith("actions.ts") && /^\s*["']use server["']/m.test(readFileSync(join(ROOT, file), "utf8")),
    );
    expect(others).toEqual([]);
  });
});
