import { hostname } from "node:os";
import { recordAuditEvents } from "@/server/access/audit.ts";
import { closeDatabase } from "@/server/db.ts";
import { requiredDatabaseUrl, requiredSecrets } from "@/server/env.ts";
import { sweepJobs } from "@/server/history-job/settle.ts";
import { sweepVerifications } from "@/server/history-job/verification.ts";
import { log } from "@/server/log.ts";
import { untilAborted, watchForEnd } from "@/server/process-end.ts";
import { closeQueue, workOnQueues } from "@/server/queue.ts";
import { syncDatabaseClock } from "./database-clock.ts";
import { deliverEntry } from "./deliver-entry.ts";
import { keepPartitions } from "./partition-upkeep.ts";
import { repeat, tryUntilDone } from "./repeat.ts";
import { verifyJob } from "./verify-job.ts";

/** How often a worker looks for what nobody lives to do. */
const SWEEP_INTERVAL_MS = 10_000;

/** How long running batches may take to be acknowledged after the first signal. */
const DRAIN_TIMEOUT_MS = 15_000;

const workerName = `${hostname()}:${process.pid}`;
const ending = watchForEnd();
requiredDatabaseUrl();
requiredSecrets();
const queue = await tryUntilDone("to begin", ending, async () => {
  await syncDatabaseClock();
  return workOnQueues({
    deliver: (entry) => deliverEntry(entry, workerName, () => ending.aborted),
    verify: (entry) => verifyJob(entry, workerName, () => ending.aborted),
    keepPartitions,
  });
});
const sweep = repeat("sweep", SWEEP_INTERVAL_MS, ending, async () => {
  await syncDatabaseClock();
  await sweepJobs();
  await sweepVerifications();
  await recordAuditEvents();
});
if (queue !== null) {
  log.info({ workerName }, "worker ready");
  process.send?.("ready");
}

await untilAborted(ending);
log.info("worker draining");
await queue?.stop(DRAIN_TIMEOUT_MS);
await sweep;
await closeQueue();
await closeDatabase();
process.exit(0);
