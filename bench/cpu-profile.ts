import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** A CPU profile as V8 writes it (Chrome DevTools Protocol, Profiler.Profile), as far as it is read; times in microseconds. */
export type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  /** Which node was at work at each look. */
  readonly samples: readonly number[];
  /** How long after the look before. */
  readonly timeDeltas: readonly number[];
};

/** Time in a function itself, without what it has called. */
type SelfTime = { readonly name: string; readonly ms: number };

/** The node that stands for a thread with nothing to do. */
export const IDLE = "(idle)";

/**
 * Where a profile's time has gone, by function and file, the most first. Lines are left out: those of the profile are the transpiled
 * code's.
 */
export function selfTimesOf({ nodes, samples, timeDeltas }: CpuProfile): readonly SelfTime[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, node] of samples.entries()) {
    const name = names.get(node) ?? "(unknown)";
    // A node is taken to be at work from the look that found it until the next.
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index + 1] ?? 0) / 1_000);
  }
  return [...times].map(([name, ms]) => ({ name, ms })).toSorted((one, other) => other.ms - one.ms);
}

function nameOf({ functionName, url }: CpuProfile["nodes"][number]["callFrame"]): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  return url === "" ? name : `${name} ${placeOf(url)}`;
}

/** A file of ours by its path from here, a package's from the package's name on, Node's own as they are called. */
function placeOf(url: string): string {
  if (!url.startsWith("file:")) {
    return url;
  }
  const path = relative(process.cwd(), fileURLToPath(url));
  return path.split("node_modules/").at(-1) ?? path;
}
