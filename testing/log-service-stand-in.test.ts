import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { Checksum } from "@/domain/event/checksum.ts";
import { BATCH_ID_TAG, JOB_ID_TAG } from "@/domain/log-service/log-service.ts";
import { putLogs } from "@/server/sls/client.ts";
import { LogGroupWriter } from "@/server/sls/log-group.ts";
import { LogServiceStandIn, type StandInOptions } from "./log-service-stand-in.ts";

const key = { region: "cn-hangzhou", accessKeyId: "LTAItest", accessKeySecret: "test-secret" };
const events = ['{"eventId":"1"}', '{"eventId":"2","x":"事件 🙂"}'];

let standIn: LogServiceStandIn;

afterEach(() => standIn.stop());

async function start(options: Partial<StandInOptions> = {}) {
  standIn = await LogServiceStandIn.start({ key, ...options });
}

function put(secret = key.accessKeySecret) {
  const tags = [
    { key: JOB_ID_TAG, value: "7" },
    { key: BATCH_ID_TAG, value: "batch-1" },
  ];
  const writer = new LogGroupWriter({ topic: "topic", source: "", tags });
  for (const event of events) {
    writer.add({ time: 5, event });
  }
  const target = { ...key, accessKeySecret: secret, endpoint: standIn.endpoint, project: "project", isBuiltIn: false };
  const signal = new AbortController().signal;
  const timeouts = { headers: 300, body: 300, total: 300 };
  return putLogs(target, "audit", writer.finish(), { signedAt: new Date(), signal, timeouts });
}

describe("LogServiceStandIn", () => {
  it("keeps every log it takes, repeats too", async () => {
    await start();
    expect(await put()).toEqual({ kind: "accepted", counts: null });
    expect(await put()).toEqual({ kind: "accepted", counts: null });
    const common = { project: "project", logstore: "audit", topic: "topic", time: 5, jobId: "7", batchId: "batch-1" };
    expect(standIn.logs).toEqual([...events, ...events].map((event) => ({ ...common, event })));
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

  it("answers by its script, and takes nothing that it refuses", async () => {
    const script = [{ status: 503, headers: { "retry-after": "1" } }, "reset", "silence"] as const;
    await start({ answerTo: (index) => script[index] });
    expect(await put()).toMatchObject({ kind: "refused", status: 503, retryAfterMs: 1_000 });
    expect(await put()).toMatchObject({ kind: "unanswered" });
    expect(await put()).toMatchObject({ kind: "unanswered" });
    expect([standIn.requestCount, standIn.logCount]).toEqual([3, 0]);
    expect(await put()).toMatchObject({ kind: "accepted" });
    expect(standIn.logCount).toBe(2);
  });

  it("refuses what is not signed with its key", async () => {
    await start();
    expect(await put("another secret")).toMatchObject({ kind: "refused", message: "the signature does not match" });
    expect(standIn.faults).toEqual(["the signature does not match"]);
    expect(standIn.logCount).toBe(0);
  });
});
