import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// Loaded with --import before worker/main.ts: the process under test is the product's own, wired as always, but for these
// modules, around which others stand that tell when the process comes by a boundary. So the product's code knows nothing of it.

const ROOT = join(import.meta.dirname, "..", "..");

const INTERPOSED: ReadonlyMap<string, string> = new Map(
  [
    ["server/history-job/slices.ts", "slices.ts"],
    ["server/history-job/pages.ts", "pages.ts"],
    ["server/history-job/settle.ts", "settle.ts"],
    ["server/sls/client.ts", "client.ts"],
  ].map(([real = "", own = ""]) => [urlOf(real), urlOf(join("worker/faults/interposed", own))]),
);
const own = new Set(INTERPOSED.values());

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const instead = own.has(context.parentURL ?? "") ? undefined : INTERPOSED.get(resolved.url);
    return instead === undefined ? resolved : { ...resolved, url: instead };
  },
});

function urlOf(path: string): string {
  return pathToFileURL(join(ROOT, path)).href;
}
