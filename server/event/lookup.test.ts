import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { Client } from "pg";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type EventLookup, LOOKUP_DIRECTIONS, LOOKUP_KEYS, type LookupKey } from "@/domain/event/lookup.ts";
import { generateHistory } from "@/testing/generated-history.ts";
import { createBuiltInAccount, type HistoryAccount, recordTexts } from "@/testing/history-account.ts";
import { countByTime } from "./histogram.ts";
import { type LookupQuery, lookupEventBodies, lookupEvents, pageStatement, streamEventBodies } from "./lookup.ts";
import { lookingUp } from "./lookup-statement.ts";
import { ensurePartitions } from "./partitions.ts";

const NOW = new Date();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = new Date(Math.floor(NOW.getTime() / DAY_MS) * DAY_MS - 40 * DAY_MS);
const ACTION = "actiontrail:LookupEvents";

let account: HistoryAccount;
let other: HistoryAccount;
/** In the order of pages that begin with the oldest. */
let texts: readonly string[];

type Fields = { eventId: string; eventTime: string; acsRegion: string };

/** The index of each key, by the column that its name has. */
const COLUMN_OF: Readonly<Record<LookupKey, string>> = {
  ServiceName: "service_name",
  EventName: "event_name",
  User: "user_name",
  RoleName: "split_part",
  EventAccessKeyId: "access_key_id",
  SourceIpAddress: "source_ip_address",
  ResourceType: "resource_type",
  ResourceName: "resource_name",
  EventType: "event_type",
  EventRW: "event_rw",
  SensitiveAction: "sensitive_action",
  EventId: "event_id",
};

/** Some events of one millisecond, some a day apart: what a page's end may fall between. */
function makeTexts(): string[] {
  return Array.from({ length: 240 }, (_, n) =>
    JSON.stringify({
      eventId: `event-${String(n % 3)}-${randomUUID()}`,
      acsRegion: ["cn-hangzhou", "cn-shanghai"][n % 2],
      eventTime: new Date(START.getTime() + Math.floor(n / 8) * 31 * HOUR_MS).toISOString(),
      eventRW: n % 5 === 0 ? "Write" : "Read",
      serviceName: n % 4 === 0 ? "Oss" : "Ecs",
      eventName: n % 7 === 0 ? "RunInstances" : "DescribeInstances",
      eventType: n % 11 === 0 ? "ConsoleOperation" : "ApiCall",
      sourceIpAddress: `192.0.2.${n % 9}`,
      resourceType: n % 6 === 0 ? "ACS::OSS::Bucket" : "ACS::ECS::Instance",
      resourceName: `i-${n % 13}`,
      ...(n % 10 === 0 ? { sensitiveAction: n % 20 === 0 ? true : "false" } : {}),
      userIdentity:
        n % 3 === 0
          ? { type: "assumed-role", userName: `deploy:session-${n % 2}`, accessKeyId: "STS.1" }
          : { type: "ram-user", userName: n % 2 === 0 ? "alice" : "deploy", accessKeyId: "LTAI1" },
    }),
  );
}

function inOrder(list: readonly string[]): string[] {
  const keyOf = (text: string) => {
    const { eventTime, eventId, acsRegion } = JSON.parse(text) as Fields;
    return [eventTime, eventId, acsRegion].join("\0");
  };
  return list.toSorted((one, two) => (keyOf(one) < keyOf(two) ? -1 : 1));
}

function lookupOf(part: Partial<EventLookup> = {}): EventLookup {
  return { conditions: [], region: null, from: START, to: NOW, ...part };
}

async function readAll(
  query: Omit<LookupQuery, "cursor">,
  { of = account, between }: { of?: HistoryAccount; between?: (page: number) => Promise<void> } = {},
) {
  const found: string[] = [];
  let cursor: string | null = null;
  for (let page = 1; ; page++) {
    const { events, next }: { events: readonly string[]; next: string | null } = await lookupEventBodies(
      of.scope(ACTION),
      { ...query, cursor },
    );
    found.push(...events);
    if (next === null) {
      return found;
    }
    cursor = next;
    await between?.(page);
  }
}

function findBy(conditions: EventLookup["conditions"], region: string | null = null) {
  return readAll({ lookup: lookupOf({ conditions, region }), direction: "FORWARD", pageSize: 500 });
}

beforeAll(async () => {
  account = await createBuiltInAccount();
  other = await createBuiltInAccount();
  texts = inOrder(makeTexts());
  await recordTexts(account, texts);
  await recordTexts(other, makeTexts().slice(0, 9));
});

describe("a look-up by each key", () => {
  const matches: Readonly<Record<LookupKey, [value: string, of: (event: Record<string, unknown>) => boolean]>> = {
    ServiceName: ["Oss", ({ serviceName }) => serviceName === "Oss"],
    EventName: ["RunInstances", ({ eventName }) => eventName === "RunInstances"],
    User: ["deploy", ({ userIdentity }) => (userIdentity as { userName: string }).userName === "deploy"],
    RoleName: ["deploy", ({ userIdentity }) => (userIdentity as { userName: string }).userName.startsWith("deploy:")],
    EventAccessKeyId: [
      "STS.1",
      ({ userIdentity }) => (userIdentity as { accessKeyId: string }).accessKeyId === "STS.1",
    ],
    SourceIpAddress: ["192.0.2.7", ({ sourceIpAddress }) => sourceIpAddress === "192.0.2.7"],
    ResourceType: ["ACS::OSS::Bucket", ({ resourceType }) => resourceType === "ACS::OSS::Bucket"],
    ResourceName: ["i-12", ({ resourceName }) => resourceName === "i-12"],
    EventType: ["ConsoleOperation", ({ eventType }) => eventType === "ConsoleOperation"],
    EventRW: ["Write", ({ eventRW }) => eventRW === "Write"],
    SensitiveAction: ["true", ({ sensitiveAction }) => sensitiveAction === true],
    EventId: ["", () => false],
  };

  it.each(LOOKUP_KEYS.filter((key) => key !== "EventId"))(
    "by %s finds exactly the events that have the value",
    async (key) => {
      const [value, isMatch] = matches[key];
      const expected = texts.filter((text) => isMatch(JSON.parse(text)));
      expect(expected.length).toBeGreaterThan(0);
      expect(await findBy([{ key, value }])).toEqual(expected);
      expect(await findBy([{ key, value: `${value} ` }])).toEqual([]);
      expect(await findBy([{ key, value: `x${value.slice(1)}` }])).toEqual([]);
    },
  );

  it("by EventId finds the one event", async () => {
    const { eventId } = JSON.parse(texts[17] ?? "") as Fields;
    expect(await findBy([{ key: "EventId", value: eventId }])).toEqual([texts[17]]);
  });

  it("finds what all conditions and the region say together", async () => {
    const found = await findBy(
      [
        { key: "ServiceName", value: "Oss" },
        { key: "EventRW", value: "Write" },
      ],
      "cn-hangzhou",
    );
    const expected = texts.filter((text) => {
      const event = JSON.parse(text);
      return event.serviceName === "Oss" && event.eventRW === "Write" && event.acsRegion === "cn-hangzhou";
    });
    expect(expected.length).toBeGreaterThan(0);
    expect(found).toEqual(expected);
  });

  it.each(["a\0b", "\ud800", "x".repeat(5_000)])("finds nothing by a value that no event can have", async (value) => {
    expect(await findBy([{ key: "User", value }])).toEqual([]);
    expect(await findBy([], value)).toEqual([]);
  });
});

describe("pages", () => {
  it.each(LOOKUP_DIRECTIONS)("give each event once, %s, at any page size, conditions and window", async (direction) => {
    const edge = fc.constantFrom(0, 1, 31 * HOUR_MS, 31 * HOUR_MS + 1, 5 * DAY_MS, 20 * DAY_MS, 41 * DAY_MS);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.option(fc.constantFrom("cn-hangzhou", "eu-central-1")),
        fc.boolean(),
        edge,
        edge,
        async (pageSize, region, isByService, one, two) => {
          const window = {
            from: new Date(START.getTime() + Math.min(one, two)),
            to: new Date(START.getTime() + Math.max(one, two)),
          };
          const conditions = isByService ? [{ key: "ServiceName", value: "Ecs" } as const] : [];
          const found = await readAll({ lookup: { conditions, region, ...window }, direction, pageSize });
          const expected = texts.filter((text) => {
            const event = JSON.parse(text);
            const at = Date.parse(event.eventTime);
            const isIn = at >= window.from.getTime() && at < window.to.getTime();
            return (
              isIn && (region ?? event.acsRegion) === event.acsRegion && (!isByService || event.serviceName === "Ecs")
            );
          });
          expect(found).toEqual(direction === "FORWARD" ? expected : expected.toReversed());
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each(LOOKUP_DIRECTIONS)(
    "give each event once, %s, while others are recorded all over the window",
    async (direction) => {
      const busy = await createBuiltInAccount();
      await recordTexts(busy, texts);
      const own = texts.map((text) => (JSON.parse(text) as Fields).eventId);
      const late = (page: number) =>
        Array.from({ length: 12 }, (_, n) =>
          JSON.stringify({
            eventId: `late-${direction}-${page}-${n}`,
            acsRegion: "cn-hangzhou",
            eventTime: new Date(START.getTime() + ((page * 12 + n) % 30) * 31 * HOUR_MS).toISOString(),
            serviceName: "Late",
          }),
        );
      const found = await readAll(
        { lookup: lookupOf(), direction, pageSize: 17 },
        { of: busy, between: (page) => (page < 20 ? recordTexts(busy, late(page)) : Promise.resolve()) },
      );
      const ids = found.map((text) => (JSON.parse(text) as Fields).eventId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => own.includes(id)).toSorted()).toEqual(own.toSorted());
    },
  );

  it("keep the window of the first page, whatever the next are asked with", async () => {
    const first = await lookupEvents(account.scope(ACTION), {
      lookup: lookupOf(),
      direction: "BACKWARD",
      pageSize: 10,
      cursor: null,
    });
    const later = lookupOf({ from: new Date(START.getTime() + DAY_MS), to: new Date(NOW.getTime() + 5_000) });
    const second = await lookupEvents(account.scope(ACTION), {
      lookup: later,
      direction: "BACKWARD",
      pageSize: 10,
      cursor: first.next,
    });
    expect([second.from, second.to]).toEqual([first.from, first.to]);
  });

  it("refuse a cursor of other conditions, another direction, another account, or of nobody", async () => {
    const query = { lookup: lookupOf(), direction: "BACKWARD", pageSize: 10 } as const;
    const { next } = await lookupEvents(account.scope(ACTION), { ...query, cursor: null });
    const forged = Buffer.from(JSON.stringify(["0000-01-01T00:00:00Z", "x"])).toString("base64url");
    const attempts = [
      lookupEvents(other.scope(ACTION), { ...query, cursor: next }),
      lookupEvents(account.scope(ACTION), { ...query, direction: "FORWARD", cursor: next }),
      lookupEvents(account.scope(ACTION), { ...query, lookup: lookupOf({ region: "cn-hangzhou" }), cursor: next }),
      ...["", "x", forged].map((cursor) => lookupEvents(account.scope(ACTION), { ...query, cursor })),
    ];
    for (const attempt of attempts) {
      await expect(attempt).rejects.toMatchObject({ code: "InvalidNextToken" });
    }
  });

  it.each(LOOKUP_DIRECTIONS)(
    "of a search that ends early say how far it is and go on from there, in the order of %s",
    async (direction) => {
      const lookup = lookupOf({ conditions: [{ key: "ServiceName", value: "Oss" }], region: "cn-hangzhou" });
      const found: string[] = [];
      const reached: number[] = [];
      let cursor: string | null = null;
      do {
        const page = await lookupEvents(account.scope(ACTION), { lookup, direction, pageSize: 5, cursor }, 0);
        found.push(...page.events.map(({ eventId }) => eventId));
        reached.push(...(page.searchedTo === null ? [] : [page.searchedTo.getTime()]));
        cursor = page.next;
      } while (cursor !== null);
      const expected = texts
        .map((text) => JSON.parse(text) as Fields & { serviceName: string })
        .filter(({ serviceName, acsRegion }) => serviceName === "Oss" && acsRegion === "cn-hangzhou")
        .map(({ eventId }) => eventId);
      const byTime = direction === "FORWARD";
      expect(byTime ? found : found.toReversed()).toEqual(expected);
      expect(reached.length).toBeGreaterThan(20);
      expect(reached).toEqual(reached.toSorted((one, other) => (byTime ? one - other : other - one)));
    },
  );

  it("of a client's search that ends early are short and lead on, until each event has been given once", async () => {
    const lookup = lookupOf({ conditions: [{ key: "ServiceName", value: "Oss" }], region: "cn-hangzhou" });
    const found: string[] = [];
    let shortPages = 0;
    let cursor: string | null = null;
    do {
      const query: LookupQuery = { lookup, direction: "FORWARD", pageSize: 5, cursor };
      const { events, next }: { events: readonly string[]; next: string | null } = await lookupEventBodies(
        account.scope(ACTION),
        query,
        0,
      );
      found.push(...events);
      shortPages += Number(next !== null && events.length < 5);
      cursor = next;
    } while (cursor !== null);
    const isMatch = ({ serviceName, acsRegion }: { serviceName: string; acsRegion: string }) =>
      serviceName === "Oss" && acsRegion === "cn-hangzhou";
    expect(found).toEqual(texts.filter((text) => isMatch(JSON.parse(text))));
    expect(shortPages).toBeGreaterThan(20);
  });

  it("for a client are searched for within a bound of time unless it says otherwise", async () => {
    const lookup = lookupOf({ conditions: [{ key: "ServiceName", value: "Oss" }], region: "cn-hangzhou" });
    let clock = 0;
    const now = vi.spyOn(performance, "now").mockImplementation(() => {
      clock += 1_000;
      return clock;
    });
    const page = await lookupEventBodies(account.scope(ACTION), {
      lookup,
      direction: "FORWARD",
      pageSize: 50,
      cursor: null,
    }).finally(() => now.mockRestore());
    expect(page.searchedTo).not.toBeNull();
    expect(page.next).not.toBeNull();
  });

  it("have the account's own events only", async () => {
    const { events } = await lookupEvents(other.scope(ACTION), {
      lookup: lookupOf(),
      direction: "BACKWARD",
      pageSize: 50,
      cursor: null,
    });
    expect(events).toHaveLength(9);
  });

  it("stream as many as asked for, and all when there are fewer", async () => {
    const read = async (countMax: number) => {
      const found: string[] = [];
      for await (const page of streamEventBodies(account.scope(ACTION), lookupOf(), "FORWARD", countMax)) {
        found.push(...page);
      }
      return found;
    };
    expect(await read(1_000)).toEqual(texts);
    expect(await read(7)).toEqual(texts.slice(0, 7));
  });
});

describe("counts by time", () => {
  const sumOf = (found: readonly { count: number }[]) => found.reduce((sum, { count }) => sum + count, 0);

  it.each([
    ["nothing", {}],
    ["a region", { region: "cn-shanghai" }],
    ["Write", { conditions: [{ key: "EventRW", value: "Write" }] }],
    ["a service", { conditions: [{ key: "ServiceName", value: "Oss" }] }],
    ["a service in a region", { conditions: [{ key: "ServiceName", value: "Oss" }], region: "cn-shanghai" }],
  ] satisfies [string, Partial<EventLookup>][])(
    "are exact by %s, by hour and by day, also where the window cuts an hour",
    async (_what, part) => {
      for (const [from, to] of [
        [0, 40 * DAY_MS],
        [1, 31 * HOUR_MS + 1],
        [31 * HOUR_MS, 3 * DAY_MS],
        [20 * DAY_MS + 1, 24 * DAY_MS],
      ] as const) {
        const lookup = lookupOf({
          ...part,
          from: new Date(START.getTime() + from),
          to: new Date(START.getTime() + to),
        });
        const counted = await countByTime(account.scope(ACTION), lookup);
        const found = await readAll({ lookup, direction: "FORWARD", pageSize: 500 });
        const unitLength = counted.unit === "hour" ? 13 : 10;
        const byUnit = Map.groupBy(found, (text) => (JSON.parse(text) as Fields).eventTime.slice(0, unitLength));
        expect(counted.known).toBe("all");
        expect(counted.total).toBe(found.length);
        expect(sumOf(counted.buckets)).toBe(found.length);
        expect(
          Object.fromEntries(counted.buckets.map(({ startsAt, count }) => [startsAt.slice(0, unitLength), count])),
        ).toEqual(Object.fromEntries([...byUnit].map(([unit, list]) => [unit, list.length])));
      }
    },
  );
});

describe("the plan of a page", () => {
  let large: HistoryAccount;

  beforeAll(async () => {
    large = await createBuiltInAccount();
    await generateHistory(large, { events: 50_000, days: 60, regions: ["cn-hangzhou", "cn-shanghai"] });
  });

  async function explain(part: Partial<EventLookup>): Promise<string> {
    const lookup = lookupOf({ from: new Date(NOW.getTime() - 89 * DAY_MS), ...part });
    const after = { eventTime: new Date(NOW.getTime() - 3 * DAY_MS), eventId: "M", region: "cn-hangzhou" };
    const { text, values } = pageStatement(large.accountId, lookup, { direction: "BACKWARD", after, limit: 101 });
    return lookingUp(10_000, async (client) => {
      const { rows } = await client.query<Record<string, string>>(
        `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${text}`,
        values,
      );
      return rows.flatMap((row) => Object.values(row)).join("\n");
    });
  }

  /** Days whose index a page has looked into: those that no page needed say that they were never executed. */
  function daysRead(plan: string): number {
    return plan
      .split("\n")
      .filter((line) => line.includes("Index") && line.includes("loops=") && !line.includes("never")).length;
  }

  it("of all events, or of a region, reads an index in its order: no sort, no scan, no day it does not need", async () => {
    for (const part of [{}, { region: "cn-hangzhou" }]) {
      const plan = await explain(part);
      expect(plan).not.toMatch(/Sort|Seq Scan|Bitmap/);
      expect(plan).toContain("Index Scan Backward");
      // Of 89: how many a page touches depends on the hour of the day.
      expect(daysRead(plan)).toBeLessThan(10);
    }
  });

  it.each(LOOKUP_KEYS)(
    "by %s takes the key's own index in the order of time, for a frequent value and for one that no event has",
    async (key) => {
      // A value that the column cannot have is known to match nothing, and no index is looked into.
      for (const value of key === "EventRW" ? ["Read", "Write"] : ["Ecs", "none"]) {
        const plan = await explain({ conditions: [{ key, value }] });
        const sorts = plan.split("\n").filter((line) => line.includes("Sort  (") || /-> +Sort/.test(line));
        expect(sorts).toEqual([]);
        expect(plan).not.toMatch(/Seq Scan|Bitmap/);
        expect(plan).toMatch(
          new RegExp(`Index (Only )?Scan Backward using event_\\d+_account_id_${COLUMN_OF[key]}_event_time_idx`),
        );
        expect(plan).not.toMatch(/Rows Removed by Filter: \d{2}/);
      }
    },
  );

  it("is the same in a partition made later: it has every index of the table", async () => {
    const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
    await owner.connect();
    await ensurePartitions(owner, new Date(NOW.getTime() + DAY_MS));
    const { rows } = await owner.query<{ indexes: number }>(
      `SELECT count(*)::int AS indexes FROM pg_index JOIN pg_inherits ON inhrelid = indrelid
       WHERE inhparent = '"event"'::regclass GROUP BY indrelid`,
    );
    await owner.end();
    expect(new Set(rows.map(({ indexes }) => indexes))).toEqual(new Set([14]));
  });
});
