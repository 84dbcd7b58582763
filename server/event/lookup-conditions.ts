import "server-only";
import type { EventLookup, LookupKey } from "@/domain/event/lookup.ts";

/** Collects a statement's values and gives each its place. */
export class Values {
  readonly list: unknown[] = [];

  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

/** What each key is compared with; each has an index that begins with the account and it, and goes on by time. */
const EXPRESSION_OF = {
  ServiceName: `"service_name"`,
  EventName: `"event_name"`,
  EventType: `"event_type"`,
  EventRW: `"event_rw"`,
  User: `"user_name"`,
  EventAccessKeyId: `"access_key_id"`,
  SourceIpAddress: `"source_ip_address"`,
  ResourceType: `"resource_type"`,
  ResourceName: `"resource_name"`,
  SensitiveAction: `"sensitive_action"`,
  EventId: `"event_id"`,
  // The index is on names with a colon only; without the second condition it would not be taken.
  RoleName: `strpos("user_name", ':') > 0 AND split_part("user_name", ':', 1)`,
} as const satisfies Record<LookupKey, string>;

/**
 * The conditions of a look-up in SQL, its account's first; without the window. One without any condition of its own names the
 * condition of the index that has all events by time, which no other look-up may take (see the migration event_look_ups).
 */
export function conditionsOf(accountId: string, { conditions, region }: EventLookup, values: Values): string {
  const own = conditions.map(({ key, value }) => `${EXPRESSION_OF[key]} = ${values.add(storable(value))}`);
  const place = region === null ? [] : [`"region" = ${values.add(storable(region))}`];
  const byTime = own.length === 0 && region === null ? [`"arrival" > 0`] : [];
  return [`"account_id" = ${values.add(accountId)}`, ...own, ...place, ...byTime].join(" AND ");
}

/** PostgreSQL holds no NUL, so no event has one: without it the value is another, which must not be found either. */
function storable(value: string): string {
  return value.includes("\0") ? "" : value.toWellFormed();
}
