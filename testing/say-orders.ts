import { prisma } from "@/server/db.ts";
import { type JobOrder, sayOrder } from "./job-orders.ts";

// A process of its own that says each list of orders it is sent, all of a list at once, and then waits for its end.

// The first statement takes longer than all of an order.
await prisma().account.findFirst({ select: { id: true } });
process.on("message", (orders: readonly JobOrder[]) => {
  for (const order of orders) {
    void sayOrder(order);
  }
});
process.once("disconnect", () => process.exit());
process.send?.("ready");
