import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { mintAccountScope } from "@/domain/access/scope.ts";
import { Checksum } from "@/domain/event/checksum.ts";
import type { PutLogsAnswer } from "@/domain/log-service/log-service.ts";
import type { DeliverableEvent, Page } from "@/server/history-job/pages.ts";
import type { EventKey, Hold, RetriedProgress, SliceClaim, SliceProgress } from "@/server/history-job/slices.ts";
import { decodeWithProtobufjs } from "@/testing/log-proto.ts";
import type { Batch } from "./batch.ts";
import { deliverSlice } from "./deliver-slice.ts";
import type { CircuitPorts, DeliveryPorts } from "./delivery-ports.ts";

const EVENTS = Array.from({ length: 10 }, (_, index): DeliverableEvent => {
  const body = Buffer.from(`{"eventId":"${index}"}`);
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
  logTime: "auto",
  run: 1,
  askedAt: 0,
  hasCeiling: false,
  isSinkFree: true,
  runningMs: 0,
  ledger: { expected: EVENTS.length, delivered: 0, undeliverable: 0, gap: 0 },
  cursor: null,
  checksum: new Uint8Array(32),
};

function accepted(batch: Batch): PutLogsAnswer {
  return { kind: "accepted", counts: { new: batch.events.length, present: 0, conflicts: [] } };
}

const BUSY: PutLogsAnswer = { kind: "refused", status: 503, code: "ServerBusy", message: "busy", retryAfterMs: null };

/** Ports over EVENTS in pages of three, with a log of what happened in which order. */
function portsOver({
  circuit,
  ...overrides
}: Partial<Omit<DeliveryPorts, "circuit">> & { circuit?: Partial<CircuitPorts> } = {}) {
  const saved: SliceProgress[] = [];
  const retried: RetriedProgress[] = [];
  const sent: Batch[] = [];
  const slept: number[] = [];
  const resent: number[] = [];
  const ports: DeliveryPorts = {
    readPage: async (after) => pageAfter(after),
    readUndeliverable: async () => ({ events: [], gone: [], last: null }),
    send: async (batch) => {
      sent.push(batch);
      return accepted(batch);
    },
    saveProgress: async (progress) => {
      saved.push(progress);
      return "held";
    },
    saveRetried: async (progress) => {
      retried.push(progress);
      return "held";
    },
    saveResent: async (requests) => {
      resent.push(requests);
    },
    watchHold: (signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve("held"));
      }),
    askPace: async () => ({ kind: "go" }),
    circuit: { ...circuitOf(), ...circuit },
    sleep: async (ms) => {
      slept.push(ms);
    },
    random: () => 0.5,
    now: () => NOW,
    wantsHandBack: () => false,
    ...overrides,
  };
  return { ports, saved, retried, sent, slept, resent };
}

const NOW = new Date(Date.UTC(2026, 10, 22, 12));

/** A circuit that nobody else has a part in. */
function circuitOf(): CircuitPorts {
  let failures = 0;
  return {
    isFree: async () => failures === 0,
    takeTurn: async () => (failures === 0 ? { kind: "free" } : { kind: "turn", inMs: 1_000, failures }),
    noteFailure: async () => {
      failures++;
      return { silentMs: 0 };
    },
    close: async () => {
      failures = 0;
    },
    giveTurnBack: async () => undefined,
  };
}

function refused(status: number, code: string, message: string): PutLogsAnswer {
  return { kind: "refused", status, code, message, retryAfterMs: null };
}

function idsOf(events: readonly { readonly eventId: string }[]): string[] {
  return events.map(({ eventId }) => eventId);
}

function lastOf(batch: Batch): string | undefined {
  return batch.events.at(-1)?.eventId;
}

function pageAfter(after: EventKey | null): Page {
  const start = after === null ? 0 : Number(after.eventId) + 1;
  return pageOf(EVENTS.slice(start, start + PAGE_SIZE));
}

/** A page that does not know whether it is the last. */
function pageOf(events: readonly DeliverableEvent[]): Page {
  return { events, isLast: events.length === 0 };
}

const NOTHING = pageOf([]);

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
        if (lastOf(batch) === "2") {
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

  it("ends a slice together with the progress over its last event, whatever cuts the last page", async () => {
    const { ports, saved } = portsOver({
      readPage: async (after) => ({
        ...pageAfter(after),
        isLast: after !== null && Number(after.eventId) + 1 + PAGE_SIZE >= EVENTS.length,
      }),
      send: async (batch) =>
        batch.events.length > 1 && lastOf(batch) === EVENTS.at(-1)?.eventId
          ? { kind: "refused", status: 413, code: "PostBodyTooLarge", message: "too large", retryAfterMs: null }
          : accepted(batch),
    });
    expect(await deliverSlice(CLAIM, ports, never)).toEqual({ kind: "ended" });
    expect(saved.map(({ endsAs }) => endsAs)).toEqual([...saved.slice(1).map(() => null), "complete"]);
    expect(saved.at(-1)?.cursor.eventId).toBe(EVENTS.at(-1)?.eventId);
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
      readPage: async (after) => (after === null ? pageOf(EVENTS.slice(0, 3)) : NOTHING),
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
    [{ kind: "refused", status: 400, code: "InvalidCompressType", message: "bad", retryAfterMs: null }, "fail-slice"],
  ] as const)("ends with the sink's own words on %j", async (answer, kind) => {
    const { ports, saved } = portsOver({
      send: async (batch) => (lastOf(batch) === "5" ? answer : accepted(batch)),
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
        lastOf(batch) === "2" ? { kind: "accepted", counts: { new: 1, present: 1, conflicts: [1] } } : accepted(batch),
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

  it.each<Hold>(["stop", "lost", "paused"])("reads no further when its claim answers %s", async (hold) => {
    const { ports, sent } = portsOver({ saveProgress: async () => hold });
    expect(await deliverSlice(CLAIM, ports, never)).toEqual({ kind: hold });
    expect(sent.length).toBeLessThanOrEqual(2);
  });

  it.each<Hold>(["stop", "lost", "paused"])("is %s within moments whatever it waits for", async (hold) => {
    const onTheWire = Promise.withResolvers<void>();
    const { ports } = portsOver({
      send: (_batch, signal) => {
        onTheWire.resolve();
        return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
      },
      watchHold: async () => {
        await onTheWire.promise;
        return hold;
      },
    });
    expect(await deliverSlice(CLAIM, ports, never)).toEqual({ kind: hold });
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
        if (lastOf(batch) === "2") {
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

  it.each<Hold>(["stop", "paused"])(
    "saves what was on the wire and is acknowledged behind the batch whose save tells that the job is %s",
    async (hold) => {
      const bothSent = Promise.withResolvers<void>();
      const { ports, saved, sent } = portsOver({
        send: async (batch) => {
          sent.push(batch);
          if (sent.length === 2) {
            bothSent.resolve();
          }
          await bothSent.promise;
          return accepted(batch);
        },
        saveProgress: async (progress) => {
          saved.push(progress);
          return hold;
        },
      });
      expect(await deliverSlice(CLAIM, ports, never)).toEqual({ kind: hold });
      expect(sent.map(lastOf)).toEqual(["2", "5"]);
      expect(saved.map(({ cursor }) => cursor.eventId)).toEqual(["2", "5"]);
    },
  );

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

describe("a sink in trouble", () => {
  it("gets one request at a time, and two again after its next acceptance", async () => {
    const turns = (count: number) =>
      Array.from({ length: count }).reduce<Promise<unknown>>(
        (before) => before.then(() => new Promise(setImmediate)),
        Promise.resolve(),
      );
    let open = 0;
    const widths: number[] = [];
    const { ports, saved } = portsOver({
      send: async (batch) => {
        widths.push(++open);
        const isBusy = widths.length <= 4;
        await turns(2);
        open--;
        return isBusy ? BUSY : accepted(batch);
      },
      sleep: async () => {
        await turns(10);
      },
    });
    expect(await deliverSlice(CLAIM, ports, never)).toMatchObject({ kind: "read-to-end" });
    // Two are under way when the trouble begins; the third and fourth fail, the fifth is accepted.
    expect(widths.slice(0, 5)).toEqual([1, 2, 1, 1, 1]);
    expect(Math.max(...widths.slice(5))).toBe(2);
    expect(saved.map(({ cursor }) => cursor.eventId)).toEqual(["2", "5", "8", "9"]);
    expect(saved.reduce((sum, { resent }) => sum + resent, 0)).toBe(4);
  });

  it("is left to others when its turn is not soon", async () => {
    const { ports, saved, resent, sent } = portsOver({
      readPage: async (after) => (after === null ? pageOf(EVENTS) : NOTHING),
      send: async (batch) => {
        sent.push(batch);
        return BUSY;
      },
      circuit: { takeTurn: async () => ({ kind: "wait", ms: 5_000 }) },
    });
    expect(await deliverSlice(CLAIM, ports, never)).toEqual({ kind: "sink-in-trouble" });
    expect(sent).toHaveLength(1);
    expect(saved).toEqual([]);
    expect(resent).toEqual([1]);
  });

  it("is told from its answers what kind of trouble it is in, and rests for as long as it asks", async () => {
    const noted: unknown[] = [];
    const answers: PutLogsAnswer[] = [
      { kind: "refused", status: 429, code: "BadResponse", message: "slow down", retryAfterMs: 7_000 },
      { kind: "unanswered", message: "reset" },
    ];
    const { ports } = portsOver({
      readPage: async (after) => (after === null ? pageOf(EVENTS.slice(0, 3)) : NOTHING),
      send: async (batch) => answers.shift() ?? accepted(batch),
    });
    const note = ports.circuit.noteFailure;
    const circuit: CircuitPorts = {
      ...ports.circuit,
      noteFailure: (trouble, restMs, hadTurn) => {
        noted.push([trouble.cause, trouble.code, restMs]);
        return note(trouble, restMs, hadTurn);
      },
    };
    await deliverSlice(CLAIM, { ...ports, circuit }, never);
    expect(noted).toEqual([
      ["project", "BadResponse", 7_125],
      ["endpoint", "NoAnswer", 1_000],
    ]);
  });

  it("has its turn given back when the slice is left before the sink has answered", async () => {
    let turnsOut = 0;
    const ending = new AbortController();
    const { ports } = portsOver({
      send: (_batch, signal) => {
        ending.abort();
        return Promise.reject(signal.reason);
      },
      circuit: {
        isFree: async () => false,
        takeTurn: async () => {
          turnsOut++;
          return { kind: "turn", inMs: 0, failures: 1 };
        },
        giveTurnBack: async () => {
          turnsOut--;
        },
      },
    });
    expect(await deliverSlice(CLAIM, ports, ending.signal)).toEqual({ kind: "handed-back" });
    expect(turnsOut).toBe(0);
  });

  it("fails the job after six hours without an acceptance, with the sink's last words", async () => {
    const sixHours = 6 * 3_600_000;
    const silent = { send: async () => BUSY, circuit: { noteFailure: async () => ({ silentMs: sixHours }) } };
    expect(await deliverSlice({ ...CLAIM, runningMs: sixHours }, portsOver(silent).ports, never)).toEqual({
      kind: "stop-job",
      failure: {
        code: "NoAcknowledgement",
        message: "no acknowledgement for 6 hours; the last answer: ServerBusy: busy",
      },
    });
  });

  it("ends no turn by a failure of a request that went out without one, not even the same claim's", async () => {
    const second = Promise.withResolvers<PutLogsAnswer>();
    const notes: boolean[] = [];
    let isOpen = false;
    let requests = 0;
    const { ports } = portsOver({
      send: async (batch) => {
        requests++;
        if (requests === 1) {
          await new Promise(setImmediate);
          return BUSY;
        }
        return lastOf(batch) === "5" && requests === 2 ? second.promise : accepted(batch);
      },
      sleep: async () => {
        // The claim has its turn and waits for its moment when the other request fails.
        second.resolve(BUSY);
        await new Promise(setImmediate);
      },
      circuit: {
        isFree: async () => !isOpen,
        takeTurn: async () => (isOpen ? { kind: "turn", inMs: 1_000, failures: 1 } : { kind: "free" }),
        noteFailure: async (_trouble, _restMs, hasTurn) => {
          isOpen = true;
          notes.push(hasTurn);
          return { silentMs: 0 };
        },
        close: async () => {
          isOpen = false;
        },
      },
    });
    expect(await deliverSlice(CLAIM, ports, never)).toMatchObject({ kind: "read-to-end" });
    expect(notes).toEqual([false, false]);
  });

  it("counts a batch as sent again whose acknowledgement cannot be saved because the one before has to wait", async () => {
    const secondSent = Promise.withResolvers<void>();
    const { ports, saved, resent } = portsOver({
      send: async (batch) => {
        if (lastOf(batch) === "2") {
          await secondSent.promise;
          return BUSY;
        }
        secondSent.resolve();
        return accepted(batch);
      },
      circuit: { takeTurn: async () => ({ kind: "wait", ms: 60_000 }) },
    });
    expect(await deliverSlice(CLAIM, ports, never)).toEqual({ kind: "sink-in-trouble" });
    expect(saved).toEqual([]);
    expect(resent).toEqual([2]);
  });
});

describe("a log that the sink will not take", () => {
  const POISON = refused(400, "PostBodyInvalid", "a value is not valid");

  function sinkRefusing(...poison: readonly string[]) {
    const tries: string[][] = [];
    const send = async (batch: Batch) => {
      tries.push(idsOf(batch.events));
      return batch.events.some(({ eventId }) => poison.includes(eventId)) ? POISON : accepted(batch);
    };
    return { tries, send };
  }

  it.each([
    ["first", ["0"]],
    ["in the middle", ["4"]],
    ["last", ["9"]],
    ["several together", ["3", "4", "5", "6"]],
  ])("is found alone and listed with the sink's words; all others arrive: %s", async (_, poison) => {
    const { ports, saved } = portsOver({ send: sinkRefusing(...poison).send });
    expect(await deliverSlice(CLAIM, ports, never)).toEqual({
      kind: "read-to-end",
      ledger: { expected: 10, delivered: 10 - poison.length, undeliverable: poison.length, gap: 0 },
    });
    const listed = saved.flatMap(({ undeliverable }) => undeliverable);
    expect(idsOf(listed)).toEqual(poison);
    expect(listed[0]?.reason).toBe("PostBodyInvalid: a value is not valid");
    const cursors = saved.map(({ cursor }) => Number(cursor.eventId));
    expect(cursors).toEqual(cursors.toSorted((one, other) => one - other));
    expect(saved.filter(({ isAccepted }) => !isAccepted)).toHaveLength(poison.length);
    const checksum = new Checksum();
    for (const { digest } of EVENTS.filter(({ eventId }) => !poison.includes(eventId))) {
      checksum.add(digest);
    }
    expect(saved.at(-1)?.checksum).toEqual(checksum.toBytes());
  });

  it("is looked for in the same halves each time, under the same ids", async () => {
    const runs = await Promise.all(
      [0, 1].map(async () => {
        const batches: Batch[] = [];
        const sink = sinkRefusing("1");
        const { ports } = portsOver({
          readPage: async (after) => (after === null ? pageOf(EVENTS) : NOTHING),
          send: (batch) => {
            batches.push(batch);
            return sink.send(batch);
          },
        });
        await deliverSlice(CLAIM, ports, never);
        return batches.map((batch) => `${batch.id} ${idsOf(batch.events)}`);
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]?.map((line) => line.split(" ")[1])).toEqual([
      "0,1,2,3,4,5,6,7,8,9",
      "0,1,2,3,4",
      "0,1,2",
      "0,1",
      "0",
      "1",
      "2",
      "3,4",
      "5,6,7,8,9",
    ]);
    expect(runs[0]?.every((line) => /^7-[0-9a-f]{32} /.test(line))).toBe(true);
  });

  it("is split off from a batch that is too large, too", async () => {
    const { ports, sent, saved } = portsOver({
      send: async (batch) => {
        sent.push(batch);
        return batch.events.length > 1 ? refused(413, "PostBodyTooLarge", "too large") : accepted(batch);
      },
    });
    expect(await deliverSlice(CLAIM, ports, never)).toMatchObject({ ledger: { delivered: 10, undeliverable: 0 } });
    expect(saved).toHaveLength(10);
  });

  it("fails the slice as the twentieth in a row, and those behind it remain for a retry", async () => {
    const many = Array.from(
      { length: 60 },
      (_, index): DeliverableEvent => ({
        eventTime: new Date(Date.UTC(2026, 10, 20, 1, 0, index)),
        eventId: String(index),
        body: Buffer.from(`{"eventId":"${index}"}`),
        digest: createHash("sha256").update(String(index)).digest(),
      }),
    );
    const { ports, saved } = portsOver({
      readPage: async (after) => (after === null ? pageOf(many) : NOTHING),
      send: async (batch) => (batch.events[0]?.eventId === "0" && batch.events.length === 1 ? accepted(batch) : POISON),
    });
    expect(await deliverSlice({ ...CLAIM, ledger: { ...CLAIM.ledger, expected: 60 } }, ports, never)).toEqual({
      kind: "fail-slice",
      failure: { code: "PostBodyInvalid", message: expect.stringContaining("a value is not valid") },
    });
    expect(saved.flatMap(({ undeliverable }) => undeliverable)).toHaveLength(20);
    expect(saved.at(-1)?.cursor.eventId).toBe("20");
  });

  it("is counted in a row only without an acceptance in between", async () => {
    const many = Array.from(
      { length: 60 },
      (_, index): DeliverableEvent => ({
        ...EVENTS[0],
        eventTime: new Date(Date.UTC(2026, 10, 20, 1, 0, index)),
        eventId: String(index),
        body: Buffer.from("{}"),
        digest: new Uint8Array(32),
      }),
    );
    const odd = many.filter((_, index) => index % 2 === 1).map(({ eventId }) => eventId);
    const { ports } = portsOver({
      readPage: async (after) => (after === null ? pageOf(many) : NOTHING),
      send: sinkRefusing(...odd).send,
    });
    expect(await deliverSlice({ ...CLAIM, ledger: { ...CLAIM.ledger, expected: 60 } }, ports, never)).toMatchObject({
      kind: "read-to-end",
      ledger: { delivered: 30, undeliverable: 30 },
    });
  });
});

describe("log times", () => {
  const OUT_OF_RANGE = refused(400, "PostBodyInvalid", "The post data time is out of range");

  /** Log times of a batch in seconds, by other code than ours. */
  function timesOf(batch: Batch): number[] {
    return decodeWithProtobufjs(batch.logGroup).Logs.map(({ Time }) => Time);
  }

  /** A sink that takes only logs of today. */
  const strict = async (batch: Batch) =>
    timesOf(batch).every((time) => time * 1_000 >= NOW.getTime()) ? accepted(batch) : OUT_OF_RANGE;

  it("are the events' until the sink refuses one, then the delivery's for the rest of the claim, and both are counted", async () => {
    const { ports, sent, saved } = portsOver();
    const lenient: string[] = ["2"];
    const send: DeliveryPorts["send"] = async (batch) => {
      sent.push(batch);
      return lenient.includes(lastOf(batch) ?? "") ? accepted(batch) : strict(batch);
    };
    expect(await deliverSlice(CLAIM, { ...ports, send }, never)).toMatchObject({ ledger: { delivered: 10 } });
    expect(saved.map(({ deliveryTimed }) => deliveryTimed)).toEqual([0, 3, 3, 1]);
    const second = sent.filter((batch) => lastOf(batch) === "5");
    expect(second).toHaveLength(2);
    expect(second[0]?.id).toBe(second[1]?.id);
    // Not on its way yet when the second was refused: it does not learn that by a refusal of its own.
    expect(sent.filter((batch) => lastOf(batch) === "9")).toHaveLength(1);
    expect(saved.every(({ resent }) => resent === 0)).toBe(true);
  });

  it("are the delivery's from the beginning when that was chosen", async () => {
    const { ports, sent, saved } = portsOver();
    await deliverSlice({ ...CLAIM, logTime: "delivery" }, ports, never);
    expect(sent.flatMap(timesOf)).toEqual(EVENTS.map(() => NOW.getTime() / 1_000));
    expect(saved.reduce((sum, { deliveryTimed }) => sum + deliveryTimed, 0)).toBe(10);
  });

  it("stay the events' when that was chosen, and what the sink refuses is undeliverable", async () => {
    const { ports } = portsOver({
      send: async (batch) =>
        batch.events.some(({ eventId }) => eventId === "1") ? refused(400, "InvalidTimestamp", "no") : accepted(batch),
    });
    expect(await deliverSlice({ ...CLAIM, logTime: "event" }, ports, never)).toMatchObject({
      ledger: { delivered: 9, undeliverable: 1 },
    });
  });
});

describe("a ceiling", () => {
  it("cuts batches into pieces of a second's worth and waits for each, asking again every second", async () => {
    const asked: number[] = [];
    let isFirst = true;
    const { ports, saved, slept } = portsOver({
      readPage: async (after) => (after === null ? pageOf(EVENTS) : NOTHING),
      askPace: async (events) => {
        asked.push(events);
        if (events > 3) {
          return { kind: "smaller" };
        }
        const pace = isFirst ? { kind: "wait" as const, ms: 60_000 } : { kind: "go" as const };
        isFirst = false;
        return pace;
      },
    });
    expect(await deliverSlice(CLAIM, ports, never)).toMatchObject({ kind: "read-to-end" });
    expect(saved.map(({ cursor }) => cursor.eventId)).toEqual(["2", "4", "7", "9"]);
    expect(asked).toEqual([10, 5, 3, 3, 2, 5, 3, 2]);
    expect(slept[0]).toBe(1_000);
  });

  it("lets no page overtake one that it cuts: what is sent is saved before the next is sent, and nothing is sent in vain", async () => {
    let isOver = false;
    const { ports, saved, sent } = portsOver({
      askPace: async (events) => (events > 1 ? { kind: "smaller" } : { kind: "go" }),
      send: async (batch) => {
        sent.push(batch);
        isOver = sent.length === 2;
        await new Promise(setImmediate);
        return accepted(batch);
      },
      wantsHandBack: () => isOver,
    });
    expect(await deliverSlice(CLAIM, ports, never)).toEqual({ kind: "handed-back" });
    expect(sent.flatMap((batch) => idsOf(batch.events))).toEqual(["0", "1"]);
    expect(saved.map(({ cursor }) => cursor.eventId)).toEqual(["0", "1"]);
  });
});

describe("what earlier runs could not deliver", () => {
  const retry: SliceClaim = {
    ...CLAIM,
    run: 2,
    cursor: { eventTime: new Date(), eventId: "9" },
    ledger: { expected: 10, delivered: 6, undeliverable: 4, gap: 0 },
  };
  const key = (event: DeliverableEvent) => ({ eventTime: event.eventTime, eventId: event.eventId });

  it("is tried again: taken, refused once more, or gone from history", async () => {
    const left = EVENTS.slice(2, 5);
    const gone = EVENTS.slice(5, 6).map(key);
    const { ports, retried, saved } = portsOver({
      readUndeliverable: async (after) =>
        after === null ? { events: left, gone, last: gone[0] ?? null } : { events: [], gone: [], last: null },
      send: async (batch) =>
        batch.events.some(({ eventId }) => eventId === "3") ? refused(400, "InvalidKey", "still bad") : accepted(batch),
    });
    expect(await deliverSlice(retry, ports, never)).toEqual({
      kind: "read-to-end",
      ledger: { expected: 10, delivered: 8, undeliverable: 1, gap: 1 },
    });
    expect(saved).toEqual([]);
    expect(retried.flatMap(({ delivered }) => idsOf(delivered))).toEqual(["2", "4"]);
    expect(retried.flatMap(({ undeliverable }) => undeliverable)).toMatchObject([
      { eventId: "3", reason: "InvalidKey: still bad" },
    ]);
    expect(retried.flatMap((progress) => idsOf(progress.gone))).toEqual(["5"]);
  });

  it("is left alone in a job's first run", async () => {
    const { ports, retried } = portsOver({
      readUndeliverable: async () => {
        throw new Error("not in a first run");
      },
    });
    await deliverSlice({ ...retry, run: 1 }, ports, never);
    expect(retried).toEqual([]);
  });
});
