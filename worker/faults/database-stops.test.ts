import { setTimeout as delay } from "node:timers/promises";
import { describe, it } from "vitest";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import { deliverThrough, waitForProgress } from "./database-delivery.ts";
import { provideDatabaseProduct } from "./database-product.ts";

const KILLS = inForm({ short: 2, full: 5 });

const product = provideDatabaseProduct();

describe("a database that is stopped under deliveries", () => {
  it("hard, and started again, is gone on with by every process itself", async () => {
    await deliverThrough(product(), {
      name: "stopped hard",
      lossesMax: 1,
      isSeen: true,
      disturb: async () => {
        await product().server.kill("SIGQUIT");
        await delay(1_000);
        await product().server.start();
      },
    });
  });

  it(`by SIGKILL at ${KILLS} random times, loses nothing and counts nothing twice`, async () => {
    const random = randomFor("kills of the database");
    await deliverThrough(product(), {
      name: "database killed",
      lossesMax: KILLS,
      disturb: async (progress) => {
        for (let kill = 0; kill < KILLS; kill++) {
          await delay(random.integer(0, 400));
          await product().server.kill("SIGKILL");
          await product().server.start();
          await waitForProgress(progress);
        }
      },
    });
  });
});
