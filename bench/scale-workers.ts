import { prisma } from "@/server/db.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import type { Figure } from "./figure.ts";
import { redeliver } from "./redelivery.ts";
import { startSink } from "./sink.ts";

/** As long as a log service far away takes for a batch. */
const ANSWER_MS = 100;

const PRELOADS = ["bench/one-in-flight.ts"];

/**
 * What a second worker adds where the sink is slow and each worker has one batch in flight.
 * @param endpoint of the account's log project, which it has again afterwards
 */
export async function measureWorkers(account: HistoryAccount, endpoint: string): Promise<readonly Figure[]> {
  const slow = await startSink({ answerMs: ANSWER_MS });
  try {
    await moveSink(account, slow.endpoint);
    const one = await redeliver(account, { preloads: PRELOADS });
    const two = await redeliver(account, { preloads: PRELOADS, workers: 2 });
    await moveSink(account, endpoint);
    return [
      { name: "slow_sink_one_worker", value: Math.round(one.eventsPerSecond), unit: "events/s" },
      { name: "slow_sink_two_workers", value: Math.round(two.eventsPerSecond), unit: "events/s" },
      {
        name: "slow_sink_two_workers_ratio",
        value: Number((two.eventsPerSecond / one.eventsPerSecond).toFixed(2)),
        unit: "times one worker",
        least: 1.8,
        aim: 2,
      },
    ];
  } finally {
    await slow.stop();
  }
}

async function moveSink({ accountId }: HistoryAccount, endpoint: string): Promise<void> {
  await prisma().logProject.updateMany({ where: { accountId }, data: { endpoint } });
}
