import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { missingEntries } from "./complete-lockfile.mjs";

const lockfile = JSON.parse(readFileSync(join(import.meta.dirname, "../package-lock.json"), "utf8"));

it("has an entry for every platform's optional package, so that `npm ci` works on each", () => {
  expect(Object.keys(missingEntries(lockfile))).toEqual([]);
});

it("names no registry, so that everybody's own is asked", () => {
  const resolved = Object.entries<{ resolved?: string }>(lockfile.packages).filter(([, { resolved }]) => resolved);
  expect(resolved).toEqual([]);
});

it("finds a missing entry below the package that wants it and above", () => {
  const packages = {
    "": { optionalDependencies: { "tool-linux-x64-musl": "^1.2.3" } },
    "node_modules/a": { optionalDependencies: { nested: "1.0.0", hoisted: "1.0.0" } },
    "node_modules/a/node_modules/nested": {},
    "node_modules/hoisted": {},
  };
  expect(missingEntries({ packages })).toEqual({
    "node_modules/tool-linux-x64-musl": {
      version: "1.2.3",
      cpu: ["x64"],
      libc: ["musl"],
      os: ["linux"],
      optional: true,
    },
  });
});
