import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { AuditEntryDto, AuditFilter, AuditPlace } from "@/domain/access/audit-schema.ts";
import { parseAuditPlace } from "@/domain/access/audit-schema.ts";
import type { AccountScope } from "@/domain/access/scope.ts";
import { pool, prisma } from "@/server/db.ts";
import { exportAuditEntries, findAuditEntry, listAuditEntries } from "./audit-queries.ts";
import { commandLineScope } from "./command-line.ts";

const ACCOUNT = "3100000000000001";
const OTHER_ACCOUNT = "3100000000000002";
const REQUEST_ID = randomUUID().toUpperCase();
const ANY: AuditFilter = { who: null, action: null, outcome: null, from: null, to: null };

let scope: AccountScope;

function entry(minutesAgo: number, fields: Partial<Record<string, string | null>> = {}) {
  return {
    id: randomUUID(),
    accountId: ACCOUNT,
    at: new Date(Date.UTC(2026, 10, 20, 12) - minutesAgo * 60_000),
    action: "backtrail:CreateMember",
    rw: "Write",
    outcome: "allowed",
    actorType: "user",
    actorId: "u-1",
    actorName: "Ops@Example.com",
    from: "203.0.113.7",
    details: { n: minutesAgo },
    ...fields,
  };
}

beforeAll(async () => {
  await prisma().account.createMany({ data: [ACCOUNT, OTHER_ACCOUNT].map((id) => ({ id, name: "Test" })) });
  scope = commandLineScope(ACCOUNT, "test", "backtrail:LookupAuditEntries");
  await prisma().auditEntry.createMany({
    data: [
      // 120 of one millisecond: only their ids tell them apart.
      ...Array.from({ length: 120 }, () => entry(60)),
      entry(10, {
        requestId: REQUEST_ID,
        outcome: "refused",
        errorCode: "NoPermission",
        actorName: "viewer@example.com",
        actorId: "u-2",
      }),
      entry(5, { action: "ConsoleSignin", actorName: "viewer@example.com", actorId: "u-2", from: "198.51.100.1" }),
      entry(1, { accountId: OTHER_ACCOUNT }),
    ],
  });
});

async function allOf(filter: AuditFilter): Promise<AuditEntryDto[]> {
  const found: AuditEntryDto[] = [];
  let before: AuditPlace | null = null;
  do {
    const page = await listAuditEntries(scope, filter, before);
    found.push(...page.entries);
    before = page.next === null ? null : parseAuditPlace(page.next);
  } while (before !== null);
  return found;
}

describe("listAuditEntries", () => {
  it("lists each entry of the account once, newest first, also of one millisecond, and no other account's", async () => {
    const all = await allOf(ANY);
    expect(all).toHaveLength(122);
    expect(new Set(all.map(({ id }) => id)).size).toBe(122);
    const keys = all.map(({ at, id }) => `${at} ${id}`);
    expect(keys).toEqual(keys.toSorted().toReversed());
  });

  it.each<[Partial<AuditFilter>, number]>([
    [{ who: "VIEWER@" }, 2],
    [{ who: "u-2" }, 2],
    [{ who: "198.51.100.1" }, 1],
    [{ who: "198.51" }, 0],
    [{ who: "%" }, 0],
    [{ who: "'; DROP TABLE audit_entry --" }, 0],
    [{ action: "ConsoleSignin" }, 1],
    [{ outcome: "refused" }, 1],
    [{ outcome: "refused", action: "ConsoleSignin" }, 0],
    [{ from: "2026-11-20T11:50:00Z" }, 2],
    [{ from: "2026-11-20T11:00:00Z", to: "2026-11-20T11:50:00Z" }, 120],
    [{ to: "2026-11-20T11:00:00Z" }, 0],
  ])("filters by %j", async (part, count) => {
    expect(await allOf({ ...ANY, ...part })).toHaveLength(count);
  });

  it("finds an entry by its RequestId", async () => {
    const [newest] = await allOf(ANY);
    expect(newest?.requestId).toBe(newest?.id);
    expect(await allOf({ ...ANY, who: newest?.id.toUpperCase() ?? "" })).toEqual([newest]);
    const answered = await allOf({ ...ANY, who: REQUEST_ID.toLowerCase() });
    expect(answered).toMatchObject([{ requestId: REQUEST_ID, errorCode: "NoPermission" }]);
  });

  it("walks down the index and sorts nothing", async () => {
    const { rows } = await pool().query(
      `EXPLAIN SELECT * FROM audit_entry WHERE account_id = '1' AND (at, id) < (now(), gen_random_uuid())
       ORDER BY at DESC, id DESC LIMIT 51`,
    );
    const plan = rows.map((row) => Object.values(row)[0]).join("\n");
    expect(plan).toContain("audit_entry_account_id_at_id_idx");
    expect(plan).not.toContain("Sort");
  });
});

describe("findAuditEntry", () => {
  it("finds the account's own entries and no other account's", async () => {
    const [own] = await allOf(ANY);
    expect(await findAuditEntry(scope, own?.id ?? "")).toEqual(own);
    const other = await prisma().auditEntry.findFirstOrThrow({ where: { accountId: OTHER_ACCOUNT } });
    expect(await findAuditEntry(scope, other.id)).toBeNull();
  });
});

describe("exportAuditEntries", () => {
  it("reads every entry of the filter once, and is an entry itself", async () => {
    const exporting = commandLineScope(ACCOUNT, "test", "backtrail:ExportAuditEntries");
    const before = await allOf(ANY);
    const exported: AuditEntryDto[] = [];
    for await (const page of await exportAuditEntries(exporting, ANY, "csv")) {
      exported.push(...page);
    }
    expect(exported).toEqual(before);
    const [note] = await allOf({ ...ANY, action: "backtrail:ExportAuditEntries" });
    expect(note).toMatchObject({ outcome: "allowed", details: { format: "csv", outcome: null } });
  });
});
