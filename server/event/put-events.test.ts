import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import type { AccountScope } from "@/domain/access/scope.ts";
import { mintAccountScope } from "@/domain/access/scope.ts";
import type { PutEventOutcome } from "@/domain/event/put-events.ts";
import { pool, prisma } from "@/server/db.ts";
import { eventText } from "@/testing/history-account.ts";
import { EventScanner } from "./event-scanner.ts";
import { putEvents } from "./put-events.ts";

const FOUR_MB = 4 * 1024 * 1024;

let accounts = 0;

function freshScope(): AccountScope {
  accounts++;
  const actor = { type: "access-key", id: "LTAItest", name: "LTAItest", from: null } as const;
  return mintAccountScope(String(accounts).padStart(16, "7"), actor, "backtrail:PutEvents");
}

function put(scope: AccountScope, text: string | Uint8Array, encoding?: string): Promise<PutEventOutcome[]> {
  return putEvents(scope, { bytes: Buffer.from(text), encoding });
}

function event(eventId: string, ageMs = 3_600_000): string {
  return eventText({ eventId, eventTime: new Date(Date.now() - ageMs) });
}

async function countEvents({ accountId }: AccountScope): Promise<number> {
  const { rows } = await pool().query<{ count: number }>(
    `SELECT count(*)::int AS count FROM event WHERE account_id = $1`,
    [accountId],
  );
  return rows[0]?.count ?? 0;
}

function entriesOf({ accountId }: AccountScope) {
  return prisma().auditEntry.findMany({ where: { accountId } });
}

describe("putEvents", () => {
  it("says of every event, by its line, what became of it", async () => {
    const scope = freshScope();
    const [first, second] = [event("first"), event("second")];
    const body = [
      first,
      "",
      '{"eventId":"no-time","acsRegion":"cn-hangzhou"}',
      first.replace("DescribeInstances", "Other"),
      "not json",
      event("old", 91 * 86_400_000),
      event("ahead", -16 * 60_000),
      second,
      first,
    ].join("\n");
    expect(await put(scope, body)).toEqual([
      { line: 1, outcome: "recorded", eventId: "first" },
      { line: 3, outcome: "refused", reason: "no eventTime" },
      { line: 4, outcome: "conflict", eventId: "first" },
      { line: 5, outcome: "refused", reason: "not a JSON object" },
      { line: 6, outcome: "refused", reason: "eventTime is more than 90 days ago" },
      { line: 7, outcome: "refused", reason: "eventTime is more than 15 minutes ahead" },
      { line: 8, outcome: "recorded", eventId: "second" },
      { line: 9, outcome: "present", eventId: "first" },
    ]);
    expect(await countEvents(scope)).toBe(2);
  });

  it("may be repeated: what was recorded is present, and nothing is recorded twice", async () => {
    const scope = freshScope();
    const body = [event("one"), event("two")].join("\n");
    await put(scope, body);
    expect((await put(scope, body)).map(({ outcome }) => outcome)).toEqual(["present", "present"]);
    expect(await countEvents(scope)).toBe(2);
  });

  it("records an event once when many send it at once", async () => {
    const scope = freshScope();
    const body = event("raced");
    const outcomes = (await Promise.all(Array.from({ length: 8 }, () => put(scope, body)))).flat();
    expect(outcomes.filter(({ outcome }) => outcome === "recorded")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "present")).toHaveLength(7);
  });

  it.each<[string, (text: string) => Uint8Array]>([
    ["gzip", gzipSync],
    ["GZIP", gzipSync],
    ["zstd", zstdCompressSync],
    ["identity", Buffer.from],
  ])("takes a body in %s", async (encoding, compress) => {
    const outcomes = await put(freshScope(), compress(event("compressed")), encoding);
    expect(outcomes).toMatchObject([{ outcome: "recorded", eventId: "compressed" }]);
  });

  it("takes 1,000 events and 4 MB, in more than one transaction", async () => {
    const scope = freshScope();
    const base = Array.from({ length: 1_000 }, (_, index) => event(`event-${index}`)).join("\n").length;
    const filler = Math.floor((FOUR_MB - base) / 1_000) - 10;
    const events = Array.from({ length: 1_000 }, (_, index) =>
      event(`event-${index}`).replace("{", `{"x":"${"x".repeat(filler)}",`),
    );
    const body = events.join("\n");
    expect(body.length).toBeLessThanOrEqual(FOUR_MB);
    const outcomes = await put(scope, body);
    expect(outcomes.every(({ outcome }) => outcome === "recorded")).toBe(true);
    expect(await countEvents(scope)).toBe(1_000);
  });

  it("takes nothing for no events", async () => {
    expect(await put(freshScope(), "")).toEqual([]);
  });

  it.each<[string, Uint8Array, string | undefined, string]>([
    ["1,001 events", Buffer.from(`${event("x")}\n`.repeat(1_001)), undefined, "too-many"],
    ["a thousand broken lines and one", Buffer.from("x\n".repeat(1_001)), undefined, "too-many"],
    ["more than 4 MB", Buffer.alloc(FOUR_MB + 1, " "), undefined, "too-large"],
    ["more than 4 MB before it was compressed by gzip", gzipSync(Buffer.alloc(FOUR_MB + 1, " ")), "gzip", "too-large"],
    [
      "more than 4 MB before it was compressed by zstd",
      zstdCompressSync(Buffer.alloc(FOUR_MB + 1)),
      "zstd",
      "too-large",
    ],
    ["a bomb in gzip", gzipSync(Buffer.alloc(100_000_000)), "gzip", "too-large"],
    ["a bomb in zstd", zstdCompressSync(Buffer.alloc(100_000_000)), "zstd", "too-large"],
    ["a body that is not gzip", Buffer.from(event("x")), "gzip", "damaged"],
    ["a body that is not zstd", Buffer.from(event("x")), "zstd", "damaged"],
    ["a body that breaks off", gzipSync(event("x")).subarray(0, -4), "gzip", "damaged"],
    ["a compression that it does not know", Buffer.from(event("x")), "br", "unknown-encoding"],
    ["two compressions", gzipSync(gzipSync(event("x"))), "gzip, gzip", "unknown-encoding"],
    ["a compression with a very long name", Buffer.from(event("x")), "x".repeat(5_000), "unknown-encoding"],
  ])("refuses %s, records nothing, and the audit has it", async (_, body, encoding, events) => {
    const scope = freshScope();
    await expect(put(scope, body, encoding)).rejects.toMatchObject({ code: "InvalidEvents", details: { events } });
    expect(await countEvents(scope)).toBe(0);
    expect(await entriesOf(scope)).toMatchObject([
      {
        action: "backtrail:PutEvents",
        outcome: "refused",
        errorCode: "InvalidEvents",
        actorId: "LTAItest",
        details: { fault: events, bytes: body.length, encoding: (encoding ?? "identity").slice(0, 100) },
      },
    ]);
  });

  it("scans 4 MB of empty objects only until there are too many", async () => {
    const push = vi.spyOn(EventScanner.prototype, "push");
    await expect(put(freshScope(), Buffer.alloc(FOUR_MB, "{}\n"))).rejects.toMatchObject({
      details: { events: "too-many" },
    });
    const scanned = push.mock.calls.reduce((sum, [piece]) => sum + piece.length, 0);
    push.mockRestore();
    expect(scanned).toBeLessThanOrEqual(64 * 1024);
  });

  it("leaves no entry in the audit when it is carried out, whatever becomes of single events", async () => {
    const scope = freshScope();
    await put(scope, [event("one"), "{}"].join("\n"));
    expect(await entriesOf(scope)).toEqual([]);
  });

  it("refuses an event that is not valid UTF-8, and only that one", async () => {
    const body = Buffer.concat([
      Buffer.from('{"eventId":"'),
      Buffer.from([0xff]),
      Buffer.from(`"}\n${event("valid")}`),
    ]);
    expect(await put(freshScope(), body)).toEqual([
      { line: 1, outcome: "refused", reason: "not valid Unicode" },
      { line: 2, outcome: "recorded", eventId: "valid" },
    ]);
  });
});
