import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { HistoryJobDto } from "@/domain/history-job/schema.ts";
import { pool } from "@/server/db.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import { startSink } from "./sink.ts";
import { readSpool } from "./spool.ts";

/** The last is the most that SLS takes in one request. */
const PAGES = [100, 1_000, 4_096];

/** What the script is told (bench/sdk-peer.ts). */
export type SdkPeerTask = {
  readonly accountId: string;
  readonly regions: readonly string[];
  /** Of event times, [from, to), ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly endpoint: string;
  readonly logstore: string;
  /** Logs of one page, and so of one request. */
  readonly pageLogs: number;
  /** After so many it ends. */
  readonly events: number;
};

export type SdkMeasure = { readonly pageLogs: number; readonly eventsPerSecond: number };

/**
 * How fast a script on the vendor's client delivers events of the same history to the same kind of sink, by the size of its pages, from
 * the fastest on.
 * @param events how many it sends with each; its rate does not change on the way
 * @throws when the sink did not get as many
 */
export async function measureSdk(
  { accountId }: HistoryAccount,
  job: HistoryJobDto,
  folder: string,
  events: number,
): Promise<readonly SdkMeasure[]> {
  const { rows } = await pool().query<{ region: string }>(
    "SELECT region FROM delivery_slice WHERE job_id = $1 GROUP BY region ORDER BY sum(expected) DESC",
    [job.id],
  );
  const task = {
    accountId,
    regions: rows.map(({ region }) => region),
    from: job.windowFrom,
    to: job.windowTo,
    logstore: job.logstoreName,
    events,
  };
  const measures: SdkMeasure[] = [];
  for (const pageLogs of PAGES) {
    measures.push({ pageLogs, eventsPerSecond: await run({ ...task, pageLogs }, join(folder, `sdk-${pageLogs}`)) });
  }
  return measures.toSorted((one, other) => other.eventsPerSecond - one.eventsPerSecond);
}

async function run(task: Omit<SdkPeerTask, "endpoint">, spoolFile: string): Promise<number> {
  const sink = await startSink({ spoolFile });
  try {
    const script = fork("bench/sdk-peer.ts", [JSON.stringify({ ...task, endpoint: sink.endpoint })]);
    const told = await Promise.race([
      once(script, "message").then(([message]) => message as { readonly sent: number; readonly seconds: number }),
      // What it has told comes before.
      once(script, "disconnect").then(() => null),
    ]);
    if (told === null) {
      throw new Error("the script on the vendor's client ended before its end");
    }
    await sink.stop();
    const { logs } = await readSpool(spoolFile);
    if (logs !== task.events || told.sent !== task.events) {
      throw new Error(`of ${task.events} events the script has sent ${told.sent}, and ${logs} arrived`);
    }
    return told.sent / told.seconds;
  } finally {
    await sink.stop();
  }
}
