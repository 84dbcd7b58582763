import { Client } from "pg";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pool, prisma } from "@/server/db.ts";
import { recordAuditEvents, writeAuditEntry, writeRefusal } from "./audit.ts";
import { commandLineScope } from "./command-line.ts";

const ACCOUNT = "3000000000000001";
const OTHER_ACCOUNT = "3000000000000002";
const CHANGES = ["UPDATE audit_entry SET outcome = 'allowed'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"];
const ACTOR = { type: "user", id: "u-1", name: "ops@example.com", from: "203.0.113.7" } as const;

beforeAll(async () => {
  await prisma().account.createMany({ data: [ACCOUNT, OTHER_ACCOUNT].map((id) => ({ id, name: "Test" })) });
});

beforeEach(async () => {
  await recordAuditEvents();
});

function write(accountId: string, details = { email: "a@example.com" }): Promise<void> {
  const scope = commandLineScope(accountId, "test", "backtrail:CreateMember");
  return prisma().$transaction((tx) => writeAuditEntry(tx, scope, { details }));
}

async function entriesOf(accountId: string) {
  return await prisma().auditEntry.findMany({ where: { accountId } });
}

async function eventIdsOf(accountId: string): Promise<string[]> {
  const events = await prisma().event.findMany({ where: { accountId }, select: { eventId: true } });
  return events.map(({ eventId }) => eventId).sort();
}

describe("an audit entry", () => {
  test("and its place in the outbox stand or fall with the work", async () => {
    const scope = commandLineScope(ACCOUNT, "test", "backtrail:CreateMember");
    const before = await prisma().auditEntry.count();
    const work = prisma().$transaction(async (tx) => {
      await writeAuditEntry(tx, scope, { details: {} });
      throw new Error("the work failed");
    });
    await expect(work).rejects.toThrow("the work failed");
    expect(await prisma().auditEntry.count()).toBe(before);
    expect(await prisma().auditOutbox.count()).toBe(0);
  });

  test.each(CHANGES)("cannot be changed or removed by the application: %s", async (statement) => {
    await write(ACCOUNT);
    await expect(pool().query(statement)).rejects.toThrow(/permission denied/);
  });

  test.each(CHANGES)("nor where the application works as the owner of the schema: %s", async (statement) => {
    await write(ACCOUNT);
    const before = await prisma().auditEntry.findMany({ orderBy: { id: "asc" } });
    const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
    await owner.connect();
    try {
      await expect(owner.query(statement)).rejects.toThrow("audit entries can only be added");
    } finally {
      await owner.end();
    }
    expect(await prisma().auditEntry.findMany({ orderBy: { id: "asc" } })).toEqual(before);
  });
});

describe("recording", () => {
  test("makes of each entry one event of its account, with the entry's id, and empties the outbox", async () => {
    await write(ACCOUNT);
    await write(OTHER_ACCOUNT);
    await writeRefusal({
      accountId: ACCOUNT,
      actor: ACTOR,
      action: "actiontrail:CreateDeliveryHistoryJob",
      errorCode: "NoPermission",
      details: { role: "viewer" },
    });
    await recordAuditEvents();
    for (const accountId of [ACCOUNT, OTHER_ACCOUNT]) {
      expect(await eventIdsOf(accountId)).toEqual((await entriesOf(accountId)).map(({ id }) => id).sort());
    }
    expect(await prisma().auditOutbox.count()).toBe(0);
    const refusal = await prisma().event.findFirstOrThrow({ where: { accountId: ACCOUNT, errorCode: "NoPermission" } });
    expect(refusal).toMatchObject({
      region: "cn-hangzhou",
      serviceName: "Actiontrail",
      eventName: "CreateDeliveryHistoryJob",
      eventType: "ConsoleOperation",
      eventRW: "Write",
      userName: "ops@example.com",
      sourceIpAddress: "203.0.113.7",
    });
  });

  test("again, as after a crash before the outbox was emptied, adds nothing", async () => {
    await write(ACCOUNT);
    await recordAuditEvents();
    const recorded = await eventIdsOf(ACCOUNT);
    const entries = await entriesOf(ACCOUNT);
    await prisma().auditOutbox.createMany({ data: entries.map(({ id }) => ({ auditEntryId: id })) });
    await recordAuditEvents();
    expect(await eventIdsOf(ACCOUNT)).toEqual(recorded);
    expect(await prisma().eventConflict.count({ where: { accountId: ACCOUNT } })).toBe(0);
    expect(await prisma().auditOutbox.count()).toBe(0);
  });

  test("leaves entries that another process is recording to it", async () => {
    await write(ACCOUNT);
    const other = await pool().connect();
    try {
      await other.query("BEGIN");
      await other.query("SELECT 1 FROM audit_outbox FOR UPDATE");
      await recordAuditEvents();
      expect(await prisma().auditOutbox.count()).toBe(1);
    } finally {
      await other.query("ROLLBACK");
      other.release();
    }
  });

  test("by many calls at once, more than there are connections, records all and ends", async () => {
    const calls = Array.from({ length: 40 }, async (_, i) => {
      await write(ACCOUNT, { email: `a${i}@example.com` });
      await recordAuditEvents();
    });
    await Promise.all(calls);
    expect(await prisma().auditOutbox.count()).toBe(0);
    expect(await eventIdsOf(ACCOUNT)).toEqual((await entriesOf(ACCOUNT)).map(({ id }) => id).sort());
  });

  test("takes more entries than one batch", async () => {
    const ids = await prisma().auditEntry.createManyAndReturn({
      data: Array.from({ length: 450 }, () => ({
        accountId: OTHER_ACCOUNT,
        action: "backtrail:CreateMember",
        rw: "Write",
        outcome: "allowed",
        actorType: "command-line",
        actorId: "test",
        actorName: "test",
        details: {},
      })),
      select: { id: true },
    });
    await prisma().auditOutbox.createMany({ data: ids.map(({ id }) => ({ auditEntryId: id })) });
    await recordAuditEvents();
    expect(await prisma().auditOutbox.count()).toBe(0);
    expect(await eventIdsOf(OTHER_ACCOUNT)).toHaveLength((await entriesOf(OTHER_ACCOUNT)).length);
  });
});
