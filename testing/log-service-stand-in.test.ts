import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { Checksum } from "@/domain/event/checksum.ts";
import { BATCH_ID_TAG, JOB_ID_TAG } from "@/domain/log-service/log-service.ts";
import { putLogs } from "@/server/sls/client.ts";
import { LogGroupWriter } from "@/server/sls/log-group.ts";
import { LogServiceStandIn, type Moment, type StandInOptions } from "./log-service-stand-in.ts";
import { refusal, type Treatment } from "./treatment.ts";

const key = { region: "cn-hangzhou", accessKeyId: "LTAItest", accessKeySecret: "test-secret" };
const events = ['{"eventId":"1"}', '{"eventId":"2","x":"事件 🙂"}'];

let standIn: LogServiceStandIn;

afterEach(() => standIn.stop());

async function start(options: Partial<StandInOptions> = {}) {
  standIn = await LogServiceStandIn.start({ key, ...options });
}

function put({ secret = key.accessKeySecret, signedAt = new Date() } = {}) {
  const tags = [
    { key: JOB_ID_TAG, value: "7" },
    { key: BATCH_ID_TAG, value: "batch-1" },
  ];
  const writer = new LogGroupWriter({ topic: "topic", source: "", tags });
  for (const event of events) {
    writer.add({ time: 5, event: Buffer.from(event) });
  }
  const target = { ...key, accessKeySecret: secret, endpoint: standIn.endpoint, project: "project", isBuiltIn: false };
  const signal = new AbortController().signal;
  const timeouts = { headers: 300, body: 300, total: 300 };
  return putLogs(target, "audit", writer.finish(), { signedAt, signal, timeouts });
}

describe("LogServiceStandIn", () => {
  it("keeps every log it takes, repeats too", async () => {
    await start();
    expect(await put()).toEqual({ kind: "accepted", counts: null });
    expect(await put()).toEqual({ kind: "accepted", counts: null });
    const common = { project: "project", logstore: "audit", topic: "topic", time: 5, jobId: "7", batchId: "batch-1" };
    expect(standIn.logs).toEqual(
      [0, 1].flatMap((requestIndex) => events.map((event) => ({ ...common, event, requestIndex }))),
    );
    expect(standIn.faults).toEqual([]);
  });

  it("sums what it takes as the product does", async () => {
    await start({ keep: "digests" });
    await put();
    const checksum = new Checksum();
    for (const event of events) {
      checksum.add(createHash("sha256").update(event).digest());
    }
    expect(standIn.digestSum).toBe(Buffer.from(checksum.toBytes()).toString("hex"));
    expect([standIn.logCount, standIn.logs.length]).toEqual([2, 0]);
  });

  it.each<[string, Treatment, object]>([
    ["a refusal", refusal(503, "ServerBusy", "busy", { "retry-after": "1" }), { status: 503, retryAfterMs: 1_000 }],
    ["a reset before the body", { reads: "nothing", answer: "reset" }, { kind: "unanswered" }],
    ["a reset in the middle", { reads: "half", answer: "reset" }, { kind: "unanswered" }],
    ["a reset at the end", { takes: false, answer: "reset" }, { kind: "unanswered" }],
    ["silence", { takes: false, answer: "silence" }, { kind: "unanswered" }],
    ["headers one byte a second", { takes: false, answer: "dribbled-headers" }, { kind: "unanswered" }],
    ["a body one byte a second", { takes: false, answer: "dribbled-body" }, { kind: "unanswered" }],
    ["a late answer", { takes: false, delayMs: 1_000 }, { kind: "unanswered" }],
    ["a success that keeps nothing", { takes: false }, { kind: "accepted" }],
  ])("answers with %s, and then takes nothing", async (_, treatment, answer) => {
    await start({ answerTo: (index) => (index === 0 ? treatment : undefined) });
    expect(await put()).toMatchObject(answer);
    expect([standIn.requestCount, standIn.logCount]).toEqual([1, 0]);
    expect(await put()).toMatchObject({ kind: "accepted" });
    expect(standIn.logCount).toBe(2);
    expect(standIn.faults).toEqual([]);
  });

  it.each<Treatment>([
    { takes: true, answer: "reset" },
    { takes: true, answer: "silence" },
    { takes: true, status: 500 },
  ])("takes a request and does not say so: %j", async (treatment) => {
    await start({ answerTo: () => treatment });
    expect(await put()).not.toMatchObject({ kind: "accepted" });
    expect(standIn.logCount).toBe(2);
  });

  it("refuses a whole request for one log, and one that is too large", async () => {
    await start({
      refuses: ({ event }) => (event === events[1] ? refusal(400, "PostBodyInvalid", "bad log") : undefined),
    });
    expect(await put()).toMatchObject({ status: 400, message: "bad log" });
    await standIn.stop();
    await start({ logGroupBytesMax: 50 });
    expect(await put()).toMatchObject({ status: 413, code: "PostBodyTooLarge" });
    expect([standIn.logCount, standIn.faults.length]).toEqual([0, 0]);
  });

  it("tells each point of a request's way, and waits there", async () => {
    const moments: Moment[] = [];
    const held = Promise.withResolvers<void>();
    await start({
      watch: async (moment, { index }) => {
        moments.push(moment);
        if (moment === "whole" && index === 0) {
          await held.promise;
        }
        return undefined;
      },
    });
    expect(await put()).toMatchObject({ kind: "unanswered" });
    expect([moments, standIn.logCount]).toEqual([["headers", "half", "whole"], 0]);
    held.resolve();
    expect(await put()).toMatchObject({ kind: "accepted" });
    expect(moments.slice(-5)).toEqual(["headers", "half", "whole", "taken", "answered"]);
  });

  it.each<[Moment, number]>([
    ["headers", 0],
    ["half", 0],
    ["taken", 2],
  ])("breaks off at %s, having taken %i logs", async (at, logs) => {
    await start({ watch: async (moment) => (moment === at ? "cut" : undefined) });
    expect(await put()).toMatchObject({ kind: "unanswered" });
    expect([standIn.logCount, standIn.faults]).toEqual([logs, []]);
  });

  it("refuses what is not signed with its key, or not now", async () => {
    await start();
    expect(await put({ secret: "another secret" })).toMatchObject({ message: "the signature does not match" });
    expect(await put({ signedAt: new Date(Date.now() - 16 * 60_000) })).toMatchObject({
      message: expect.stringContaining("which is not now"),
    });
    expect(standIn.faults.length).toBe(2);
    expect(standIn.logCount).toBe(0);
  });
});
