import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { prisma } from "@/server/db.ts";
import { forgetOldNonces, type KeyUse, noteKeyUse } from "./uses.ts";

function useOf(fields: Partial<KeyUse> = {}): KeyUse {
  return {
    accessKeyId: "LTAIone",
    accountId: randomUUID(),
    nonce: randomUUID(),
    freshUntil: new Date(Date.now() + 900_000),
    action: "LookupEvents",
    ...fields,
  };
}

describe("a nonce", () => {
  it("is new exactly once for a key, however many use it at once", async () => {
    const use = useOf();
    const uses = await Promise.all(Array.from({ length: 20 }, () => noteKeyUse(use)));
    expect(uses.filter(({ isNonceNew }) => isNonceNew)).toHaveLength(1);
  });

  it("of one key is another's own", async () => {
    const use = useOf();
    await noteKeyUse(use);
    expect(await noteKeyUse({ ...use, accessKeyId: "LTAItwo" })).toMatchObject({ isNonceNew: true });
  });

  it("is kept while its request is fresh, and forgotten afterwards", async () => {
    const [old, fresh] = [useOf({ freshUntil: new Date(Date.now() - 120_000) }), useOf()];
    await noteKeyUse(old);
    await noteKeyUse(fresh);
    await forgetOldNonces();
    expect(await noteKeyUse(fresh)).toMatchObject({ isNonceNew: false });
    expect(await prisma().requestNonce.count({ where: { expiresAt: { lt: new Date() } } })).toBe(0);
  });
});

describe("calls in a second", () => {
  it("are counted one by one, however many come at once, for each account and call apart", async () => {
    const accountId = randomUUID();
    const count = async (fields: Partial<KeyUse>) => (await noteKeyUse(useOf({ accountId, ...fields }))).callsInSecond;
    const counts = await Promise.all(Array.from({ length: 40 }, () => count({})));
    // In each second from 1 on, without a gap and without a number twice: as many ones as there were seconds.
    const seconds = counts.filter((calls) => calls === 1).length;
    const most = Math.max(...counts);
    expect(counts.filter((calls) => calls === most).length).toBeLessThanOrEqual(seconds);
    expect(
      counts
        .toSorted((one, other) => one - other)
        .every((calls, index, all) => index === 0 || calls - (all[index - 1] ?? 0) <= 1),
    ).toBe(true);
    expect(await count({ action: "DescribeTrails" })).toBe(1);
    expect(await count({ accountId: randomUUID() })).toBe(1);
  });

  it("do not count a replay", async () => {
    const use = useOf();
    await noteKeyUse(use);
    expect(await noteKeyUse(use)).toMatchObject({ callsInSecond: 0 });
  });
});
