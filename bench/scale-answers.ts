import { createHistoryJob } from "@/server/history-job/commands.ts";
import { cancelHistoryJob } from "@/server/history-job/control.ts";
import { previewHistory } from "@/server/history-job/preview.ts";
import type { HistoryAccount } from "@/testing/history-account.ts";
import type { Figure } from "./figure.ts";
import { quantile } from "./quantile.ts";
import { INPUT } from "./redelivery.ts";

/** Which fill what a process and its connections fill once. */
const WARMING = 5;

const TIMES = 40;

/**
 * What a person waits for before a job over a large history runs: its preview, and its start with the commit. One after the other; no
 * worker runs, so that each job is cancelled before the next.
 */
export async function measureAnswers(account: HistoryAccount): Promise<readonly Figure[]> {
  const { trailName } = INPUT;
  const previews = await timeEach(() =>
    previewHistory(account.scope("actiontrail:DescribeTrails"), { trailName, window: { kind: "default" } }),
  );
  const starts = await timeEach(
    () => createHistoryJob(account.scope("actiontrail:CreateDeliveryHistoryJob"), INPUT),
    ({ jobId }) => cancelHistoryJob(account.scope("backtrail:CancelDeliveryHistoryJob"), { jobId }),
  );
  return [
    { name: "start_p95", value: Number(quantile(starts, 0.95).toFixed(1)), unit: "ms", most: 50, aim: 20 },
    { name: "preview_p95", value: Number(quantile(previews, 0.95).toFixed(1)), unit: "ms", most: 100, aim: 20 },
  ];
}

/** @returns the milliseconds that each took; what takes it back again is not counted */
async function timeEach<Result>(
  work: () => Promise<Result>,
  takeBack?: (result: Result) => Promise<unknown>,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < WARMING + TIMES; index++) {
    const begunAt = performance.now();
    const result = await work();
    times.push(performance.now() - begunAt);
    await takeBack?.(result);
  }
  return times.slice(WARMING);
}
