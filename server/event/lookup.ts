import "server-only";
import { hash } from "node:crypto";
import type { PoolClient } from "pg";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import type { EventIdentity } from "@/domain/event/event.ts";
import { type EventLookup, type LookupDirection, partsInOrder } from "@/domain/event/lookup.ts";
import type { EventDto } from "@/domain/event/schema.ts";
import { conditionsOf, Values } from "./lookup-conditions.ts";
import { lookingUp } from "./lookup-statement.ts";

export type LookupQuery = {
  readonly lookup: EventLookup;
  readonly direction: LookupDirection;
  readonly pageSize: number;
  /** What the page before it named as `next`; null for the first. */
  readonly cursor: string | null;
};

/** A page of a look-up, and the window that all its pages are of. */
export type LookupPage<Event> = {
  readonly from: Date;
  readonly to: Date;
  readonly events: readonly Event[];
  readonly next: string | null;
  /** How far the search has come when it ended before the page was full or the window read; null otherwise. */
  readonly searchedTo: Date | null;
};

/** What one statement of a page may take: many times what one needs on a busy machine. */
const PAGE_LIMIT_MS = 5_000;

/**
 * How long a page for a person is searched for. One by one key is read within milliseconds. Between two frequent values that hardly ever
 * come together lies much to read, and whoever waits wants to see how far it is, and to be able to stop; more often would only ask more.
 */
const SEARCH_MS = 200;

/**
 * How long a page for a client of the API is searched for; one more statement may begin at the end of it. Longer, and clients give up before
 * they are answered; shorter would answer more pages that are not full.
 */
const CLIENT_SEARCH_MS = 2_500;

/** A download's client waits for bytes, not for a page. */
const DOWNLOAD_LIMIT_MS = 30_000;

const DOWNLOAD_PAGE_SIZE = 2_000;

/**
 * One page of the events that match, in the order of (event time, event id, region), newest first or oldest first. Pages taken one after
 * another give each event that history had when the first was read exactly once, whatever is recorded meanwhile: a cursor is a place in
 * that order, and the window stays that of the first page. A cursor goes with the same conditions, region, direction and account only.
 * A page by several keys may have fewer events than there are, even none, and still a next one: then `searchedTo` says how far it is.
 *
 * @throws DomainError InvalidNextToken for another cursor, ServiceUnavailable (lookup-too-slow) when a statement takes 5 s
 */
export function lookupEvents(
  scope: AccountScope,
  query: LookupQuery,
  searchMs = SEARCH_MS,
): Promise<LookupPage<EventDto>> {
  return readPage(scope, query, LIST, { statementMs: PAGE_LIMIT_MS, searchMs });
}

/** As lookupEvents, but the events as they are stored, byte for byte, and for longer before a page goes out that is not full. */
export function lookupEventBodies(
  scope: AccountScope,
  query: LookupQuery,
  searchMs = CLIENT_SEARCH_MS,
): Promise<LookupPage<string>> {
  return readPage(scope, query, BODIES, { statementMs: PAGE_LIMIT_MS, searchMs });
}

/**
 * The stored texts of all events that match, `countMax` at most, a few thousand at a time, each read when it is asked for.
 * @throws DomainError ServiceUnavailable (lookup-too-slow) when a page takes longer than 30 s
 */
export async function* streamEventBodies(
  scope: AccountScope,
  lookup: EventLookup,
  direction: LookupDirection,
  countMax: number,
): AsyncGenerator<readonly string[]> {
  let cursor: string | null = null;
  for (let left = countMax; left > 0; ) {
    const query: LookupQuery = { lookup, direction, pageSize: Math.min(left, DOWNLOAD_PAGE_SIZE), cursor };
    const { events, next }: LookupPage<string> = await readPage(scope, query, BODIES, {
      statementMs: DOWNLOAD_LIMIT_MS,
      searchMs: Number.POSITIVE_INFINITY,
    });
    if (events.length > 0) {
      yield events;
    }
    if (next === null) {
      return;
    }
    cursor = next;
    left -= events.length;
  }
}

type KeyRow = { readonly region: string; readonly event_time: Date; readonly event_id: string };

/** Which columns beside the key a page reads, and what becomes of a row. */
type Shape<Event> = { readonly columns: string; readonly toEvent: (row: never) => Event };

type ListRow = KeyRow & {
  readonly event_rw: "Read" | "Write" | null;
  readonly service_name: string | null;
  readonly event_name: string | null;
  readonly user_name: string | null;
  readonly source_ip_address: string | null;
  readonly resource_type: string | null;
  readonly resource_name: string | null;
  readonly error_code: string | null;
};

const LIST: Shape<EventDto> = {
  columns: `, "event_rw", "service_name", "event_name", "user_name", "source_ip_address", "resource_type", "resource_name", "error_code"`,
  toEvent: (row: ListRow) => ({
    region: row.region,
    eventTime: row.event_time.toISOString(),
    eventId: row.event_id,
    eventRW: row.event_rw,
    serviceName: row.service_name,
    eventName: row.event_name,
    userName: row.user_name,
    sourceIpAddress: row.source_ip_address,
    resourceType: row.resource_type,
    resourceName: row.resource_name,
    errorCode: row.error_code,
  }),
};

const BODIES: Shape<string> = { columns: `, "body"`, toEvent: ({ body }: KeyRow & { readonly body: string }) => body };

/** How long one statement may take, and for how long another is begun while the page is not full. */
type Limits = { readonly statementMs: number; readonly searchMs: number };

async function readPage<Event>(
  scope: AccountScope,
  { lookup: asked, direction, pageSize, cursor }: LookupQuery,
  shape: Shape<Event>,
  { statementMs, searchMs }: Limits,
): Promise<LookupPage<Event>> {
  const fingerprint = fingerprintOf(scope, asked, direction);
  const place = cursor === null ? null : decodeCursor(cursor, fingerprint);
  const lookup = place === null ? asked : { ...asked, from: place.from, to: place.to };
  const query = { direction, after: place?.after ?? null, limit: pageSize + 1, shape, searchMs };
  const { rows, searchedTo } = await lookingUp(statementMs, (client) =>
    readRows(client, scope.accountId, lookup, query),
  );
  const page = rows.slice(0, pageSize);
  // No event has an empty id: the place of one without is before all of its moment, in both directions what was not searched yet.
  const placeOfSearch = searchedTo && { event_time: searchedTo, event_id: "", region: "" };
  const last = rows.length > pageSize ? page.at(-1) : placeOfSearch;
  return {
    from: lookup.from,
    to: lookup.to,
    events: page.map((row) => shape.toEvent(row as never)),
    next: last ? encodeCursor(lookup, last, fingerprint) : null,
    searchedTo,
  };
}

type RowsQuery = {
  readonly direction: LookupDirection;
  readonly after: EventIdentity | null;
  readonly limit: number;
  readonly shape: Shape<unknown>;
};

async function readRows(
  client: PoolClient,
  accountId: string,
  lookup: EventLookup,
  { after, limit, searchMs, ...query }: RowsQuery & { readonly searchMs: number },
): Promise<{ rows: KeyRow[]; searchedTo: Date | null }> {
  const rows: KeyRow[] = [];
  const begun = performance.now();
  const left = { ...lookup, ...windowBehind(lookup, after, query.direction) };
  for (const [index, part] of partsInOrder(left, query.direction).entries()) {
    if (index > 0 && performance.now() - begun > searchMs) {
      return { rows, searchedTo: query.direction === "BACKWARD" ? part.to : part.from };
    }
    const statement = pageStatement(accountId, { ...lookup, ...part }, { ...query, after, limit: limit - rows.length });
    rows.push(...(await client.query<KeyRow>(statement.text, statement.values)).rows);
    if (rows.length === limit) {
      break;
    }
  }
  return { rows, searchedTo: null };
}

/**
 * What of the window lies at or behind the last event of the page before. It looks redundant beside the comparison of whole keys, but
 * only it prunes partitions.
 */
function windowBehind({ from, to }: EventLookup, after: EventIdentity | null, direction: LookupDirection) {
  if (after === null) {
    return { from, to };
  }
  const at = after.eventTime.getTime();
  return direction === "BACKWARD"
    ? { from, to: new Date(Math.min(to.getTime(), at + 1)) }
    : { from: new Date(Math.max(from.getTime(), at)), to };
}

/** The statement behind a page, over one part of its window. */
export function pageStatement(
  accountId: string,
  lookup: EventLookup,
  { direction, after, limit, shape = LIST }: Omit<RowsQuery, "shape"> & { readonly shape?: Shape<unknown> },
): { text: string; values: unknown[] } {
  const values = new Values();
  const [isBehind, order] = direction === "BACKWARD" ? ["<", "DESC"] : [">", "ASC"];
  const where = [
    conditionsOf(accountId, lookup, values),
    `"event_time" >= ${values.add(lookup.from.toISOString())}`,
    `"event_time" < ${values.add(lookup.to.toISOString())}`,
  ];
  if (after !== null) {
    const key = [after.eventTime.toISOString(), after.eventId, after.region].map((part) => values.add(part));
    where.push(`("event_time", "event_id", "region") ${isBehind} (${key.join(", ")})`);
  }
  const text = `
    SELECT "region", "event_time", "event_id"${shape.columns} FROM "event"
    WHERE ${where.join(" AND ")}
    ORDER BY "event_time" ${order}, "event_id" ${order}, "region" ${order}
    LIMIT ${values.add(limit)}`;
  return { text, values: values.list };
}

/** The window of the first page, the last event of the page before, and what the cursor goes with. */
const timeSchema = z.iso.datetime().refine((time) => time >= "1970");
const cursorSchema = z.tuple([
  timeSchema,
  timeSchema,
  timeSchema,
  z.string().max(256),
  z.string().max(256),
  z.string(),
]);

function encodeCursor({ from, to }: EventLookup, last: KeyRow, fingerprint: string): string {
  const times = [from, to, last.event_time].map((time) => time.toISOString());
  return Buffer.from(JSON.stringify([...times, last.event_id, last.region, fingerprint])).toString("base64url");
}

function decodeCursor(text: string, fingerprint: string): { from: Date; to: Date; after: EventIdentity } {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    value = null;
  }
  const cursor = cursorSchema.safeParse(value);
  if (!cursor.success || cursor.data[5] !== fingerprint || cursor.data.some((part) => part.includes("\0"))) {
    throw new DomainError("InvalidNextToken");
  }
  const [from, to, eventTime, eventId, region] = cursor.data;
  return { from: new Date(from), to: new Date(to), after: { eventTime: new Date(eventTime), eventId, region } };
}

/** What has to be the same on all pages. It is no secret and proves nothing: the account's scope alone says whose events are read. */
function fingerprintOf(scope: AccountScope, { conditions, region }: EventLookup, direction: LookupDirection): string {
  const sorted = conditions.map(({ key, value }) => [key, value]).sort();
  return hash("sha256", JSON.stringify([scope.accountId, sorted, region, direction]), "base64url").slice(0, 16);
}
