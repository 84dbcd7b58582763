import { describe, it } from "vitest";
import { inForm } from "@/testing/fault-run.ts";
import { deliverThrough } from "./database-delivery.ts";
import { provideDatabaseProduct } from "./database-product.ts";

const AWAY_MS = 8_000;

describe.skipIf(inForm({ short: true, full: false }))("a database that comes later than the processes", () => {
  const product = provideDatabaseProduct({ awayMs: AWAY_MS });

  it("is waited for by all of them, which then work", async () => {
    await deliverThrough(product(), { name: "database late", lossesMax: 0, disturb: async () => undefined });
  });
});
