import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { commandLineScope } from "@/server/access/command-line.ts";
import { prisma } from "@/server/db.ts";
import { completeSample, ensureAccount, withFirstStartLock } from "./commands.ts";
import { getAccountCreatedAt, hasMembers, isSamplePending } from "./queries.ts";

function scope(accountId: string) {
  return commandLineScope(accountId, "test", "backtrail:CreateAccount");
}

describe("an account", () => {
  test("is made once, however many ask, and is in its own audit", async () => {
    const own = scope("5000000000000001");
    const made = await Promise.all(
      Array.from({ length: 5 }, () => ensureAccount(own, { name: "Production", withSample: false })),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await prisma().auditEntry.count({ where: { accountId: own.accountId } })).toBe(1);
    expect(await getAccountCreatedAt(own)).toBeInstanceOf(Date);
    expect(await hasMembers(own)).toBe(false);
  });

  test("waits for its sample from its making until the sample is whole", async () => {
    const own = scope("5000000000000002");
    await ensureAccount(own, { name: "Production", withSample: true });
    expect(await isSamplePending(own)).toBe(true);
    await completeSample(commandLineScope(own.accountId, "test", "backtrail:CreateSample"), { events: 1 });
    expect(await isSamplePending(own)).toBe(false);
  });

  test("that was made without a sample never waits for one", async () => {
    const own = scope("5000000000000003");
    await ensureAccount(own, { name: "Production", withSample: false });
    await ensureAccount(own, { name: "Production", withSample: true });
    expect(await isSamplePending(own)).toBe(false);
  });
});

describe("the lock of first starts", () => {
  test("lets one work at a time, and the next in after one that failed", async () => {
    let inside = 0;
    const work = async (fails: boolean) => {
      expect(++inside).toBe(1);
      await nextTurn();
      inside--;
      if (fails) {
        throw new Error("failed");
      }
    };
    const results = await Promise.allSettled(
      [true, false, false].map((fails) => withFirstStartLock(() => work(fails))),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  });
});
