import { Agent } from "node:http";
import { putEvents } from "@/server/event/put-events.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import { withConsole } from "./console.ts";
import { ecsEventText } from "./event-text.ts";
import type { Figure } from "./figure.ts";
import { keepPolling, type PollCounts, pause, pollsOfRunningJob } from "./polling.ts";
import { type Redelivery, redeliver } from "./redelivery.ts";

const EVENTS_PER_SECOND = 1_000;

/** Of one call, as a collector gathers them. */
const EVENTS_PER_CALL = 100;

/** Undisturbed and disturbed by turns, so that both have the same minutes of the machine. */
const ROUNDS = 2;

/**
 * How much speed a job loses while a console stands at its page and the account goes on recording, 1,000 events a second by the command
 * behind PutEvents. The web process is there all the time.
 */
export function measureLoad(account: HistoryAccount): Promise<readonly Figure[]> {
  return withConsole(async ({ base, signIn }) => {
    const cookie = await signIn(account);
    const agent = new Agent({ keepAlive: true });
    const undisturbed: Redelivery[] = [];
    const disturbed: Redelivery[] = [];
    const recordedPerSecond: number[] = [];
    try {
      for (let round = 0; round < ROUNDS; round++) {
        undisturbed.push(await redeliver(account));
        const beside = async (jobId: number, signal: AbortSignal) => {
          const [rate] = await Promise.all([
            recordSteadily(account, signal),
            pollConsole(agent, base, cookie, jobId, signal),
          ]);
          recordedPerSecond.push(rate);
        };
        disturbed.push(await redeliver(account, { beside }));
      }
    } finally {
      agent.destroy();
    }
    const loss = 1 - rateOf(disturbed) / rateOf(undisturbed);
    return [
      { name: "undisturbed", value: Math.round(rateOf(undisturbed)), unit: "events/s" },
      { name: "disturbed", value: Math.round(rateOf(disturbed)), unit: "events/s" },
      {
        name: "disturbed_recorded",
        value: Math.round(Math.min(...recordedPerSecond)),
        unit: "events/s",
        // Fewer would disturb less; the last call of a run may fall short.
        least: 0.95 * EVENTS_PER_SECOND,
      },
      { name: "disturbed_loss", value: Number((100 * loss).toFixed(1)), unit: "% of the speed", most: 20, aim: 10 },
    ];
  });
}

function rateOf(redeliveries: readonly Redelivery[]): number {
  const sum = (of: (one: Redelivery) => number) => redeliveries.reduce((total, one) => total + of(one), 0);
  return sum(({ job }) => job.delivered) / sum(({ seconds }) => seconds);
}

/** Records events of now until the signal. @returns how many it has recorded a second */
async function recordSteadily(account: HistoryAccount, signal: AbortSignal): Promise<number> {
  const scope = account.scope("backtrail:PutEvents");
  const begunAt = performance.now();
  let recorded = 0;
  for (let calls = 1; !signal.aborted; calls++) {
    const texts = Array.from({ length: EVENTS_PER_CALL }, () => ecsEventText(new Date(), account.accountId));
    const outcomes = await putEvents(scope, { bytes: Buffer.from(texts.join("\n")), encoding: undefined });
    recorded += outcomes.filter(({ outcome }) => outcome === "recorded").length;
    const dueAt = begunAt + (calls * EVENTS_PER_CALL * 1_000) / EVENTS_PER_SECOND;
    await pause(Math.max(0, dueAt - performance.now()), signal);
  }
  return (recorded * 1_000) / (performance.now() - begunAt);
}

async function pollConsole(
  agent: Agent,
  base: string,
  cookie: string,
  jobId: number,
  signal: AbortSignal,
): Promise<void> {
  const counts: PollCounts = { full: 0, unchanged: 0, failed: 0, bytes: 0 };
  await Promise.all(pollsOfRunningJob(jobId).map((poll) => keepPolling(agent, base, cookie, poll, counts, signal)));
  if (counts.failed > 0) {
    throw new Error(`${counts.failed} polls failed`);
  }
}
