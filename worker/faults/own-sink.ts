import { fork } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

/** How a sink answers: soon; one request after the other, a second for each, whoever sends it; or not at all. */
export type SinkManner = "after 20 ms" | "one a second" | "never";

/** The logs of one job as they arrived, repeats included, and the sum of their digests modulo 2^256, in hexadecimal. */
export type JobAtSink = { readonly jobId: number; readonly logs: number; readonly checksum: string };

export type SinkSummary = {
  readonly faults: readonly string[];
  readonly requests: number;
  readonly jobs: readonly JobAtSink[];
};

export type OwnSink = {
  readonly endpoint: string;
  /** What it has received since the last time. */
  summarize(): Promise<SinkSummary>;
};

/** Starts a stand-in sink in a process of its own, until the test has ended. */
export async function startOwnSink(manner: SinkManner): Promise<OwnSink> {
  const child = fork("worker/faults/fairness-sink.ts", [manner], {
    execArgv: ["-C", "react-server", "--import", "tsx"],
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  const [endpoint] = await once(child, "message");
  return {
    endpoint: String(endpoint),
    summarize: async () => {
      child.send("summarize");
      const [summary] = await once(child, "message");
      return summary;
    },
  };
}
