import * as real from "@/server/history-job/pages.ts";
import { comeBy } from "@/worker/faults/boundary.ts";

export * from "@/server/history-job/pages.ts";

/**
 * The logs of a batch at most, in small steps where the product's own would be a single one. It is part of the trail's name, so
 * that every worker, whatever became of the one before it, makes the same batches of a job.
 */
const BATCH_LOGS_PATTERN = /-by-(\d+)$/;

export const readPage: typeof real.readPage = async (claim, after, limits) => {
  const logsMax = Number(BATCH_LOGS_PATTERN.exec(claim.logstoreName)?.[1] ?? limits.logsMax);
  const page = await real.readPage(claim, after, { ...limits, logsMax });
  comeBy("read", claim);
  return page;
};
