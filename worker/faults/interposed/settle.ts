import * as real from "@/server/history-job/settle.ts";
import { comeBy } from "@/worker/faults/boundary.ts";

export * from "@/server/history-job/settle.ts";

export const settleAfterEntry: typeof real.settleAfterEntry = async (entry, ...args) => {
  await real.settleAfterEntry(entry, ...args);
  comeBy("settled", entry);
};
