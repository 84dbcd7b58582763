import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { mintAccountScope } from "@/domain/access/scope.ts";
import { type HistoryEvent, parseEvent } from "@/domain/event/event.ts";
import { pool } from "@/server/db.ts";
import { arrivalLockKey } from "./arrival-lock.ts";
import { recordEvents } from "./commands.ts";

const NOW = new Date();
const HOUR_MS = 3_600_000;

let accounts = 0;

function freshScope() {
  accounts++;
  const actor = { type: "command-line", id: "test", name: "test", from: null } as const;
  return mintAccountScope(String(accounts).padStart(16, "0"), actor, "backtrail:PutEvents");
}

function event(eventId: string, fields: Record<string, unknown> = {}): HistoryEvent {
  const eventTime = new Date(NOW.getTime() - HOUR_MS).toISOString();
  const body = JSON.stringify({ eventId, acsRegion: "cn-hangzhou", eventTime, eventRW: "Read", ...fields });
  const parsed = parseEvent(body, NOW);
  if (parsed.kind !== "event") {
    throw new Error(`${body} is ${parsed.kind}`);
  }
  return parsed.event;
}

function events(count: number, regions: readonly string[], name = "event"): HistoryEvent[] {
  return Array.from({ length: count }, (_, index) =>
    event(`${name}-${index}`, {
      acsRegion: regions[index % regions.length],
      eventTime: new Date(NOW.getTime() - (index % 500) * HOUR_MS).toISOString(),
      eventRW: ["Read", "Write", undefined][index % 3],
    }),
  );
}

async function storedBodies(accountId: string): Promise<string[]> {
  const { rows } = await pool().query<{ body: string }>(
    `SELECT "body" FROM "event" WHERE "account_id" = $1 ORDER BY "region", "event_time", "event_id"`,
    [accountId],
  );
  return rows.map(({ body }) => body);
}

async function listedConflicts(accountId: string): Promise<string[]> {
  const { rows } = await pool().query<{ body: string }>(
    `SELECT "body" FROM "event_conflict" WHERE "account_id" = $1 ORDER BY "body"`,
    [accountId],
  );
  return rows.map(({ body }) => body);
}

/** The rollup, and what it has to be. */
async function rollups(accountId: string): Promise<{ kept: unknown[]; counted: unknown[] }> {
  const kept = await pool().query(
    `SELECT "granularity", "region", "starts_at", "event_rw", "count" FROM "event_count" WHERE "account_id" = $1
     ORDER BY 1, 2, 3, 4`,
    [accountId],
  );
  const counted = await pool().query(
    `SELECT "granularity" COLLATE "C", "region", date_trunc("granularity", "event_time", 'UTC') AS "starts_at",
       COALESCE("event_rw", '') COLLATE "C" AS "event_rw", count(*) AS "count"
     FROM "event", (VALUES ('day'), ('hour')) AS "unit" ("granularity") WHERE "account_id" = $1
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    [accountId],
  );
  return { kept: kept.rows, counted: counted.rows };
}

describe("recordEvents", () => {
  it("records nothing when nothing is offered", async () => {
    expect(await recordEvents(freshScope(), [])).toEqual({ recorded: 0, present: 0, conflicts: 0 });
  });

  it("rejects an event whose day has no partition, and records none of its transaction", async () => {
    const scope = freshScope();
    const old = { ...event("old"), eventTime: new Date("2001-01-01T00:00:00Z") };
    await expect(recordEvents(scope, [event("new"), old])).rejects.toThrow("no partition");
    expect(await storedBodies(scope.accountId)).toEqual([]);
    expect((await rollups(scope.accountId)).kept).toEqual([]);
  });

  it("keeps bodies byte for byte, with the SHA-256 of their UTF-8", async () => {
    const scope = freshScope();
    const body = `{ "eventId":"odd",\t"acsRegion":"cn-hangzhou", "eventTime":"${NOW.toISOString()}",
      "a":"\\u0000\\ud800", "b":1.0, "b":1e2, "c":"云😀\\"'\\\\{,}NULL" }`;
    const parsed = parseEvent(body, NOW);
    await recordEvents(scope, parsed.kind === "event" ? [parsed.event] : []);
    const { rows } = await pool().query(
      `SELECT "body", "digest" = sha256(convert_to("body", 'UTF8')) AS "matches" FROM "event" WHERE "account_id" = $1`,
      [scope.accountId],
    );
    expect(rows).toEqual([{ body, matches: true }]);
  });

  it("adds nothing the second time", async () => {
    const scope = freshScope();
    const offered = events(3_000, ["cn-hangzhou", "cn-shanghai"]);
    expect(await recordEvents(scope, offered)).toEqual({ recorded: 3_000, present: 0, conflicts: 0 });
    const before = await rollups(scope.accountId);
    expect(await recordEvents(scope, offered)).toEqual({ recorded: 0, present: 3_000, conflicts: 0 });
    expect(await rollups(scope.accountId)).toEqual(before);
    expect(before.kept).toEqual(before.counted);
  });

  it("keeps the first body of an identity, and lists every other body once", async () => {
    const scope = freshScope();
    const [first, second, third] = ["1", "2", "3"].map((serviceName) => event("same", { serviceName }));
    if (first === undefined || second === undefined || third === undefined) {
      throw new Error("three events were made");
    }
    expect(await recordEvents(scope, [first, second, first, second])).toEqual({
      recorded: 1,
      present: 1,
      conflicts: 2,
    });
    expect(await recordEvents(scope, [second, third, first])).toEqual({ recorded: 0, present: 1, conflicts: 2 });
    expect(await storedBodies(scope.accountId)).toEqual([first.body]);
    expect(await listedConflicts(scope.accountId)).toEqual([second.body, third.body]);
  });

  it("takes times that differ below the millisecond for one identity", async () => {
    const scope = freshScope();
    const second = NOW.toISOString().slice(0, 19);
    const offered = ["0001", "0009"].map((fraction) => event("same", { eventTime: `${second}.${fraction}Z` }));
    expect(await recordEvents(scope, offered)).toEqual({ recorded: 1, present: 0, conflicts: 1 });
  });

  it("keeps the same event id apart by account, region and time", async () => {
    const offered = [
      event("same"),
      event("same", { acsRegion: "cn-shanghai" }),
      event("same", { eventTime: NOW.toISOString() }),
    ];
    expect((await recordEvents(freshScope(), offered)).recorded).toBe(3);
    expect((await recordEvents(freshScope(), offered)).recorded).toBe(3);
  });

  it("records events that are larger together than one transaction may be", async () => {
    const scope = freshScope();
    const large = Array.from({ length: 8 }, (_, index) => event(`large-${index}`, { pad: "x".repeat(900_000) }));
    expect((await recordEvents(scope, large)).recorded).toBe(8);
    const { rows } = await pool().query(
      `SELECT count(DISTINCT "xmin"::text) AS "transactions" FROM "event" WHERE "account_id" = $1`,
      [scope.accountId],
    );
    expect(rows).toEqual([{ transactions: 4 }]);
  });

  it("draws arrival numbers in the order of the keys", async () => {
    const scope = freshScope();
    await recordEvents(
      scope,
      ["b", "a", "B", "😀", "ﬀ"].map((eventId) => event(eventId)),
    );
    const { rows } = await pool().query<{ event_id: string }>(
      `SELECT "event_id" FROM "event" WHERE "account_id" = $1 ORDER BY "arrival"`,
      [scope.accountId],
    );
    expect(rows.map((row) => row.event_id)).toEqual(["B", "a", "b", "ﬀ", "😀"]);
  });

  it.each([2, 4])("counts every event once when %i recorders offer overlapping events", async (recorders) => {
    const scope = freshScope();
    const all = events(2_500, ["cn-hangzhou", "cn-shanghai", "ap-southeast-1"]);
    const changed = all.slice(0, 100).map((one) => ({ ...one, body: `${one.body} ` }));
    const offers = Array.from({ length: recorders }, (_, recorder) =>
      // Each in another order, small pieces at a time, so that they meet often.
      (recorder % 2 === 0 ? all : all.toReversed()).slice(recorder * 100).concat(changed),
    );
    const counts = await Promise.all(
      offers.map(async (offer) => {
        const recorded: number[] = [];
        for (let from = 0; from < offer.length; from += 150) {
          recorded.push((await recordEvents(scope, offer.slice(from, from + 150))).recorded);
        }
        return recorded.reduce((sum, count) => sum + count, 0);
      }),
    );
    const bodies = await storedBodies(scope.accountId);
    expect(bodies.length).toBe(2_500);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2_500);
    const { kept, counted } = await rollups(scope.accountId);
    expect(kept).toEqual(counted);
    const conflicts = await listedConflicts(scope.accountId);
    expect(new Set([...bodies, ...conflicts]).size).toBe(bodies.length + conflicts.length);
  });

  it.each(["40P01", "40001"])("tries again when PostgreSQL asks for it with %s", async (code) => {
    const scope = freshScope();
    await withFailingRollup(code, 2, async () => {
      expect(await recordEvents(scope, [event("once")])).toEqual({ recorded: 1, present: 0, conflicts: 0 });
    });
    const { kept, counted } = await rollups(scope.accountId);
    expect(kept).toEqual(counted);
  });

  it.each([
    ["that no repeat cures", "23514", 1],
    ["that lasts", "40P01", 5],
  ])("rejects with a failure %s, and records nothing", async (_what, code, failures) => {
    const scope = freshScope();
    await withFailingRollup(code, failures, async () => {
      await expect(recordEvents(scope, [event("never")])).rejects.toMatchObject({ code });
    });
    expect(await storedBodies(scope.accountId)).toEqual([]);
  });

  it("records nothing while a history job of the account is being created, and then goes on", async () => {
    const scope = freshScope();
    const creator = new Client({ connectionString: process.env.DATABASE_URL });
    await creator.connect();
    try {
      await creator.query("BEGIN");
      await creator.query("SELECT pg_advisory_xact_lock($1, $2)", [...arrivalLockKey(scope.accountId)]);
      const recording = recordEvents(scope, [event("late")]);
      await untilSomebodyWaits();
      const { rows } = await creator.query<{ drawn: string }>(`SELECT nextval('event_arrival_seq') AS "drawn"`);
      expect((await recordEvents(freshScope(), [event("of another account")])).recorded).toBe(1);
      await creator.query("COMMIT");
      await recording;
      const { rows: stored } = await creator.query<{ arrival: string }>(
        `SELECT "arrival" FROM "event" WHERE "account_id" = $1`,
        [scope.accountId],
      );
      expect(Number(stored[0]?.arrival)).toBeGreaterThan(Number(rows[0]?.drawn));
    } finally {
      await creator.end();
    }
  });
});

/** While `work` runs, the first writes of the rollup fail with an SQLSTATE. */
async function withFailingRollup(code: string, failures: number, work: () => Promise<void>): Promise<void> {
  const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
  await owner.connect();
  try {
    // A sequence, because it counts on when the transaction that failed is rolled back.
    await owner.query(`
      CREATE SEQUENCE "rollup_write";
      CREATE FUNCTION "fail_at_first"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
          IF nextval('rollup_write') <= ${failures} THEN RAISE 'failed for a test' USING ERRCODE = '${code}'; END IF;
          RETURN NULL;
        END
      $$;
      CREATE TRIGGER "fail_at_first" BEFORE INSERT ON "event_count" FOR EACH STATEMENT EXECUTE FUNCTION "fail_at_first"();`);
    await work();
  } finally {
    await owner.query(
      `DROP TRIGGER "fail_at_first" ON "event_count"; DROP FUNCTION "fail_at_first"; DROP SEQUENCE "rollup_write"`,
    );
    await owner.end();
  }
}

/** Resolves when a session of this file's database waits for a lock. */
async function untilSomebodyWaits(): Promise<void> {
  const waiting = async () => {
    const { rows } = await pool().query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  };
  while (!(await waiting())) {
    await sleep(5);
  }
}
