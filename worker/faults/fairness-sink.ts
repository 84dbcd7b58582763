import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { SINK_KEY } from "@/testing/history-account.ts";
import { LogServiceStandIn } from "@/testing/log-service-stand-in.ts";
import type { Treatment } from "@/testing/treatment.ts";
import type { JobAtSink, SinkManner, SinkSummary } from "./own-sink.ts";

// A stand-in sink in a process of its own, so that nothing a test does delays an answer. Asked with a message, it says what it has
// received.

let turn: Promise<unknown> = Promise.resolve();

const ANSWERS: Readonly<Record<SinkManner, () => Promise<Treatment>>> = {
  "after 20 ms": async () => ({ delayMs: 20 }),
  "one a second": async () => {
    const mine = turn.then(() => delay(1_000));
    turn = mine;
    await mine;
    return {};
  },
  never: async () => ({ takes: false, answer: "silence" }),
};

const manner = (process.argv[2] ?? "after 20 ms") as SinkManner;
const sink = await LogServiceStandIn.start({
  key: { region: "cn-hangzhou", accessKeyId: SINK_KEY.id, accessKeySecret: SINK_KEY.secret },
  keep: "requests",
  answerTo: ANSWERS[manner],
});

function summarize(): SinkSummary {
  const jobs = new Map<string | undefined, { logs: number; digestSum: bigint }>();
  for (const { jobId, event } of sink.takeApart()) {
    const job = jobs.get(jobId) ?? { logs: 0, digestSum: 0n };
    job.logs++;
    job.digestSum = BigInt.asUintN(
      256,
      job.digestSum + BigInt(`0x${createHash("sha256").update(event).digest("hex")}`),
    );
    jobs.set(jobId, job);
  }
  return {
    faults: sink.faults,
    requests: sink.requestCount,
    jobs: [...jobs].map(
      ([jobId, { logs, digestSum }]): JobAtSink => ({
        jobId: Number(jobId),
        logs,
        checksum: digestSum.toString(16).padStart(64, "0"),
      }),
    ),
  };
}

process.on("message", () => process.send?.(summarize()));
process.on("disconnect", () => process.exit(0));
process.send?.(sink.endpoint);
