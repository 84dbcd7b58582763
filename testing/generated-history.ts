import { pool } from "@/server/db.ts";
import { arrivalLockKey } from "@/server/event/arrival-lock.ts";
import type { HistoryAccount } from "./history-account.ts";

export type GeneratedHistory = {
  readonly events: number;
  /** Days back from yesterday's end over which they are spread evenly. */
  readonly days: number;
  readonly regions: readonly string[];
};

/**
 * Fills an account's history with so many events as PostgreSQL itself makes them, ten times as fast as recording them: for tests
 * that need a large history and not the way in. Identities, digests, arrival and rollup are what recording would have left.
 */
export async function generateHistory(
  { accountId }: HistoryAccount,
  { events, days, regions }: GeneratedHistory,
): Promise<void> {
  const client = await pool().connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock_shared($1, $2)", [...arrivalLockKey(accountId)]);
    for (let first = 0; first < events; first += STATEMENT_EVENTS) {
      const last = Math.min(events, first + STATEMENT_EVENTS) - 1;
      await client.query(INSERT_EVENTS, [accountId, events, regions, days, first, last]);
    }
    // Counted for every event at once, also for those that making the account has left; and so beyond the bound that the product's own
    // statements have.
    const counts = { text: INSERT_COUNTS, values: [accountId], query_timeout: STATEMENT_MS_MAX };
    await client.query(counts);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}

/** So many are made within a second or two; all of a large history in one statement would pass the bound on a statement's time. */
const STATEMENT_EVENTS = 100_000;

const STATEMENT_MS_MAX = 600_000;

const INSERT_EVENTS = `
  INSERT INTO event (account_id, region, event_time, event_id, event_rw, service_name, event_name, body, digest)
  SELECT $1, region, event_time, event_id, event_rw, 'Ecs', event_name, body, sha256(convert_to(body, 'UTF8'))
  FROM (
    SELECT *, format(
        '{"eventId":"%s","eventVersion":1,"eventName":"%s","eventTime":"%s","acsRegion":"%s","eventRW":"%s",'
        '"eventSource":"ecs.%s.aliyuncs.com","eventType":"ApiCall","serviceName":"Ecs","recipientAccountId":"%s",'
        '"requestId":"%s","sourceIpAddress":"192.0.2.%s","userAgent":"aliyun-cli/3.0.211 (linux; amd64)",'
        '"requestParameters":{"RegionId":"%s","InstanceId":"i-%s","PageSize":50,"AcceptLanguage":"en-US"},'
        '"userIdentity":{"type":"ram-user","userName":"deploy-%s","principalId":"2%s","accountId":"%s"}}',
        event_id, event_name, to_char(event_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), region, event_rw,
        region, $1::text, event_id, n % 250, region, substr(md5((n / 7)::text), 1, 17), n % 9, n % 9, $1::text
      ) AS body
    FROM (
      SELECT n, ($3::text[])[1 + n % cardinality($3::text[])] AS region, upper(md5(n::text)) AS event_id,
        CASE WHEN n % 5 = 0 THEN 'StartInstance' ELSE 'DescribeInstances' END AS event_name,
        CASE WHEN n % 5 = 0 THEN 'Write' ELSE 'Read' END AS event_rw,
        date_trunc('milliseconds', date_trunc('day', now(), 'UTC') - (n + 1) * ($4 * interval '1 day' / $2::int)) AS event_time
      FROM generate_series($5::int, $6::int) AS n
    ) AS made
    ORDER BY region COLLATE "C", event_time
  ) AS written`;

const INSERT_COUNTS = `
  INSERT INTO event_count (account_id, granularity, region, starts_at, event_rw, count)
  SELECT account_id, unit, region, date_trunc(unit, event_time, 'UTC'), event_rw, count(*)
  FROM event, (VALUES ('day'), ('hour')) AS units (unit)
  WHERE account_id = $1
  GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT ON CONSTRAINT event_count_pkey DO UPDATE SET count = excluded.count`;
