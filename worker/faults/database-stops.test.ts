import { setTimeout as delay } from "node:timers/promises";
import { describe, it } from "vitest";
import { inForm, randomFor } from "@/testing/fault-run.ts";
import { deliverThrough, waitForProgress } from "./database-delivery.ts";
import { provideDatabaseProduct } from "./database-product.ts";

/** Few to each delivery, which has to go on while they come. */
const KILLS_PER_DELIVERY = inForm({ short: 2, full: 5 });
const DELIVERIES = inForm({ short: 1, full: 40 });
const DELIVERY_MS_MAX = 600_000;

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

  it(`by SIGKILL at ${DELIVERIES * KILLS_PER_DELIVERY} random times, loses nothing and counts nothing twice`, {
    timeout: DELIVERIES * DELIVERY_MS_MAX,
  }, async () => {
    const random = randomFor("kills of the database");
    for (let delivery = 0; delivery < DELIVERIES; delivery++) {
      await deliverThrough(product(), {
        name: "database killed",
        lossesMax: KILLS_PER_DELIVERY,
        disturb: async (progress) => {
          for (let kill = 0; kill < KILLS_PER_DELIVERY; kill++) {
            await delay(random.integer(0, 400));
            await product().server.kill("SIGKILL");
            await product().server.start();
            await waitForProgress(progress);
          }
        },
      });
    }
  });
});
