import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { mintAccountScope } from "@/domain/access/scope.ts";
import { Checksum } from "@/domain/event/checksum.ts";
import type { PutLogsAnswer } from "@/domain/log-service/log-service.ts";
import type { DeliverableEvent } from "@/server/history-job/pages.ts";
import type { EventKey, Hold, SliceClaim, SliceProgress } from "@/server/history-job/slices.ts";
import type { Batch } from "./batch.ts";
import { type DeliveryPorts, deliverSlice } from "./deliver-slice.ts";

const EVENTS = Array.from({ length: 10 }, (_, index): DeliverableEvent => {
  const body = `{"eventId":"${index}"}`;
  return {
    eventTime: new Date(Date.UTC(2026, 10, 20, 0, 0, index)),
    eventId: String(index),
    body,
    digest: createHash("sha256").update(body).digest(),
  };
});

const PAGE_SIZE = 3;

const CLAIM: SliceClaim = {
  scope: mintAccountScope("1", { type: "worker", id: "w", name: "w", from: null }, "log:PostLogStoreLogs"),
  jobId: 7,
  region: "cn-hangzhou",
  day: "2026-11-20",
  attempt: 1,
  eventRW: "All",
  from: new Date(Date.UTC(2026, 10, 20)),
  to: new Date(Date.UTC(2026, 10, 21)),
  arrivalMax: 100,
  projectRegion: "cn-hangzhou",
  projectName: "project",
  logstoreName: "actiontrail_trail",
  ledger: { expected: EVENTS.length, delivered: 0, undeliverable: 0, gap: 0 },
  cursor: null,
  checksum: new Uint8Array(32),
};

function accepted(batch: Batch): PutLogsAnswer {
  return { kind: "accepted", counts: { new: batch.events.length, present: 0, conflicts: [] } };
}

const BUSY: PutLogsAnswer = { kind: "refused", status: 503, code: "ServerBusy", message: "busy", retryAfterMs: null };

/** Ports over EVENTS in pages of three, with a log of what happened in which order. */
function portsOver(overrides: Partial<DeliveryPorts> = {}) {
  const saved: SliceProgress[] = [];
  const sent: Batch[] = [];
  const slept: number[] = [];
  const ports: DeliveryPorts = {
    readPage: async (after) => pageAfter(after),
    send: async (batch) => {
      sent.push(batch);
      return accepted(batch);
    },
    saveProgress: async (progress) => {
      saved.push(progress);
      return "held";
    },
    checkHold: async () => "held",
    sleep: async (ms) => {
      slept.push(ms);
    },
    random: () => 0.5,
    wantsHandBack: () => false,
    ...overrides,
  };
  return { ports, saved, sent, slept };
}

function pageAfter(after: EventKey | null): DeliverableEvent[] {
  const start = after === null ? 0 : Number(after.eventId) + 1;
  return EVENTS.slice(start, start + PAGE_SIZE);
}

const never = new AbortController().signal;

describe("deliverSlice", () => {
  it("sends every event once and moves cursor, counts and checksum in the order of the batches", async () => {
    const { ports, saved, sent } = portsOver();
    const outcome = await deliverSlice(CLAIM, ports, never);

    expect(outcome).toEqual({
      kind: "read-to-end",
      ledger: { expected: 10, delivered: 10, undeliverable: 0, gap: 0 },
    });
    expect(sent.flatMap((batch) => batch.events.map(({ eventId }) => eventId))).toEqual(
      EVENTS.map(({ eventId }) => eventId),
    );
    expect(saved.map(({ cursor, newAtSink }) => [cursor.eventId, newAtSink])).toEqual([
      ["2", 3],
      ["5", 3],
      ["8", 3],
      ["9", 1],
    ]);
    const checksum = new Checksum();
    for (const { digest } of EVENTS) {
      checksum.add(digest);
    }
    expect(saved.at(-1)?.checksum).toEqual(checksum.toBytes());
  });

  it("never saves a later batch before an earlier one is acknowledged", async () => {
    const first = Promise.withResolvers<PutLogsAnswer>();
    const second = Promise.withResolvers<void>();
    const { ports, saved } = portsOver({
      send: async (batch) => {
        if (batch.last.eventId === "2") {
          return first.promise;
        }
        second.resolve();
        return accepted(batch);
      },
    });
    const delivery = deliverSlice(CLAIM, ports, never);
    await second.promise;
    expect(saved).toEqual([]);
    first.resolve({ kind: "accepted", counts: null });
    await delivery;
    expect(saved.map(({ cursor }) => cursor.eventId)).toEqual(["2", "5", "8", "9"]);
  });

  it("resumes behind the cursor with the checksum so far", async () => {
    const before = new Checksum();
    for (const { digest } of EVENTS.slice(0, 6)) {
      before.add(digest);
    }
    const resumed = {
      ...CLAIM,
      cursor: { eventTime: new Date(), eventId: "5" },
      checksum: before.toBytes(),
      ledger: { ...CLAIM.ledger, delivered: 6 },
    };
    const { ports, sent, saved } = portsOver();
    expect(await deliverSlice(resumed, ports, never)).toMatchObject({ ledger: { delivered: 10 } });
    expect(sent[0]?.events[0]?.eventId).toBe("6");
    const whole = portsOver();
    await deliverSlice(CLAIM, whole.ports, never);
    expect(saved.at(-1)?.checksum).toEqual(whole.saved.at(-1)?.checksum);
  });

  it("sends a batch that is tried again with the same content and id", async () => {
    const tries: Batch[] = [];
    const { ports, slept } = portsOver({
      send: async (batch) => {
        tries.push(batch);
        return tries.length === 1
          ? BUSY
          : tries.length === 2
            ? { kind: "unanswered", message: "reset" }
            : accepted(batch);
      },
      readPage: async (after) => (after === null ? EVENTS.slice(0, 3) : []),
    });
    expect(await deliverSlice({ ...CLAIM, ledger: { ...CLAIM.ledger, expected: 3 } }, ports, never)).toMatchObject({
      kind: "read-to-end",
    });
    expect(tries.map(({ id }) => id)).toEqual([tries[0]?.id, tries[0]?.id, tries[0]?.id]);
    expect(tries[2]?.logGroup).toEqual(tries[0]?.logGroup);
    expect(slept.length).toBeGreaterThan(0);
    const again = portsOver();
    await deliverSlice(CLAIM, again.ports, never);
    expect(again.sent[0]?.id).toBe(tries[0]?.id);
  });

  it.each([
    [{ kind: "refused", status: 404, code: "LogStoreNotExist", message: "gone", retryAfterMs: null }, "stop-job"],
    [{ kind: "refused", status: 401, code: "SignatureNotMatch", message: "no", retryAfterMs: null }, "stop-job"],
    [{ kind: "refused", status: 400, code: "PostBodyInvalid", message: "bad", retryAfterMs: null }, "fail-slice"],
  ] as const)("ends with the sink's own words on %j", async (answer, kind) => {
    const { ports, saved } = portsOver({
      send: async (batch) => (batch.last.eventId === "5" ? answer : accepted(batch)),
    });
    expect(await deliverSlice(CLAIM, ports, never)).toEqual({
      kind,
      failure: { code: answer.code, message: answer.message },
    });
    expect(saved.map(({ cursor }) => cursor.eventId)).toEqual(["2"]);
  });

  it("lists a conflict as undeliverable and leaves it out of counts and checksum", async () => {
    const { ports, saved } = portsOver({
      send: async (batch) =>
        batch.last.eventId === "2"
          ? { kind: "accepted", counts: { new: 1, present: 1, conflicts: [1] } }
          : accepted(batch),
    });
    expect(await deliverSlice(CLAIM, ports, never)).toMatchObject({ ledger: { delivered: 9, undeliverable: 1 } });
    expect(saved[0]).toMatchObject({ newAtSink: 1, presentAtSink: 1, undeliverable: [{ eventId: "1" }] });
  });

  it("fails the slice when a sink does not account for all logs of a batch", async () => {
    const { ports, saved } = portsOver({
      send: async () => ({ kind: "accepted", counts: { new: 1, present: 0, conflicts: [] } }),
    });
    expect(await deliverSlice(CLAIM, ports, never)).toMatchObject({ kind: "fail-slice" });
    expect(saved).toEqual([]);
  });

  it.each<Hold>(["stop", "lost"])("reads no further when its claim answers %s", async (hold) => {
    const { ports, sent } = portsOver({ saveProgress: async () => hold });
    expect(await deliverSlice(CLAIM, ports, never)).toEqual({ kind: hold });
    expect(sent.length).toBeLessThanOrEqual(2);
  });

  it("notices within a back-off that its job is ending", async () => {
    const { ports, slept } = portsOver({
      send: async () => ({ ...BUSY, retryAfterMs: 60_000 }),
      checkHold: async () => "stop",
    });
    expect(await deliverSlice(CLAIM, ports, never)).toEqual({ kind: "stop" });
    expect(slept[0]).toBeLessThanOrEqual(2_000);
  });

  it("hands back between batches with everything acknowledged saved", async () => {
    let pages = 0;
    const { ports, sent, saved } = portsOver({
      readPage: async (after) => {
        pages++;
        return pageAfter(after);
      },
      wantsHandBack: () => pages === 2,
    });
    expect(await deliverSlice(CLAIM, ports, never)).toEqual({ kind: "handed-back" });
    expect(saved).toHaveLength(sent.length);
  });

  it("waits for the answers to batches on the wire before it leaves a slice that cannot go on", async () => {
    const onTheWire = Promise.withResolvers<void>();
    const second = Promise.withResolvers<PutLogsAnswer>();
    const { ports } = portsOver({
      send: async (batch, signal) => {
        if (batch.last.eventId === "2") {
          await onTheWire.promise;
          return { kind: "refused", status: 404, code: "LogStoreNotExist", message: "gone", retryAfterMs: null };
        }
        signal.addEventListener("abort", () => second.reject(new Error("broken off")));
        onTheWire.resolve();
        return second.promise;
      },
      sleep: (_ms, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
    });
    let hasLeft = false;
    const delivery = deliverSlice(CLAIM, ports, never).finally(() => {
      hasLeft = true;
    });
    await onTheWire.promise;
    await new Promise(setImmediate);
    expect(hasLeft).toBe(false);
    second.resolve({ kind: "accepted", counts: null });
    expect(await delivery).toMatchObject({ kind: "stop-job" });
  });

  it("rejects, and leaves no rejection unheard, when progress cannot be saved while a page is being read", async () => {
    const unheard: unknown[] = [];
    const note = (reason: unknown) => unheard.push(reason);
    process.on("unhandledRejection", note);
    const failed = Promise.withResolvers<void>();
    const { ports } = portsOver({
      readPage: async (after) => {
        if (after !== null) {
          await failed.promise;
          await new Promise(setImmediate);
        }
        return pageAfter(after);
      },
      saveProgress: async () => {
        failed.resolve();
        throw new Error("database gone");
      },
    });
    await expect(deliverSlice(CLAIM, ports, never)).rejects.toThrow("database gone");
    process.off("unhandledRejection", note);
    expect(unheard).toEqual([]);
  });

  it("leaves no batch on its way when it rejects", async () => {
    let open = 0;
    const { ports } = portsOver({
      send: (batch, signal) => {
        open++;
        return new Promise((resolve, reject) => {
          const answer = setTimeout(() => resolve(accepted(batch)), 60_000);
          signal.addEventListener("abort", () => {
            clearTimeout(answer);
            open--;
            reject(new Error("aborted"));
          });
        });
      },
      readPage: async (after) => {
        if (after !== null) {
          throw new Error("database gone");
        }
        return pageAfter(after);
      },
    });
    await expect(deliverSlice(CLAIM, ports, never)).rejects.toThrow("database gone");
    expect(open).toBe(0);
  });
});
