import { parseEventTime } from "./event-time.ts";

/** The account's recorded events of the last 90 days (design 2). */
export const HISTORY_MS = 90 * 24 * 60 * 60 * 1000;

/** A UTC day leaves history when its end is this old (server/event/partitions.ts). */
const KEPT_AFTER_DAY_MS = 91 * 24 * 60 * 60 * 1000;

/** When the events of a UTC day, YYYY-MM-DD, leave history. */
export function leavesHistoryAt(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 60 * 60 * 1000 + KEPT_AFTER_DAY_MS);
}

/** How far ahead of us a recorder's clock may be. */
export const EVENT_AHEAD_MS_MAX = 15 * 60 * 1000;

/** A body in UTF-8. It must fit into one log, whose values SLS limits to 1 MB (actiontrail.md, 6.3). */
export const EVENT_BODY_BYTES_MAX = 1_048_576;

/**
 * Of eventId and acsRegion. Real ones have 24 to 36 characters; a key much longer than this bound would not fit into an
 * index entry of PostgreSQL, and the insert would fail instead of the line.
 */
const IDENTITY_LENGTH_MAX = 256;

/** Of the columns that look-ups filter by: longer values are cut, the body keeps them whole. */
const LOOK_UP_LENGTH_MAX = 256;

/** Why an event's text is refused before anything is read from it. */
export const EVENT_TEXT_REFUSALS = {
  tooLarge: "the event is larger than 1 MB",
  notUnicode: "not valid Unicode",
  notAnObject: "not a JSON object",
} as const;

/** What makes two events the same one, in history and at the sink (design 3.3). */
export type EventIdentity = {
  readonly region: string;
  /** Truncated to the millisecond. */
  readonly eventTime: Date;
  readonly eventId: string;
};

/** An event as history records it: identity, the columns taken from its body for look-ups, and the body as received. */
export type HistoryEvent = EventIdentity & {
  /** null when the event does not say: such an event matches trails for All only. */
  readonly eventRW: "Read" | "Write" | null;
  readonly serviceName: string | null;
  readonly eventName: string | null;
  readonly eventType: string | null;
  readonly userName: string | null;
  readonly accessKeyId: string | null;
  readonly sourceIpAddress: string | null;
  readonly resourceType: string | null;
  readonly resourceName: string | null;
  /** As the event says it; null when it does not. */
  readonly sensitiveAction: "true" | "false" | null;
  readonly errorCode: string | null;
  readonly body: string;
};

export type ParsedEvent =
  | { readonly kind: "event"; readonly event: HistoryEvent }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "outside-history" };

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Decides what becomes of one event on its way into history at `now` (design 3.3). A refusal carries its reason, fit to
 * stand behind a line number. An event is outside history when it is more than 90 days old.
 */
export function parseEvent(body: string, now: Date): ParsedEvent {
  if (exceedsBodyLimit(body)) {
    return { kind: "refused", reason: EVENT_TEXT_REFUSALS.tooLarge };
  }
  if (!body.isWellFormed()) {
    return { kind: "refused", reason: EVENT_TEXT_REFUSALS.notUnicode };
  }
  const fields = parseObject(body);
  if (fields === null) {
    return { kind: "refused", reason: EVENT_TEXT_REFUSALS.notAnObject };
  }
  const identity = readIdentity(fields);
  if (typeof identity === "string") {
    return { kind: "refused", reason: identity };
  }
  const ageMs = now.getTime() - identity.eventTime.getTime();
  if (ageMs < -EVENT_AHEAD_MS_MAX) {
    return { kind: "refused", reason: "eventTime is more than 15 minutes ahead" };
  }
  if (ageMs > HISTORY_MS) {
    return { kind: "outside-history" };
  }
  return { kind: "event", event: { ...identity, ...readLookUps(fields), body } };
}

/**
 * The identity that an event's text carries and whether the event says that it reads or writes, whatever its age and
 * size; null when it has no valid identity.
 */
export function identityOf(text: string): (EventIdentity & Pick<HistoryEvent, "eventRW">) | null {
  const fields = parseObject(text);
  const identity = fields === null ? null : readIdentity(fields);
  return fields === null || identity === null || typeof identity === "string"
    ? null
    : { ...identity, eventRW: readEventRW(fields) };
}

function exceedsBodyLimit(body: string): boolean {
  // A UTF-16 unit takes one to three bytes of UTF-8, so most bodies are decided by their length alone.
  if (body.length * 3 <= EVENT_BODY_BYTES_MAX) {
    return false;
  }
  return body.length > EVENT_BODY_BYTES_MAX || new TextEncoder().encode(body).length > EVENT_BODY_BYTES_MAX;
}

function parseObject(text: string): JsonObject | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isObject(value) ? value : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The identity, or the reason why there is none. */
function readIdentity(fields: JsonObject): EventIdentity | string {
  const { eventId, acsRegion, eventTime } = fields;
  const eventIdFault = faultOfIdentityField("eventId", eventId);
  if (eventIdFault !== null) {
    return eventIdFault;
  }
  const regionFault = faultOfIdentityField("acsRegion", acsRegion);
  if (regionFault !== null) {
    return regionFault;
  }
  const instant = typeof eventTime === "string" ? parseEventTime(eventTime) : null;
  if (instant === null) {
    return isAbsent(eventTime) ? "no eventTime" : "eventTime is not an ISO 8601 time with its zone";
  }
  return { region: String(acsRegion), eventTime: instant, eventId: String(eventId) };
}

function faultOfIdentityField(name: string, value: unknown): string | null {
  if (isAbsent(value)) {
    return `no ${name}`;
  }
  if (typeof value !== "string") {
    return `${name} is not text`;
  }
  if (value.length > IDENTITY_LENGTH_MAX) {
    return `${name} is longer than ${IDENTITY_LENGTH_MAX} characters`;
  }
  // Cleaned like a look-up column it could become another event's identity, so it is refused instead.
  if (value.includes("\0") || !value.isWellFormed()) {
    return `${name} has characters that cannot be stored`;
  }
  return null;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function readLookUps(fields: JsonObject): Omit<HistoryEvent, keyof EventIdentity | "body"> {
  const userIdentity = isObject(fields.userIdentity) ? fields.userIdentity : {};
  return {
    eventRW: readEventRW(fields),
    serviceName: cleanLookUp(fields.serviceName),
    eventName: cleanLookUp(fields.eventName),
    eventType: cleanLookUp(fields.eventType),
    userName: cleanLookUp(userIdentity.userName),
    accessKeyId: cleanLookUp(userIdentity.accessKeyId),
    sourceIpAddress: cleanLookUp(fields.sourceIpAddress),
    resourceType: cleanLookUp(fields.resourceType),
    resourceName: cleanLookUp(fields.resourceName),
    sensitiveAction: readSensitiveAction(fields),
    errorCode: cleanLookUp(fields.errorCode),
  };
}

function readEventRW({ eventRW }: JsonObject): HistoryEvent["eventRW"] {
  return eventRW === "Read" || eventRW === "Write" ? eventRW : null;
}

function readSensitiveAction({ sensitiveAction }: JsonObject): HistoryEvent["sensitiveAction"] {
  const said = String(sensitiveAction);
  return said === "true" || said === "false" ? said : null;
}

/** Text that PostgreSQL can hold: without NUL, lone surrogates replaced, cut between characters; null when nothing is left. */
function cleanLookUp(value: unknown): string | null {
  if (typeof value !== "string") {
    return null;
  }
  const storable = value.replaceAll("\0", "").toWellFormed();
  const cut = storable.length > LOOK_UP_LENGTH_MAX ? storable.slice(0, LOOK_UP_LENGTH_MAX) : storable;
  const whole = cut.isWellFormed() ? cut : cut.slice(0, -1);
  return whole === "" ? null : whole;
}
