import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { parseEvent } from "@/domain/event/event.ts";
import { pool } from "@/server/db.ts";
import { createHistoryAccount, type HistoryAccount, recordTexts } from "@/testing/history-account.ts";
import { copyHistory } from "./copied-history.ts";
import { ecsEventText } from "./event-text.ts";

const HOUR_MS = 3_600_000;
const SAMPLE = 60;
const EVENTS = 1_500;
const REGIONS = ["cn-beijing", "cn-hangzhou", "eu-central-1"];

/** Everything that a recording takes from a body. */
type StoredEvent = Record<string, unknown> & { readonly body: string; readonly digest: Buffer };

let copied: HistoryAccount;

async function indexes() {
  const { rows } = await pool().query(
    `SELECT tablename, regexp_replace(indexdef, '^CREATE (UNIQUE )?INDEX \\S+ ', '') AS definition FROM pg_indexes
     WHERE tablename LIKE 'event%' ORDER BY 1, 2`,
  );
  return rows;
}

beforeAll(async () => {
  const sample = await createHistoryAccount("http://127.0.0.1:1");
  copied = await createHistoryAccount("http://127.0.0.1:1");
  const startOfHour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const texts = Array.from({ length: SAMPLE }, (_, index) => {
    const text = ecsEventText(new Date(startOfHour - (index + 1) * 30 * HOUR_MS + index * 61_000), sample.accountId);
    // A notice of the cloud itself is neither Read nor Write.
    return index % 3 === 0 ? text.replace('"eventRW":"Read",', "") : text;
  });
  await recordTexts(sample, texts);
  const before = await indexes();
  await copyHistory(sample, copied, { events: EVENTS, regions: REGIONS });
  expect(await indexes()).toEqual(before);
});

describe("a copied history", () => {
  it("has as many events as asked for, whose columns and digests are those of their bodies", async () => {
    const { rows } = await pool().query<StoredEvent>("SELECT * FROM event WHERE account_id = $1", [copied.accountId]);
    expect(rows).toHaveLength(EVENTS);
    expect(new Set(rows.map(({ region }) => region))).toEqual(new Set(REGIONS));
    for (const row of rows) {
      const parsed = parseEvent(row.body, new Date());
      expect(parsed).toMatchObject({
        kind: "event",
        event: {
          region: row.region,
          eventTime: row.event_time,
          eventId: row.event_id,
          eventRW: row.event_rw,
          serviceName: row.service_name,
          userName: row.user_name,
          resourceName: row.resource_name,
        },
      });
      expect(row.digest).toEqual(createHash("sha256").update(row.body).digest());
      expect(JSON.parse(row.body).recipientAccountId).toBe(copied.accountId);
    }
  });

  it("lies in the order of its times", async () => {
    const { rows } = await pool().query<{ falls: number }>(
      `SELECT count(*) FILTER (WHERE event_time < before) AS falls FROM (
         SELECT event_time, lag(event_time) OVER (ORDER BY arrival) AS before FROM event WHERE account_id = $1
       ) AS steps`,
      [copied.accountId],
    );
    expect(rows[0]?.falls).toBe(0);
  });

  it("has the rollup that recording it would have left", async () => {
    const { rows } = await pool().query(
      `SELECT granularity, region, starts_at, event_rw, count FROM event_count WHERE account_id = $1
       EXCEPT
       SELECT unit, region, date_trunc(unit, event_time, 'UTC'), coalesce(event_rw, ''), count(*)
       FROM event, (VALUES ('day'), ('hour')) AS units (unit) WHERE account_id = $1 GROUP BY 1, 2, 3, 4`,
      [copied.accountId],
    );
    expect(rows).toEqual([]);
    const sums = await pool().query(
      "SELECT granularity, sum(count)::int AS count FROM event_count WHERE account_id = $1 GROUP BY 1 ORDER BY 1",
      [copied.accountId],
    );
    expect(sums.rows).toEqual([
      { granularity: "day", count: EVENTS },
      { granularity: "hour", count: EVENTS },
    ]);
  });
});
