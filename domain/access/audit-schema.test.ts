import { describe, expect, it } from "vitest";
import { AUDIT_CSV_NAMES, auditCsvLine } from "./audit-csv.ts";
import { type AuditEntryDto, auditFilterSchema, auditPlaceText, parseAuditPlace } from "./audit-schema.ts";

const ID = "0b4a3b6e-6a0e-4a8e-9a55-0d6a4e6a7f10";
const PLACE = { at: "2026-11-22T10:00:00.123Z", id: ID };
const ANY = { who: null, action: null, outcome: null, from: null, to: null };

describe("a place in the audit", () => {
  it("is read as it was named", () => {
    expect(parseAuditPlace(auditPlaceText(PLACE))).toEqual(PLACE);
  });

  it.each(["", "~", ID, `2026-11-22T10:00:00.123Z~`, `2026-11-22~${ID}`, `${auditPlaceText(PLACE)}~x`, "x~y"])(
    "is not %j, which no page has named",
    (text) => {
      expect(parseAuditPlace(text)).toBeNull();
    },
  );
});

describe("a filter of the audit", () => {
  it.each([
    { action: "actiontrail:NoSuchAction" },
    { outcome: "maybe" },
    { who: "" },
    { who: "x".repeat(257) },
    { from: "yesterday" },
  ])("is not %j", (part) => {
    expect(auditFilterSchema.safeParse({ ...ANY, ...part }).success).toBe(false);
  });

  it("may ask for sign-ins, which are no RAM action", () => {
    expect(auditFilterSchema.safeParse({ ...ANY, action: "ConsoleSignin" }).success).toBe(true);
  });
});

describe("an audit export", () => {
  const entry: AuditEntryDto = {
    id: ID,
    requestId: "9F0C3E0A-0000-4000-8000-000000000001",
    at: PLACE.at,
    action: "backtrail:CreateMember",
    rw: "Write",
    outcome: "refused",
    errorCode: "MembershipAlreadyExists",
    actorType: "user",
    actorId: "u-1",
    actorName: "=cmd|' /C calc'!A0",
    from: null,
    resource: null,
    details: { email: 'a"b@example.com' },
  };

  it("has a cell for each of its columns", () => {
    expect(auditCsvLine({ ...entry, actorName: "ops", details: {} }).split(",")).toHaveLength(
      AUDIT_CSV_NAMES.split(",").length,
    );
  });

  it("runs no formula that a name begins with, and keeps details whole", () => {
    const line = auditCsvLine(entry);
    expect(line).toContain(`"'=cmd|' /C calc'!A0"`);
    expect(line).toContain(`"{""email"":""a\\""b@example.com""}"`);
  });
});
