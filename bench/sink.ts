import { fork } from "node:child_process";
import { once } from "node:events";

/** A log service on loopback that takes everything, in a process of its own. */
export type BenchSink = {
  readonly endpoint: string;
  /** Ends it; what it has spooled is whole then. Safe to repeat. */
  stop(): Promise<void>;
};

/**
 * @param options.spoolFile where it writes what it gets; it keeps nothing without
 * @param options.answerMs how long it waits with each answer
 */
export async function startSink({ spoolFile = "", answerMs = 0 } = {}): Promise<BenchSink> {
  const sink = fork("bench/spooling-sink.ts", [spoolFile, String(answerMs)]);
  const [{ port }] = await once(sink, "message");
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      if (sink.exitCode === null && sink.signalCode === null) {
        sink.kill("SIGTERM");
        await once(sink, "exit");
      }
    },
  };
}
