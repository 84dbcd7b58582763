import type { HistoryAccount } from "@/testing/history-account.ts";
import { fillInBulk } from "./bulk-history.ts";

/** What a key is asked for: a value of very many events, one of a handful, and one of none. */
type KeyValues = { readonly frequent: string; readonly rare: string; readonly none: string };

/** The values of a generated history for each of the twelve keys. */
export const VALUES_OF_KEY = {
  ServiceName: { frequent: "Ecs", rare: "Kms", none: "Nothing" },
  EventName: { frequent: "DescribeInstances", rare: "DeleteTrail", none: "Nothing" },
  User: { frequent: "deploy", rare: "auditor", none: "nobody" },
  RoleName: { frequent: "ops-role", rare: "break-glass", none: "nobody" },
  EventAccessKeyId: { frequent: "LTAI-deploy", rare: "LTAI-auditor", none: "LTAI-nobody" },
  SourceIpAddress: { frequent: "192.0.2.1", rare: "198.51.100.7", none: "203.0.113.9" },
  ResourceType: { frequent: "Instance", rare: "Key", none: "Nothing" },
  ResourceName: { frequent: "i-frequent", rare: "key-rare", none: "nothing" },
  EventType: { frequent: "ApiCall", rare: "PasswordReset", none: "Nothing" },
  EventRW: { frequent: "Read", rare: "Write", none: "Nothing" },
  SensitiveAction: { frequent: "true", rare: "maybe", none: "never" },
  EventId: { frequent: "EVENT-0000001000", rare: "EVENT-0000500000", none: "EVENT-NONE" },
} as const satisfies Record<string, KeyValues>;

/** So many are made within some seconds; all in one statement would sort and write what memory does not hold. */
const STATEMENT_EVENTS = 250_000;

/**
 * Fills an account's history of 90 days with so many events, evenly in time, in which each key has values of all frequencies: one of
 * most events, some hundreds of some, and one of five in ten million. Nobody else may use the database meanwhile.
 */
export async function generateLargeHistory({ accountId }: HistoryAccount, events: number): Promise<void> {
  await fillInBulk(accountId, async (owner) => {
    for (let first = 0; first < events; first += STATEMENT_EVENTS) {
      const last = Math.min(events, first + STATEMENT_EVENTS) - 1;
      await owner.query(INSERT_EVENTS, [accountId, events, first, last]);
    }
  });
}

/** Of ten million events, five have each rare value. */
const INSERT_EVENTS = `
  INSERT INTO event (account_id, region, event_time, event_id, event_rw, service_name, event_name, event_type, user_name, access_key_id,
    source_ip_address, resource_type, resource_name, sensitive_action, error_code, body, digest)
  SELECT $1, region, event_time, event_id, event_rw, service_name, event_name, event_type, user_name, access_key_id, source_ip_address,
    resource_type, resource_name, sensitive_action, error_code, body, sha256(body::bytea)
  FROM (
    SELECT *, format('{"eventId":"%s","eventName":"%s","eventTime":"%s","acsRegion":"%s","eventRW":"%s","serviceName":"%s"}',
      event_id, event_name, to_char(event_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), region, event_rw, service_name) AS body
    FROM (
      SELECT
        (ARRAY['cn-hangzhou', 'cn-shanghai', 'cn-beijing', 'eu-central-1', 'us-west-1'])[1 + a % 5] AS region,
        date_trunc('milliseconds', now() - (n + 1) * (interval '89 days 20 hours' / $2::int)) AS event_time,
        'EVENT-' || lpad(n::text, 10, '0') AS event_id,
        CASE WHEN a % 5 = 0 THEN 'Write' ELSE 'Read' END AS event_rw,
        CASE WHEN rare = 0 THEN 'Kms' WHEN b % 10 < 6 THEN 'Ecs' ELSE 'Service' || b % 30 END AS service_name,
        CASE WHEN rare = 1 THEN 'DeleteTrail' WHEN c % 10 < 5 THEN 'DescribeInstances' ELSE 'Action' || c % 400 END AS event_name,
        CASE WHEN rare = 2 THEN 'PasswordReset' WHEN a % 20 = 1 THEN 'ConsoleOperation' ELSE 'ApiCall' END AS event_type,
        CASE WHEN rare = 3 THEN 'auditor' WHEN rare = 4 THEN 'break-glass:night' WHEN d % 10 < 4 THEN 'deploy'
          WHEN d % 10 < 7 THEN 'ops-role:session-' || d % 1000 ELSE 'user-' || d % 500 END AS user_name,
        CASE WHEN rare = 3 THEN 'LTAI-auditor' WHEN d % 10 < 4 THEN 'LTAI-deploy' ELSE 'LTAI-' || d % 700 END AS access_key_id,
        CASE WHEN rare = 5 THEN '198.51.100.7' WHEN b % 3 = 0 THEN '192.0.2.1' ELSE '10.' || b % 17 || '.' || c % 29 || '.' || d % 250 END AS source_ip_address,
        CASE WHEN rare = 6 THEN 'Key' WHEN b % 10 < 6 THEN 'Instance' ELSE 'Type' || b % 30 END AS resource_type,
        CASE WHEN rare = 7 THEN 'key-rare' WHEN c % 3 = 0 THEN 'i-frequent' ELSE 'i-' || c % 200000 END AS resource_name,
        CASE WHEN rare = 8 THEN 'maybe' WHEN d % 50 = 0 THEN 'true' END AS sensitive_action,
        CASE WHEN c % 30 = 7 THEN 'NoPermission' END AS error_code
      FROM (
        SELECT n, n % 2000003 AS rare, hashint8extended(n, 1) & 2147483647 AS a, hashint8extended(n, 2) & 2147483647 AS b,
          hashint8extended(n, 3) & 2147483647 AS c, hashint8extended(n, 4) & 2147483647 AS d
        FROM generate_series($3::int8, $4::int8) AS n
      ) AS drawn
    ) AS made
  ) AS written`;
