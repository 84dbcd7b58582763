import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ACCESS_POLICY } from "@/testing/access-policy.ts";

const ROOT = join(import.meta.dirname, "..");

/** Everything in the console that can be asked for, as the files have it. */
function askable(): string[] {
  const named = (pattern: string) =>
    globSync(pattern, { cwd: ROOT, exclude: ["app/_request/**"] }).flatMap((file) =>
      exportedBy(readFileSync(join(ROOT, file), "utf8")).map((name) => `${file}#${name}`),
    );
  return [
    // Next answers nothing out of a folder whose name begins so.
    ...globSync(`app/**/page.${CODE}`, { cwd: ROOT, exclude: ["app/**/_*/**"] }),
    ...named(`app/**/route.${CODE}`),
    ...named(`app/**/actions.${CODE}`),
  ];
}

/** What Next takes for code. */
const CODE = "{ts,tsx,js,jsx}";

/** Forms of an export that tell its names. */
const DECLARED = /^(?:async )?(?:function\*?|class|const|let|var) (\w+)(?!.*,\n)/;
const LISTED = /^(?:const |let |var )?\{([^}]*)\}/;

/**
 * Names of the values that a module exports. An export of any other form stands for itself, so that it is in no policy. Each begins a line, as
 * the formatter has it.
 */
function exportedBy(text: string): string[] {
  const [, ...exports] = text.split(/^export\b\s*/m);
  return exports.flatMap((rest) => {
    if (/^(?:type|interface) /.test(rest)) {
      return [];
    }
    const [, declared] = DECLARED.exec(rest) ?? [];
    const [, list] = LISTED.exec(rest) ?? [];
    if (list === undefined) {
      return [declared ?? rest.split("\n")[0] ?? ""];
    }
    const items = list.split(",").map((item) => item.trim());
    const values = items.filter((item) => item !== "" && !item.startsWith("type "));
    return values.map((item) => item.split(/ as |: /).at(-1) ?? "");
  });
}

describe("the written policy", () => {
  it("names every page, route and action of the console, and nothing else", () => {
    expect(Object.keys(ACCESS_POLICY).toSorted()).toEqual(askable().toSorted());
  });

  it("misses no action that is declared in another file", () => {
    const known = globSync(`app/**/actions.${CODE}`, { cwd: ROOT });
    const others = globSync(`{app,components,domain,server,web}/**/*.${CODE}`, { cwd: ROOT }).filter(
      (file) => !known.includes(file) && /^[^"'`/*]*["']use server["']/m.test(readFileSync(join(ROOT, file), "utf8")),
    );
    expect(others).toEqual([]);
  });

  it("misses nothing that Next would answer besides: no code in front of the pages, none that makes files", () => {
    const besides = [
      `{middleware,proxy}.${CODE}`,
      "{pages,src,public}/**",
      `app/**/{sitemap,robots,manifest,icon,apple-icon,opengraph-image,twitter-image}.${CODE}`,
    ];
    expect(besides.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))).toEqual([]);
  });

  it.each([
    ["export async function GET() {}", ["GET"]],
    ["export const POST = handle;", ["POST"]],
    ["export const { GET, POST: PUT } = handlers;", ["GET", "PUT"]],
    ["export {\n  handle as GET,\n  POST,\n};", ["GET", "POST"]],
    ['export { type Shape, handle as default } from "./other.ts";', ["default"]],
    ['export type { Shape } from "./other.ts";\nexport interface Other {}', []],
    ["export default async function act() {}", ["default async function act() {}"]],
    ['export * from "./other.ts";', ['* from "./other.ts";']],
    ["export const GET = handle,\n  POST = handle;", ["const GET = handle,"]],
    ["export const [GET] = handlers;", ["const [GET] = handlers;"]],
  ])("misses no form of an export: %s", (text, names) => {
    expect(exportedBy(text)).toEqual(names);
  });
});
