import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Trouble } from "@/domain/log-service/rules.ts";
import { pool, prisma } from "@/server/db.ts";
import { closeQueue, insertEntry } from "@/server/queue.ts";
import { holdEntry, loseEntry } from "@/testing/queue-entries.ts";
import {
  closeCircuit,
  findRetryAt,
  findSinkTrouble,
  giveTurnBack,
  isSinkFree,
  noteFailure,
  type Sink,
  type Turn,
  takeTurn,
} from "./circuit.ts";

const BUSY: Trouble = { cause: "endpoint", code: "ServerBusy", message: "busy", retryAfterMs: null };
const QUOTA: Trouble = { cause: "project", code: "WriteQuotaExceed", message: "quota", retryAfterMs: null };

let sink: Sink;
let mate: Sink;
let entry: Awaited<ReturnType<typeof holdEntry>>;

beforeEach(async () => {
  entry = await holdEntry(await insertEntry(prisma(), { jobId: 0 }));
  const endpoint = `http://${randomUUID()}`;
  sink = { endpoint, project: "one" };
  mate = { endpoint, project: "two" };
});

afterAll(closeQueue);

/** For a claim of an entry that a worker has. */
function take(from: Sink, holder: string): Promise<Turn> {
  return takeTurn(from, holder, entry);
}

/** Moves all of an endpoint's times back, as if that much had passed. */
async function letPass(seconds: number): Promise<void> {
  await pool().query(
    `UPDATE sink_circuit SET tried_at = tried_at - $2 * interval '1 s', retry_at = retry_at - $2 * interval '1 s',
       holder_until = holder_until - $2 * interval '1 s' WHERE endpoint = $1`,
    [sink.endpoint, seconds],
  );
}

async function silentMs(): Promise<number> {
  const row = await prisma().sinkCircuit.findFirstOrThrow({ where: sink });
  return Number(row.silentMs);
}

describe("a sink without trouble", () => {
  it("is free for everybody and has no time to wait for", async () => {
    expect(await isSinkFree(sink)).toBe(true);
    expect(await take(sink, "a")).toEqual({ kind: "free" });
    expect(await findRetryAt(prisma(), sink)).toBeNull();
    expect(await findSinkTrouble(sink)).toBeNull();
  });
});

describe("a sink in trouble", () => {
  it("counts failures of requests that were under way when its circuit opened once", async () => {
    await Promise.all(["a", "b", "c", "d"].map((holder) => noteFailure(sink, holder, BUSY, 1_000)));
    expect(await findSinkTrouble(sink)).toMatchObject({ failures: 1, code: "ServerBusy", message: "busy" });
    expect(await isSinkFree(sink)).toBe(false);
  });

  it("gives its turn to one of many who ask at once, and to nobody else until that one has failed", async () => {
    await noteFailure(sink, "a", BUSY, 1_000);
    const askers = Array.from({ length: 30 }, (_, index) => `claim-${index}`);
    const turns = await Promise.all(askers.map((holder) => take(sink, holder)));
    const holders = askers.filter((_, index) => turns[index]?.kind === "turn");
    expect(holders).toHaveLength(1);
    expect(turns.filter(({ kind }) => kind === "wait")).toHaveLength(29);

    const [holder = ""] = holders;
    await noteFailure(sink, "late", BUSY, 0);
    expect((await take(sink, "other")).kind).toBe("wait");
    await noteFailure(sink, holder, QUOTA, 1_000);
    expect(await findSinkTrouble(sink)).toMatchObject({ failures: 2, code: "WriteQuotaExceed" });
    expect(await take(sink, "other")).toMatchObject({ kind: "turn", failures: 2 });
  });

  it("keeps the turn of a claim whose other request, sent before the trouble was known, fails late", async () => {
    await noteFailure(sink, null, BUSY, 1_000);
    expect((await take(sink, "a")).kind).toBe("turn");
    await noteFailure(sink, null, BUSY, 0);
    expect((await take(sink, "b")).kind).toBe("wait");
    expect(await findSinkTrouble(sink)).toMatchObject({ failures: 1 });
  });

  it("is left alone for as long as the last failure has set", async () => {
    await noteFailure(sink, "a", BUSY, 60_000);
    const turn = await take(sink, "a");
    expect(turn.kind === "wait" && turn.ms).toBeGreaterThan(58_000);
    const retryAt = await findRetryAt(prisma(), sink);
    expect(retryAt?.toISOString()).toBe((await findSinkTrouble(sink))?.retryAt);
    await letPass(58);
    expect(await take(sink, "a")).toMatchObject({ kind: "turn", inMs: expect.closeTo(2_000, -3) });
  });

  it("passes a dead holder's turn on after its lease, and one that was given back at once", async () => {
    await noteFailure(sink, "a", BUSY, 1_000);
    expect((await take(sink, "dead")).kind).toBe("turn");
    await letPass(60);
    expect((await take(sink, "b")).kind).toBe("wait");
    await letPass(10);
    expect((await take(sink, "b")).kind).toBe("turn");
    await giveTurnBack(sink, "dead");
    expect((await take(sink, "c")).kind).toBe("wait");
    await giveTurnBack(sink, "b");
    expect((await take(sink, "c")).kind).toBe("turn");
  });

  it.each(["was lost", "is in other hands by now"])(
    "passes the turn of a claim on at once whose entry %s",
    async (end) => {
      await noteFailure(sink, "a", BUSY, 1_000);
      await noteFailure(mate, "a", BUSY, 1_000);
      const lost = entry;
      expect((await take(sink, "lost")).kind).toBe("turn");
      await letPass(2);
      entry = await holdEntry(await insertEntry(prisma(), { jobId: 0 }));
      expect((await take(mate, "b")).kind).toBe("wait");
      await loseEntry(lost);
      if (end === "is in other hands by now") {
        await holdEntry(lost.id);
      }
      const retryAt = await findRetryAt(prisma(), sink);
      expect((retryAt?.getTime() ?? 0) - Date.now()).toBeLessThan(2_500);
      // Whoever was frozen until now asks in vain.
      expect((await takeTurn(sink, "lost", lost)).kind).toBe("wait");
      expect((await take(mate, "b")).kind).toBe("turn");
      // What it says of its try comes too late.
      await giveTurnBack(mate, "lost");
      await noteFailure(mate, "lost", QUOTA, 60_000);
      expect(await findSinkTrouble(mate)).toMatchObject({ failures: 1, code: "ServerBusy" });
      expect((await take(sink, "c")).kind).toBe("wait");
    },
  );

  it("lets nobody come in vain while a claim has the turn", async () => {
    await noteFailure(sink, "a", BUSY, 1_000);
    await letPass(2);
    const free = await findRetryAt(prisma(), sink);
    await take(sink, "a");
    const held = await findRetryAt(prisma(), sink);
    expect((held?.getTime() ?? 0) - (free?.getTime() ?? 0)).toBeGreaterThan(3_000);
  });

  it("is free again with the next acceptance", async () => {
    await noteFailure(sink, "a", BUSY, 1_000);
    await take(sink, "a");
    await closeCircuit(sink, "a");
    await closeCircuit(sink, "a");
    expect(await isSinkFree(sink)).toBe(true);
  });

  it("is not taken for well by the acceptance of a claim whose turn is another's by now", async () => {
    await noteFailure(sink, null, BUSY, 1_000);
    expect((await take(sink, "frozen")).kind).toBe("turn");
    await letPass(70);
    expect((await take(sink, "next")).kind).toBe("turn");
    await closeCircuit(sink, "frozen");
    expect(await isSinkFree(sink)).toBe(false);
    expect((await take(sink, "other")).kind).toBe("wait");
    await closeCircuit(sink, "next");
    expect(await isSinkFree(sink)).toBe(true);
  });

  it("counts no time in which the claim that has the turn was frozen, or its whole machine suspended", async () => {
    await noteFailure(sink, null, BUSY, 1_000);
    await take(sink, "a");
    await letPass(8 * 3_600);
    expect((await noteFailure(sink, "a", BUSY, 1_000)).silentMs).toBe(0);
  });

  it("adds up the time in which it was tried, and begins again when nobody tried", async () => {
    await noteFailure(sink, "a", BUSY, 1_000);
    await letPass(300);
    await take(sink, "a");
    expect(await silentMs()).toBeGreaterThanOrEqual(300_000);
    await letPass(30);
    expect((await noteFailure(sink, "a", BUSY, 1_000)).silentMs).toBeGreaterThanOrEqual(330_000);
    await letPass(16 * 60);
    await take(sink, "a");
    expect(await silentMs()).toBe(0);
  });
});

describe("the projects of one endpoint", () => {
  it("take turns when the endpoint is in trouble, and none is in the way of a healthy one", async () => {
    await noteFailure(sink, "a", BUSY, 1_000);
    await noteFailure(mate, "b", BUSY, 1_000);
    expect((await take(sink, "a")).kind).toBe("turn");
    expect((await take(mate, "b")).kind).toBe("wait");
    expect(await take({ ...sink, project: "healthy" }, "c")).toEqual({ kind: "free" });
  });

  it("go their own ways when the trouble is one project's quota", async () => {
    await noteFailure(sink, "a", QUOTA, 1_000);
    await noteFailure(mate, "b", BUSY, 1_000);
    expect((await take(sink, "a")).kind).toBe("turn");
    expect((await take(mate, "b")).kind).toBe("turn");
  });

  it("are tried at once when one of them is accepted, except those with a trouble of their own", async () => {
    const quota = { ...sink, project: "three" };
    await noteFailure(mate, "b", BUSY, 60_000);
    await noteFailure(quota, "c", QUOTA, 60_000);
    await noteFailure(sink, "a", BUSY, 1_000);
    await letPass(2);
    await take(sink, "a");
    await closeCircuit(sink, "a");
    expect((await take(mate, "b")).kind).toBe("turn");
    expect((await take(quota, "c")).kind).toBe("wait");
  });

  it("are silent for as long as the endpoint is tried, however long each of them waits for its turn", async () => {
    await noteFailure(sink, null, BUSY, 1_000);
    await noteFailure(mate, null, BUSY, 1_000);
    await letPass(10 * 60);
    await take(mate, "b");
    await noteFailure(mate, "b", BUSY, 1_000);
    await letPass(10 * 60);
    expect((await take(sink, "a")).kind).toBe("turn");
    expect(await silentMs()).toBe(15 * 60_000);
    await noteFailure(sink, "a", BUSY, 1_000);
    await letPass(16 * 60);
    await take(sink, "a");
    expect(await silentMs()).toBe(0);
  });

  it("are tried once a second at most, over many claims of five sick projects", async () => {
    const projects = ["p1", "p2", "p3", "p4", "p5"].map((project) => ({ endpoint: sink.endpoint, project }));
    await Promise.all(projects.map((project) => noteFailure(project, "first", BUSY, 1_000)));
    const tries: number[] = [];
    const turnsEnd = performance.now() + 5_000;
    const claims = projects.flatMap((project) =>
      [0, 1, 2].map((claim) => ({ project, holder: `${project.project}-${claim}` })),
    );
    await Promise.all(
      claims.map(async ({ project, holder }) => {
        while (performance.now() < turnsEnd) {
          const turn = await take(project, holder);
          if (turn.kind === "turn") {
            await new Promise((resolve) => setTimeout(resolve, turn.inMs));
            tries.push(performance.now());
            await noteFailure(project, holder, BUSY, 1_000);
          } else {
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }
      }),
    );
    expect(tries.length).toBeGreaterThanOrEqual(2);
    const apart = tries.toSorted((a, b) => a - b).map((at, index, all) => at - (all[index - 1] ?? 0));
    // A try that was noted late takes something off the second; tries that nothing keeps apart come at once.
    expect(Math.min(...apart.slice(1))).toBeGreaterThan(600);
  });
});
