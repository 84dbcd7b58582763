import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findFreePort } from "@/testing/product-process.ts";
import { takeAllConnections } from "@/testing/taken-connections.ts";
import { asRefusal, BoundedPool } from "./bounded-pool.ts";
import { pool, prisma } from "./db.ts";
import { inTransaction } from "./transaction.ts";

describe("with every connection taken for longer than anybody waits", () => {
  let release: () => void;

  beforeEach(async () => {
    release = await takeAllConnections();
  });

  afterEach(() => release());

  it.each<[string, () => Promise<unknown>]>([
    ["a statement", () => pool().query("SELECT 1")],
    ["a transaction over pg", () => inTransaction(async () => undefined)],
    ["a query of Prisma's", () => prisma().account.findMany()],
    ["a raw statement of Prisma's", () => prisma().$queryRaw`SELECT 1`],
    ["a transaction of Prisma's", () => prisma().$transaction(async (tx) => tx.account.findMany())],
  ])("%s is refused as by a busy service", async (_name, use) => {
    const thrown = await use().catch((error: unknown) => error);
    expect(asRefusal(thrown)).toMatchObject({ name: "DomainError", code: "ServiceUnavailable" });
  });
});

it("says of a database that is not there that it is not there", async () => {
  const nowhere = new BoundedPool({ host: "127.0.0.1", port: await findFreePort() });
  await expect(nowhere.connect()).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
