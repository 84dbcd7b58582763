import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { IDLE, selfTimesOf } from "./cpu-profile.ts";

function node(id: number, functionName: string, url = "") {
  return { id, callFrame: { functionName, url } };
}

describe("a profile's self times", () => {
  it("are those of the functions at work from look to look, the most first, one for all nodes of a function", () => {
    const batch = pathToFileURL("worker/batch.ts").href;
    const undici = `${pathToFileURL("node_modules/undici/lib/agent.js").href}?loaded=once`;
    const times = selfTimesOf({
      nodes: [
        node(1, IDLE),
        node(2, "encode", batch),
        node(3, "encode", batch),
        node(4, "", undici),
        node(5, "sha", "node:crypto"),
      ],
      samples: [2, 1, 3, 4, 5],
      timeDeltas: [9_000, 2_000, 7_000, 4_000, 1_000],
    });
    expect(times).toEqual([
      { name: IDLE, ms: 7 },
      { name: "encode worker/batch.ts", ms: 6 },
      { name: "(anonymous) undici/lib/agent.js", ms: 1 },
      { name: "sha node:crypto", ms: 0 },
    ]);
  });
});
