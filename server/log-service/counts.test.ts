import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { AccountScope } from "@/domain/access/scope.ts";
import type { EventFilter } from "@/domain/event/rules.ts";
import { pool, prisma } from "@/server/db.ts";
import { decodeLogGroup, LogGroupWriter } from "@/server/sls/log-group.ts";
import { createBuiltInAccount, createHistoryAccount } from "@/testing/history-account.ts";
import { createLogstore, storeLogs } from "./commands.ts";
import { countLogsByDay } from "./counts.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const REGIONS = ["ap-southeast-1", "cn-hangzhou", "cn-shanghai"];
const DESTINATION = { projectRegion: "cn-hangzhou", projectName: "history-test", logstoreName: "actiontrail_counted" };
const OTHER = { ...DESTINATION, logstoreName: "actiontrail_other" };

/** Days of a partition of their own, and one far outside: those logs are in the default partition. */
const STARTS_MS = [Math.floor(Date.now() / DAY_MS) * DAY_MS - 4 * DAY_MS, Date.UTC(2020, 1, 28)];

let scope: AccountScope;

/** Logs on the very starts of hours and days, beside them, and between: where a cut could go wrong. */
function texts(): string[] {
  const offsets = [0, 1, 999, 17 * MINUTE_MS, HOUR_MS - 1];
  return STARTS_MS.flatMap((startMs) =>
    Array.from({ length: 2 * 24 }, (_, hour) => hour).flatMap((hour) =>
      offsets.map((offset, index) =>
        JSON.stringify({
          eventId: `${hour}-${offset}`,
          acsRegion: REGIONS[(hour + index) % REGIONS.length],
          eventTime: new Date(startMs + hour * HOUR_MS + offset).toISOString(),
          eventRW: ["Read", "Write", "neither"][(hour + 2 * index) % 3],
        }),
      ),
    ),
  );
}

async function store(logstore: string, events: readonly string[]) {
  const writer = new LogGroupWriter({ topic: "actiontrail_audit_event", source: "test", tags: [] });
  for (const event of events) {
    writer.add({ time: 1_750_000_000, event: Buffer.from(event) });
  }
  const { projectRegion: region, projectName: project } = DESTINATION;
  return storeLogs(scope, { region, project, logstore }, decodeLogGroup(writer.finish()));
}

beforeAll(async () => {
  const account = await createBuiltInAccount();
  scope = account.scope("log:PostLogStoreLogs");
  for (const { projectRegion: region, projectName: project, logstoreName: logstore } of [DESTINATION, OTHER]) {
    await createLogstore(scope, { region, project, logstore });
  }
  expect(await store(DESTINATION.logstoreName, texts())).toMatchObject({ new: 480 });
  // Neither a repeat, nor another text of the same identity, nor a log without one, may count.
  await store(DESTINATION.logstoreName, [
    ...texts().slice(0, 9),
    ...texts()
      .slice(0, 9)
      .map((text) => text.replace("{", '{"x":1,')),
    "plain",
  ]);
  await store(OTHER.logstoreName, texts().slice(0, 7));
});

async function countPlainly({ regions, eventRW, from, to }: EventFilter): Promise<unknown[]> {
  const { rows } = await pool().query(
    `SELECT log.region, to_char(log.event_time AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*) AS count
     FROM log JOIN logstore ON logstore.id = log.logstore_id JOIN log_project ON log_project.id = logstore.log_project_id
     WHERE log_project.account_id = $1 AND logstore.name = $2
       AND ($3::text[] IS NULL OR log.region = ANY ($3)) AND ($4 = 'All' OR log.event_rw = $4)
       AND log.event_time >= $5 AND log.event_time < $6
     GROUP BY 1, 2 ORDER BY 2, 1`,
    [scope.accountId, DESTINATION.logstoreName, regions, eventRW, from.toISOString(), to.toISOString()],
  );
  return rows;
}

describe("countLogsByDay", () => {
  it("equals counting the logs of any window and filter one by one", async () => {
    const instant = fc
      .tuple(
        fc.constantFrom(...STARTS_MS),
        fc.integer({ min: -1, max: 50 }),
        fc.constantFrom(0, 0, 0, 1, 2, 1000, 17 * MINUTE_MS, HOUR_MS - 1),
      )
      .map(([startMs, hour, offset]) => new Date(startMs + hour * HOUR_MS + offset));
    const filter = fc.record({
      regions: fc.oneof(fc.constant(null), fc.subarray(REGIONS)),
      eventRW: fc.constantFrom("All" as const, "Read" as const, "Write" as const),
      from: instant,
      to: instant,
    });
    await fc.assert(
      fc.asyncProperty(filter, async (one) => {
        expect(await countLogsByDay(prisma(), scope, DESTINATION, one)).toEqual(await countPlainly(one));
      }),
      { numRuns: 200 },
    );
  });

  const everything: EventFilter = { regions: null, eventRW: "All", from: new Date(0), to: new Date() };

  it("cannot tell of a logstore or project that is not known here, nor of another account's", async () => {
    const other = await createBuiltInAccount();
    expect(
      await Promise.all([
        countLogsByDay(prisma(), scope, { ...DESTINATION, logstoreName: "actiontrail_absent" }, everything),
        countLogsByDay(prisma(), scope, { ...DESTINATION, projectName: `absent-${randomUUID()}` }, everything),
        countLogsByDay(prisma(), other.scope("actiontrail:DescribeTrails"), DESTINATION, everything),
      ]),
    ).toEqual([null, null, null]);
  });

  it("cannot tell of an external sink, even where a logstore of its name was built in before", async () => {
    const external = await createHistoryAccount("http://127.0.0.1:9");
    const project = await prisma().logProject.findFirstOrThrow({ where: { accountId: external.accountId } });
    await prisma().logstore.create({ data: { logProjectId: project.id, name: DESTINATION.logstoreName } });
    const scopeThere = external.scope("actiontrail:DescribeTrails");
    expect(await countLogsByDay(prisma(), scopeThere, DESTINATION, everything)).toBeNull();
  });
});
