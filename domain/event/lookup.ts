import { HISTORY_MS } from "./event.ts";
import { parseEventTime } from "./event-time.ts";

/** What events can be looked up by: the vendor's twelve keys of LookupAttribute (actiontrail.md, 1.4). */
export const LOOKUP_KEYS = [
  "ServiceName",
  "EventName",
  "User",
  "RoleName",
  "EventAccessKeyId",
  "SourceIpAddress",
  "ResourceType",
  "ResourceName",
  "EventType",
  "EventRW",
  "SensitiveAction",
  "EventId",
] as const;
export type LookupKey = (typeof LOOKUP_KEYS)[number];

/**
 * One condition: the event's value is this one, exactly and in this case. What each key is compared with, in the event's own names:
 * ServiceName serviceName, EventName eventName, User userIdentity.userName, RoleName the part of userIdentity.userName before its
 * colon (an assumed role's is `<role>:<session>`), EventAccessKeyId userIdentity.accessKeyId, SourceIpAddress, ResourceType, ResourceName (the
 * whole text, also where it lists several), EventType, EventRW, EventId, and SensitiveAction the mark `sensitiveAction` of events that carry one.
 */
export type LookupCondition = { readonly key: LookupKey; readonly value: string };

/** BACKWARD: newest first. */
export const LOOKUP_DIRECTIONS = ["BACKWARD", "FORWARD"] as const;
export type LookupDirection = (typeof LOOKUP_DIRECTIONS)[number];

/** Which events of an account: all conditions hold, in [from, to), in one region or in all. */
export type EventLookup = {
  readonly conditions: readonly LookupCondition[];
  /** null for all. */
  readonly region: string | null;
  readonly from: Date;
  readonly to: Date;
};

/** Longer values were cut when they were recorded (event.ts), so no event has one. */
export const LOOKUP_VALUE_LENGTH_MAX = 256;

function isLookupKey(text: string): text is LookupKey {
  return LOOKUP_KEYS.some((key) => key === text);
}

/**
 * The keys that the vendor looks up by together. Source: "How do I configure the LookupAttribute parameter when I call the LookupEvents
 * operation", Limits (help.aliyun.com, actiontrail/support); its PrincipalId is no key of the list above and is left out.
 */
const PARTNERS: Readonly<Partial<Record<LookupKey, readonly LookupKey[]>>> = {
  ServiceName: ["EventName", "User", "RoleName", "ResourceName", "EventRW", "SensitiveAction", "EventType"],
  ResourceName: ["ResourceType", "EventName", "User", "RoleName", "ServiceName"],
  EventType: ["EventName"],
};

/** Whether the vendor's LookupEvents takes these two keys in one call, in either order. */
export function canBePaired(one: LookupKey, other: LookupKey): boolean {
  return (PARTNERS[one]?.includes(other) ?? false) || (PARTNERS[other]?.includes(one) ?? false);
}

/** At most so many conditions in the vendor's call. */
const VENDOR_CONDITIONS_MAX = 2;

/**
 * What the vendor makes of a call's attributes: the first two count, of two with the same key the second.
 * Null when a key is none, a value is empty, or the two keys are no pair: InvalidLookupAttributesException.
 */
export function vendorConditions(
  attributes: readonly { readonly key: string; readonly value: string }[],
): readonly LookupCondition[] | null {
  const conditions: LookupCondition[] = [];
  for (const { key, value } of attributes.slice(0, VENDOR_CONDITIONS_MAX)) {
    if (!isLookupKey(key) || value === "") {
      return null;
    }
    conditions.push({ key, value });
  }
  const [first, second] = conditions;
  if (first === undefined || second === undefined) {
    return conditions;
  }
  if (first.key === second.key) {
    return [second];
  }
  return canBePaired(first.key, second.key) ? conditions : null;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The vendor's bounds of a call (actiontrail.md, 1.4). */
export const VENDOR_LOOKUP = { defaultMs: 7 * DAY_MS, spanMsMax: 30 * DAY_MS, pageSizeMax: 50 } as const;

export type LookupWindow =
  | { readonly kind: "window"; readonly from: Date; readonly to: Date }
  | { readonly kind: "refuse"; readonly why: LookupWindowRefusal };

/** `over`: longer than the caller may ask for. `ahead`: begins in the future. */
type LookupWindowRefusal =
  | "one-end"
  | "from-not-a-time"
  | "to-not-a-time"
  | "ends-before-it-begins"
  | "over"
  | "out-of-history"
  | "ahead";

/** What a caller may ask for. */
export type LookupBounds = {
  /** How far back from now a look-up reaches when neither end is given. */
  readonly defaultMs: number;
  /** The longest window that is taken. */
  readonly spanMsMax: number;
};

/**
 * How far before history a window may begin: "90 days ago", in whole seconds by the caller's clock, has gone out of it by the time that it
 * arrives. Longer, and whoever asks for what is gone is not told so.
 */
const START_SLACK_MS = 300_000;

/**
 * The window [from, to) of a look-up whose ends are ISO 8601 texts with their zone, both or neither.
 * @param isNextPage whether it was taken for the page before: that history has moved on since is no reason to refuse the rest
 */
export function resolveLookupWindow(
  given: { readonly from: string | null; readonly to: string | null },
  now: Date,
  { defaultMs, spanMsMax }: LookupBounds,
  isNextPage = false,
): LookupWindow {
  if (given.from === null && given.to === null) {
    return { kind: "window", from: new Date(now.getTime() - defaultMs), to: now };
  }
  if (given.from === null || given.to === null) {
    return { kind: "refuse", why: "one-end" };
  }
  const from = parseEventTime(given.from);
  const to = parseEventTime(given.to);
  if (from === null || to === null) {
    return { kind: "refuse", why: from === null ? "from-not-a-time" : "to-not-a-time" };
  }
  const why = whyNoWindow(from.getTime(), to.getTime(), isNextPage ? null : now.getTime(), spanMsMax);
  return why === null ? { kind: "window", from, to } : { kind: "refuse", why };
}

/** @param now null when it does not matter any more */
function whyNoWindow(from: number, to: number, now: number | null, spanMsMax: number): LookupWindowRefusal | null {
  if (from >= to) {
    return "ends-before-it-begins";
  }
  if (now !== null && from > now) {
    return "ahead";
  }
  if (now !== null && from < now - HISTORY_MS - START_SLACK_MS) {
    return "out-of-history";
  }
  return to - from > spanMsMax ? "over" : null;
}

/** How far the first parts of a look-up reach; each is planned over its own few days, and most pages are full within them. */
const FIRST_PARTS_MS = [DAY_MS, 7 * DAY_MS] as const;

/**
 * The window cut into parts in the order in which a look-up reads them: a day, a week, the rest. Together they are the window, once.
 * A statement over 90 days costs its planner more than a page costs to read, so it is left for what is not found before.
 *
 * By several keys at once the parts are days: no index has events by two keys, so that of one is read and the other compared, and
 * between two frequent values that hardly ever meet lies much to read. After a day of it one can say how far one has come.
 */
export function partsInOrder(
  { from, to, conditions, region }: EventLookup,
  direction: LookupDirection,
): readonly { readonly from: Date; readonly to: Date }[] {
  const isBySeveralKeys = conditions.length + (region === null ? 0 : 1) > 1;
  const parts: { from: Date; to: Date }[] = [];
  let [start, end] = [from.getTime(), to.getTime()];
  while (start < end) {
    const lengthMs = isBySeveralKeys ? DAY_MS : (FIRST_PARTS_MS[parts.length] ?? Number.POSITIVE_INFINITY);
    if (direction === "BACKWARD") {
      const cut = Math.max(start, end - lengthMs);
      parts.push({ from: new Date(cut), to: new Date(end) });
      end = cut;
    } else {
      const cut = Math.min(end, start + lengthMs);
      parts.push({ from: new Date(start), to: new Date(cut) });
      start = cut;
    }
  }
  return parts;
}
