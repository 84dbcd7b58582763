import { escapeLiteral } from "pg";
import type { HistoryAccount } from "@/testing/history-account.ts";
import { fillInBulk } from "./bulk-history.ts";

type CopiedHistory = {
  readonly events: number;
  /** Over which they are spread evenly. */
  readonly regions: readonly string[];
};

/**
 * Fills an account's history with so many events made of those that another account has: of one each all but its id, time, region and
 * account, which are new, so that sizes and what repeats in them are the sample's; and of another its hour, so that days are as
 * busy as the sample's. They lie in the order of their times, as recorded ones do. Nobody else may use the database meanwhile.
 */
export async function copyHistory(
  from: HistoryAccount,
  to: HistoryAccount,
  { events, regions }: CopiedHistory,
): Promise<void> {
  await fillInBulk(to.accountId, async (owner) => {
    await owner.query("SET work_mem = '256MB'");
    await owner.query(sampleTable(from.accountId));
    for (let first = 0; first < events; first += STATEMENT_EVENTS) {
      const last = Math.min(events, first + STATEMENT_EVENTS) - 1;
      await owner.query(INSERT_COPIES, [to.accountId, events, regions, first, last]);
    }
  });
}

/** So many bodies are sorted within work_mem. */
const STATEMENT_EVENTS = 100_000;

/** The events to copy, numbered in the order of their times. None of the present hour, whose end is to come. */
function sampleTable(accountId: string): string {
  return `
    CREATE TEMP TABLE sample AS
      SELECT row_number() OVER (ORDER BY event_time, event_id) - 1 AS n, event.*
      FROM event WHERE account_id = ${escapeLiteral(accountId)} AND event_time < date_trunc('hour', now(), 'UTC');
    ALTER TABLE sample ADD PRIMARY KEY (n);
    ANALYZE sample`;
}

/** A time as the sample writes it into a body, in whole seconds. */
const textOf = (time: string) => `'"eventTime":"' || to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** Which event of the sample each is made of is drawn, so that no two in one batch are likely to be made of the same. */
const INSERT_COPIES = `
  INSERT INTO event (account_id, region, event_time, event_id, event_rw, service_name, event_name, event_type, user_name, access_key_id,
    source_ip_address, resource_type, resource_name, sensitive_action, error_code, body, digest)
  SELECT $1::text, region, event_time, event_id, event_rw, service_name, event_name, event_type, user_name, access_key_id, source_ip_address,
    resource_type, resource_name, sensitive_action, error_code, body, sha256(convert_to(body, 'UTF8'))
  FROM (
    SELECT made.region, made.event_time, made.event_id, sample.event_rw, sample.service_name, sample.event_name, sample.event_type,
      sample.user_name, sample.access_key_id, sample.source_ip_address, sample.resource_type, sample.resource_name,
      sample.sensitive_action, sample.error_code,
      replace(replace(replace(replace(sample.body,
        sample.event_id, made.event_id),
        ${textOf("sample.event_time")}, ${textOf("made.event_time")}),
        sample.region, made.region),
        sample.account_id, $1::text) AS body
    FROM (
      SELECT drawn.sample_n, drawn.region,
        date_trunc('hour', hour_of.event_time, 'UTC') + drawn.second * interval '1 second' AS event_time,
        upper(regexp_replace(drawn.hash, '^(.{8})(.{4}).(.{3}).(.{3})(.{12})$', '\\1-\\2-5\\3-A\\4-\\5')) AS event_id
      FROM (
        SELECT n * size / $2::int8 AS hour_n, (hashint8extended(n, 1) & 2147483647) % size AS sample_n,
          (hashint8extended(n, 2) & 2147483647) % 3600 AS second,
          ($3::text[])[1 + (hashint8extended(n, 3) & 2147483647) % cardinality($3::text[])] AS region, md5($1::text || ' ' || n) AS hash
        FROM generate_series($4::int8, $5::int8) AS n, (SELECT count(*) AS size FROM sample) AS sizes
      ) AS drawn
      JOIN sample AS hour_of ON hour_of.n = drawn.hour_n
    ) AS made
    JOIN sample ON sample.n = made.sample_n
  ) AS written
  ORDER BY event_time, region COLLATE "C"`;
