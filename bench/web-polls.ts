import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Figure } from "./figure.ts";
import { keepPolling, type Poll, type PollCounts, pause, pollsOfRunningJob, RUNNING_INTERVAL_MS } from "./polling.ts";

const CONSOLES = 200;

const CORE_PERCENT_MOST = 10;

/** As often as a console asks while no job runs (components/history-job/history-job-queries.ts). */
const IDLE_INTERVAL_MS = 15_000;

const MEASURED_MS = 20_000;
const WARM_MS = 5_000;

/** Several batches a second: no two answers of Next are the same. */
const MOVE_INTERVAL_MS = 200;

/** Rows that a list watches on screens of usual heights (app/(console)/jobs/_components/use-job-rows.ts). */
const ROWS_WATCHED = 32;

/** Each is so far below the running job in the list that none of its jobs runs. */
const ENDED_BEGIN = 1_000;

/**
 * What an open console asks. Of ten, four stand at the list of jobs, three at the running job, one at a job that has ended, each at
 * another, and two elsewhere, where only the slot is asked for; what the list and the running job's page ask for brings the slot as well.
 */
function pollsOf(index: number, jobId: number): readonly Poll[] {
  const slot = slotPoll(jobId);
  switch (index % 10) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const ids = Array.from({ length: ROWS_WATCHED }, (_, row) => jobId - row);
      const parameters = new URLSearchParams({ newest: String(jobId), ids: ids.join(","), slot: String(jobId) });
      return [{ path: `/jobs/data?${parameters}`, intervalMs: RUNNING_INTERVAL_MS }];
    }
    case 4:
    case 5:
    case 6:
      return pollsOfRunningJob(jobId);
    case 7:
      return [slot, { path: `/jobs/${jobId - ENDED_BEGIN - index}/data`, intervalMs: IDLE_INTERVAL_MS }];
    default:
      return [slot];
  }
}

function slotPoll(jobId: number): Poll {
  return { path: `/slot/data?after=${jobId}`, intervalMs: RUNNING_INTERVAL_MS };
}

/**
 * What many open consoles cost the web process while a job runs: each polls what its page does, with the tag of the answer that it
 * has. A core is what one second of processor time a second is.
 * @param pid of the web process
 * @param moveOn brings the job on, as its worker would
 */
export async function measurePolls(
  base: string,
  pid: number,
  cookies: readonly string[],
  jobId: number,
  moveOn: () => Promise<void>,
): Promise<readonly Figure[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONSOLES });
  const slotOnly = Array.from({ length: CONSOLES }, () => [slotPoll(jobId)]);
  const onTheirPages = Array.from({ length: CONSOLES }, (_, index) => pollsOf(index, jobId));
  const figures: Figure[] = [];
  for (const [name, consoles] of Object.entries({ slot_polls: slotOnly, polls: onTheirPages })) {
    const { polls, unchanged, bytes, coreShare } = await measure(agent, base, pid, cookies, consoles, moveOn);
    figures.push(
      { name: `${name}_per_second`, value: Math.round(polls / (MEASURED_MS / 1_000)), unit: "polls/s" },
      { name: `${name}_unchanged`, value: Math.round((100 * unchanged) / polls), unit: "%" },
      { name: `${name}_kb_per_second`, value: Math.round(bytes / MEASURED_MS), unit: "kB/s" },
      {
        name: `${name}_core_share`,
        value: Number((100 * coreShare).toFixed(1)),
        unit: "% of one core",
        most: CORE_PERCENT_MOST,
      },
    );
  }
  agent.destroy();
  return figures;
}

async function measure(
  agent: Agent,
  base: string,
  pid: number,
  cookies: readonly string[],
  consoles: readonly (readonly Poll[])[],
  moveOn: () => Promise<void>,
) {
  const counts: PollCounts = { full: 0, unchanged: 0, failed: 0, bytes: 0 };
  const stopping = new AbortController();
  const polling = consoles.flatMap((polls, index) =>
    polls.map(async (poll) => {
      await pause((index / consoles.length) * poll.intervalMs, stopping.signal);
      await keepPolling(agent, base, cookies[index % cookies.length] ?? "", poll, counts, stopping.signal);
    }),
  );
  const moving = (async () => {
    while (!stopping.signal.aborted) {
      await moveOn();
      await pause(MOVE_INTERVAL_MS, stopping.signal);
    }
  })();
  await delay(WARM_MS);
  const before = { cpu: cpuSeconds(pid), at: performance.now(), ...counts };
  await delay(MEASURED_MS);
  const coreShare = (cpuSeconds(pid) - before.cpu) / ((performance.now() - before.at) / 1_000);
  const measured = { ...counts };
  stopping.abort();
  await Promise.all([moving, ...polling]);
  if (counts.failed > 0) {
    throw new Error(`${counts.failed} polls failed`);
  }
  const unchanged = measured.unchanged - before.unchanged;
  return {
    polls: measured.full - before.full + unchanged,
    unchanged,
    bytes: measured.bytes - before.bytes,
    coreShare,
  };
}

/** Processor time of a process so far, by the kernel's books, whose ticks are hundredths of a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
