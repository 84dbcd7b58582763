import type { AuditedAction } from "./action.ts";
import type { Actor } from "./scope.ts";

/** One line of the audit: who did, or was refused, what. */
export type AuditRecord = {
  readonly id: string;
  /** The RequestId that the API call was answered with; null for what was none. */
  readonly requestId: string | null;
  readonly accountId: string;
  readonly at: Date;
  readonly action: AuditedAction;
  readonly rw: "Read" | "Write";
  readonly errorCode: string | null;
  readonly actor: Actor;
  /** ARN of what was acted on. */
  readonly resource: string | null;
  /** What was asked for, without secrets. */
  readonly details: unknown;
};

const EVENT_TYPE_OF_ACTOR = {
  user: "ConsoleOperation",
  "access-key": "ApiCall",
  worker: "AliyunServiceEvent",
  "command-line": "AliyunServiceEvent",
} as const satisfies Record<Actor["type"], string>;

/** Resource types as the vendor writes them, by service and kind of an ARN (`acs:<service>:<region>:<account>:<kind>/<id>`). */
const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  "actiontrail:trail": "ACS::ActionTrail::Trail",
  "actiontrail:historydeliveryjob": "ACS::ActionTrail::HistoryDeliveryJob",
  "log:project": "ACS::SLS::Project",
};

const ARN_PATTERN = /^acs:([^:]+):[^:]*:[^:]*:([^/]+)\/(.+)$/;

/**
 * The audit record as an event of its account's history, the text that is recorded and delivered. The same record gives the
 * same text and identity in every process and at every time, so recording it again adds nothing.
 * Source: management event (actiontrail.md, 5.1).
 */
export function auditEventBody(record: AuditRecord, region: string): string {
  const [, eventName = record.action] = record.action.split(":");
  return JSON.stringify({
    eventId: record.id,
    eventVersion: 1,
    eventCategory: "Management",
    eventName,
    eventType: record.action === "ConsoleSignin" ? "ConsoleSignin" : EVENT_TYPE_OF_ACTOR[record.actor.type],
    eventRW: record.rw,
    eventSource: `actiontrail.${region}.aliyuncs.com`,
    eventTime: `${record.at.toISOString().slice(0, 19)}Z`,
    serviceName: "Actiontrail",
    acsRegion: region,
    requestId: record.requestId ?? record.id,
    sourceIpAddress: record.actor.from ?? "Internal",
    recipientAccountId: record.accountId,
    userIdentity: identityOf(record.actor, record.accountId),
    requestParameters: record.details,
    requestParameterJson: JSON.stringify(record.details),
    ...resourceOf(record.resource),
    ...(record.errorCode === null ? {} : { errorCode: record.errorCode }),
  });
}

/** People and keys are RAM users of the account; the product's own processes are the system. */
function identityOf(actor: Actor, accountId: string) {
  const identity = { principalId: actor.id, accountId, userName: actor.name };
  switch (actor.type) {
    case "user":
      return { type: "ram-user", ...identity };
    case "access-key":
      return { type: "ram-user", ...identity, accessKeyId: actor.id };
    case "worker":
    case "command-line":
      return { type: "system", ...identity };
  }
}

function resourceOf(arn: string | null) {
  const [, service, kind, name] = ARN_PATTERN.exec(arn ?? "") ?? [];
  const resourceType = RESOURCE_TYPES[`${service}:${kind}`];
  if (resourceType === undefined || name === undefined) {
    return {};
  }
  return { resourceType, resourceName: name, referencedResources: { [resourceType]: [name] } };
}
