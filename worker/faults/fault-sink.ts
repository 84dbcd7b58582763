import { afterAll } from "vitest";
import { addTrail, createHistoryAccount, type HistoryAccount, SINK_KEY } from "@/testing/history-account.ts";
import { LogServiceStandIn, type StandInOptions } from "@/testing/log-service-stand-in.ts";
import { type HistoryShape, recordHistory, startWatchedJob, type WatchedJob } from "@/testing/watched-job.ts";

const sinks: LogServiceStandIn[] = [];

afterAll(() => Promise.all(sinks.map((sink) => sink.stop())));

/** A stand-in sink that takes the requests of the accounts made for it, until all tests of the file have ended. */
export async function startSink(options: Omit<StandInOptions, "key"> = {}): Promise<LogServiceStandIn> {
  const sink = await LogServiceStandIn.start({
    key: { region: "cn-hangzhou", accessKeyId: SINK_KEY.id, accessKeySecret: SINK_KEY.secret },
    ...options,
  });
  sinks.push(sink);
  return sink;
}

export type DeliveryShape = HistoryShape & {
  /** Logs of a batch at most; by default the product's own bound. */
  readonly batchLogs?: number;
};

let trails = 0;

/** An account with a history and a trail of its own that delivers to the sink. */
export async function createDeliveringAccount(
  sink: Pick<LogServiceStandIn, "endpoint">,
  { batchLogs, ...shape }: DeliveryShape,
): Promise<{ readonly account: HistoryAccount; readonly trailName: string }> {
  const account = await createHistoryAccount(sink.endpoint);
  // The name, and with it the logstore's, tells its jobs' requests from all others, and how its batches are made.
  const trailName = `trail-${++trails}${batchLogs === undefined ? "" : `-by-${batchLogs}`}`;
  await addTrail(account, { name: trailName });
  await recordHistory(account, shape);
  return { account, trailName };
}

/** The same with its job already started. */
export async function startDelivery(
  sink: Pick<LogServiceStandIn, "endpoint">,
  shape: DeliveryShape,
): Promise<WatchedJob> {
  const { account, trailName } = await createDeliveringAccount(sink, shape);
  return startWatchedJob(account, trailName);
}
