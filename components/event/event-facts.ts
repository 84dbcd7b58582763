import type { LookupCondition } from "@/domain/event/lookup.ts";

/** A fact of an event: its value, and the condition that finds all events of which it holds too. */
export type EventFact = { readonly value: string; readonly condition: LookupCondition | null };

type EventResource = { readonly type: string | null; readonly name: string };

/** What an event says, in the order of the questions: who, what, from where, with what result, on what. */
export type EventFacts = {
  readonly eventName: EventFact | null;
  readonly serviceName: EventFact | null;
  readonly eventType: EventFact | null;
  readonly userName: EventFact | null;
  readonly roleName: EventFact | null;
  readonly identityType: string | null;
  readonly principalId: string | null;
  readonly accessKeyId: EventFact | null;
  readonly mfa: boolean | null;
  readonly sourceIpAddress: EventFact | null;
  readonly userAgent: string | null;
  readonly error: { readonly code: string; readonly message: string | null } | null;
  readonly resources: readonly EventResource[];
  readonly requestId: string | null;
  readonly apiVersion: string | null;
};

type JsonObject = Readonly<Record<string, unknown>>;

/** Reads the facts from an event's text; whatever is missing or of another shape is null. Source of the shape: actiontrail.md, 5.1. */
export function factsOf(body: string): EventFacts {
  const event = asObject(parse(body));
  const identity = asObject(event.userIdentity);
  const attributes = asObject(asObject(identity.sessionContext).attributes);
  const userName = textOf(identity.userName);
  const errorCode = textOf(event.errorCode);
  const colon = userName?.indexOf(":") ?? -1;
  return {
    eventName: factOf("EventName", event.eventName),
    serviceName: factOf("ServiceName", event.serviceName),
    eventType: factOf("EventType", event.eventType),
    userName: factOf("User", userName),
    roleName: colon > 0 ? factOf("RoleName", userName?.slice(0, colon)) : null,
    identityType: textOf(identity.type),
    principalId: textOf(identity.principalId),
    accessKeyId: factOf("EventAccessKeyId", identity.accessKeyId),
    mfa: booleanOf(attributes.mfaAuthenticated),
    sourceIpAddress: factOf("SourceIpAddress", event.sourceIpAddress),
    userAgent: textOf(event.userAgent),
    error: errorCode === null ? null : { code: errorCode, message: textOf(event.errorMessage) },
    resources: resourcesOf(event),
    requestId: textOf(event.requestId),
    apiVersion: textOf(event.apiVersion),
  };
}

/** Types and names are two lists in one text each, with the same places. */
function resourcesOf({ resourceType, resourceName }: JsonObject): EventResource[] {
  const types = (textOf(resourceType) ?? "").split(";");
  return (textOf(resourceName) ?? "")
    .split(";")
    .map((name, place) => ({ name: name.trim(), type: (types[place] ?? types[0])?.trim() || null }))
    .filter(({ name }) => name !== "");
}

function factOf(key: LookupCondition["key"], given: unknown): EventFact | null {
  const value = textOf(given);
  return value === null ? null : { value, condition: { key, value } };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function booleanOf(value: unknown): boolean | null {
  const text = String(value);
  return text === "true" || text === "false" ? text === "true" : null;
}
