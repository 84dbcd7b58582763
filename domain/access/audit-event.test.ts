import { describe, expect, test } from "vitest";
import { type AuditRecord, auditEventBody } from "./audit-event.ts";
import type { Actor } from "./scope.ts";

const PERSON: Actor = { type: "user", id: "u-1", name: "ops@example.com", from: "203.0.113.7" };

const RECORD: AuditRecord = {
  id: "7d0b7c3e-7d60-4b0e-9e1f-0c8a1b6f2a11",
  requestId: null,
  accountId: "1234567890123456",
  at: new Date("2026-11-22T10:20:30.987Z"),
  action: "actiontrail:CreateTrail",
  rw: "Write",
  errorCode: null,
  actor: PERSON,
  resource: "acs:actiontrail:cn-hangzhou:1234567890123456:trail/audit-all",
  details: { name: "audit-all" },
};

function eventOf(changes: Partial<AuditRecord>): Record<string, unknown> {
  return JSON.parse(auditEventBody({ ...RECORD, ...changes }, "cn-hangzhou"));
}

describe("an audit event", () => {
  test("has ActionTrail's shape, with the entry's id as its own and whole seconds", () => {
    expect(eventOf({})).toEqual({
      eventId: RECORD.id,
      eventVersion: 1,
      eventCategory: "Management",
      eventName: "CreateTrail",
      eventType: "ConsoleOperation",
      eventRW: "Write",
      eventSource: "actiontrail.cn-hangzhou.aliyuncs.com",
      eventTime: "2026-11-22T10:20:30Z",
      serviceName: "Actiontrail",
      acsRegion: "cn-hangzhou",
      requestId: RECORD.id,
      sourceIpAddress: "203.0.113.7",
      recipientAccountId: "1234567890123456",
      userIdentity: {
        type: "ram-user",
        principalId: "u-1",
        accountId: "1234567890123456",
        userName: "ops@example.com",
      },
      requestParameters: { name: "audit-all" },
      requestParameterJson: '{"name":"audit-all"}',
      resourceType: "ACS::ActionTrail::Trail",
      resourceName: "audit-all",
      referencedResources: { "ACS::ActionTrail::Trail": ["audit-all"] },
    });
  });

  test("has the RequestId that the call was answered with, and its own id", () => {
    const requestId = "9F0C3E0A-0000-4000-8000-000000000001";
    expect(eventOf({ requestId })).toMatchObject({ eventId: RECORD.id, requestId });
  });

  test("is the same text each time it is built", () => {
    expect(auditEventBody(RECORD, "cn-hangzhou")).toBe(auditEventBody({ ...RECORD }, "cn-hangzhou"));
  });

  test("of a refusal carries the code", () => {
    expect(eventOf({ errorCode: "NoPermission" })).toMatchObject({ errorCode: "NoPermission" });
  });

  test.each<[Actor["type"], string, Record<string, string>]>([
    ["user", "ConsoleOperation", { type: "ram-user" }],
    ["access-key", "ApiCall", { type: "ram-user", accessKeyId: "id" }],
    ["worker", "AliyunServiceEvent", { type: "system" }],
    ["command-line", "AliyunServiceEvent", { type: "system" }],
  ])("by a %s is of type %s", (type, eventType, identity) => {
    const actor: Actor = { type, id: "id", name: "name", from: null };
    expect(eventOf({ actor })).toMatchObject({ eventType, userIdentity: identity, sourceIpAddress: "Internal" });
  });

  test("of a sign-in is named and typed as the vendor's", () => {
    expect(eventOf({ action: "ConsoleSignin" })).toMatchObject({
      eventName: "ConsoleSignin",
      eventType: "ConsoleSignin",
    });
  });

  test.each<[string | null, string | undefined]>([
    ["acs:actiontrail:cn-hangzhou:1234567890123456:historydeliveryjob/42", "ACS::ActionTrail::HistoryDeliveryJob"],
    ["acs:log:cn-hangzhou:1234567890123456:project/backtrail-audit", "ACS::SLS::Project"],
    ["acs:actiontrail:cn-hangzhou:1234567890123456:other/1", undefined],
    ["*", undefined],
    [null, undefined],
  ])("on %s names the resource type %s", (resource, resourceType) => {
    expect(eventOf({ resource }).resourceType).toBe(resourceType);
  });
});
