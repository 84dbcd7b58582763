import { afterAll, beforeAll, describe, it } from "vitest";
import { inForm } from "@/testing/fault-run.ts";
import { deliverThrough } from "./database-delivery.ts";
import { type DatabaseProduct, startDatabaseProduct } from "./database-product.ts";

const AWAY_MS = 8_000;

describe.skipIf(inForm({ short: true, full: false }))("a database that comes later than the processes", () => {
  let product: DatabaseProduct;

  beforeAll(async () => {
    product = await startDatabaseProduct({ awayMs: AWAY_MS });
  }, 120_000);

  afterAll(() => product?.close());

  it("is waited for by all of them, which then work", async () => {
    await deliverThrough(product, { name: "database late", lossesMax: 0, disturb: async () => undefined });
  });
});
