import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { mintAccountScope } from "@/domain/access/scope.ts";
import { parseEvent } from "@/domain/event/event.ts";
import type { EventFilter } from "@/domain/event/rules.ts";
import { pool, prisma } from "@/server/db.ts";
import { recordEvents } from "./commands.ts";
import { countEventsByDay } from "./queries.ts";

const NOW = new Date();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const REGIONS = ["ap-southeast-1", "cn-hangzhou", "cn-shanghai"];

const actor = { type: "command-line", id: "test", name: "test", from: null } as const;
const scope = mintAccountScope("1000000000000001", actor, "backtrail:PutEvents");
const otherScope = mintAccountScope("1000000000000002", actor, "backtrail:PutEvents");

const WINDOW_START_MS = Math.floor(NOW.getTime() / DAY_MS) * DAY_MS - 4 * DAY_MS;

/** Events on the very starts of hours and days, beside them, and between: where a cut could go wrong. */
function bodies(): string[] {
  const offsets = [0, 1, 999, 17 * MINUTE_MS, HOUR_MS - 1];
  return Array.from({ length: 4 * 24 }, (_, hour) => hour).flatMap((hour) =>
    offsets.map((offset, index) =>
      JSON.stringify({
        eventId: `${hour}-${offset}`,
        acsRegion: REGIONS[(hour + index) % REGIONS.length],
        eventTime: new Date(WINDOW_START_MS + hour * HOUR_MS + offset).toISOString(),
        eventRW: ["Read", "Write", "neither"][(hour + 2 * index) % 3],
      }),
    ),
  );
}

beforeAll(async () => {
  const events = bodies().flatMap((body) => {
    const parsed = parseEvent(body, NOW);
    return parsed.kind === "event" ? [parsed.event] : [];
  });
  expect((await recordEvents(scope, events)).recorded).toBe(480);
  await recordEvents(otherScope, events.slice(0, 7));
});

async function countPlainly({ regions, eventRW, from, to }: EventFilter): Promise<unknown[]> {
  const { rows } = await pool().query(
    `SELECT "region", to_char("event_time" AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS "day", count(*) AS "count" FROM "event"
     WHERE "account_id" = $1 AND ($2::text[] IS NULL OR "region" = ANY ($2)) AND ($3 = 'All' OR "event_rw" = $3)
       AND "event_time" >= $4 AND "event_time" < $5
     GROUP BY 1, 2 ORDER BY 2, 1`,
    [scope.accountId, regions, eventRW, from.toISOString(), to.toISOString()],
  );
  return rows;
}

describe("countEventsByDay", () => {
  it.each([
    ["a window that is empty", { from: NOW, to: NOW }],
    ["a window before the first event", { from: new Date(WINDOW_START_MS - DAY_MS), to: new Date(WINDOW_START_MS) }],
    ["a region without events", { regions: ["eu-central-1"] }],
    ["no region at all", { regions: [] }],
  ])("finds nothing in %s", async (_what, part) => {
    const filter: EventFilter = {
      regions: null,
      eventRW: "All",
      from: new Date(WINDOW_START_MS),
      to: new Date(WINDOW_START_MS + 4 * DAY_MS),
      ...part,
    };
    expect(await countEventsByDay(prisma(), scope.accountId, filter)).toEqual([]);
  });

  it("equals counting the events of any window and filter one by one", async () => {
    const instant = fc
      .tuple(fc.integer({ min: -1, max: 98 }), fc.constantFrom(0, 0, 0, 1, 2, 1000, 17 * MINUTE_MS, HOUR_MS - 1))
      .map(([hour, offset]) => new Date(WINDOW_START_MS + hour * HOUR_MS + offset));
    const filter = fc.record({
      regions: fc.oneof(fc.constant(null), fc.subarray(REGIONS)),
      eventRW: fc.constantFrom("All" as const, "Read" as const, "Write" as const),
      from: instant,
      to: instant,
    });
    await fc.assert(
      fc.asyncProperty(filter, async (one) => {
        expect(await countEventsByDay(prisma(), scope.accountId, one)).toEqual(await countPlainly(one));
      }),
      { numRuns: 200 },
    );
  });

  it("counts a region that is named twice once", async () => {
    const filter = { eventRW: "All" as const, from: new Date(WINDOW_START_MS), to: NOW };
    expect(
      await countEventsByDay(prisma(), scope.accountId, { ...filter, regions: ["cn-hangzhou", "cn-hangzhou"] }),
    ).toEqual(await countEventsByDay(prisma(), scope.accountId, { ...filter, regions: ["cn-hangzhou"] }));
  });

  it("counts the account's own events only", async () => {
    const filter = { regions: null, eventRW: "All" as const, from: new Date(WINDOW_START_MS), to: NOW };
    const [own, other] = await Promise.all(
      [scope, otherScope].map(({ accountId }) => countEventsByDay(prisma(), accountId, filter)),
    );
    expect(own?.reduce((sum, { count }) => sum + count, 0)).toBe(480);
    expect(other?.reduce((sum, { count }) => sum + count, 0)).toBe(7);
  });
});
