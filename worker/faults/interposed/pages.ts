import * as real from "@/server/history-job/pages.ts";
import { comeBy } from "@/worker/faults/boundary.ts";

export * from "@/server/history-job/pages.ts";

/**
 * The logs of a batch, whatever their size: small steps where the product's own would be a single one, or more bytes than the
 * product would send. It is part of the trail's name, so that every worker, whatever became of the one before it, makes the same
 * batches of a job.
 */
const BATCH_LOGS_PATTERN = /-by-(\d+)$/;

export const readPage: typeof real.readPage = async (claim, after, limits) => {
  const logsMax = BATCH_LOGS_PATTERN.exec(claim.logstoreName)?.[1];
  const own = logsMax === undefined ? limits : { logsMax: Number(logsMax), bytesMax: Number.MAX_SAFE_INTEGER };
  const page = await real.readPage(claim, after, own);
  comeBy("read", claim);
  return page;
};
