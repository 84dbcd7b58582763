import { describe, it } from "vitest";
import { inForm } from "@/testing/fault-run.ts";
import { deliverThrough } from "./database-delivery.ts";
import { provideDatabaseProduct } from "./database-product.ts";

const AWAY_MS = inForm({ short: 2_000, full: 8_000 });

describe("a database that comes later than the processes", () => {
  const product = provideDatabaseProduct({ awayMs: AWAY_MS });

  it("is waited for by all of them, which then work", async () => {
    await deliverThrough(product(), { name: "database late", lossesMax: 0, disturb: async () => undefined });
  });
});
