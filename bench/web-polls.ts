import { readFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Figure } from "./figure.ts";

const CONSOLES = 200;
/** As often as a console asks while a job runs, and while none does. */
const RUNNING_INTERVAL_MS = 2_000;
const MEASURED_MS = 20_000;
const WARM_MS = 5_000;

/** Several batches a second: no two answers of Next are the same. */
const MOVE_INTERVAL_MS = 200;

type Poll = { readonly url: string; readonly cookie: string };

/**
 * What many open consoles cost the web process while a job runs: each polls the slot, as every page does. A core is what one
 * second of processor time a second is.
 * @param pid of the web process
 * @param moveOn brings the job on, as its worker would
 */
export async function measurePolls(
  base: string,
  pid: number,
  cookies: readonly string[],
  moveOn: () => Promise<void>,
): Promise<readonly Figure[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONSOLES });
  const answers = { full: 0, unchanged: 0, failed: 0 };
  const stopping = new AbortController();
  const consoles = Array.from({ length: CONSOLES }, async (_, index) => {
    const cookie = cookies[index % cookies.length] ?? "";
    let tag: string | undefined;
    await delay((index / CONSOLES) * RUNNING_INTERVAL_MS);
    while (!stopping.signal.aborted) {
      const { status, etag } = await ask(agent, { url: `${base}/slot/data`, cookie }, tag);
      tag = etag ?? tag;
      answers[status === 200 ? "full" : status === 304 ? "unchanged" : "failed"]++;
      await delay(RUNNING_INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  });
  const moving = (async () => {
    while (!stopping.signal.aborted) {
      await moveOn();
      await delay(MOVE_INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  await delay(WARM_MS);
  const before = { cpu: cpuSeconds(pid), at: performance.now(), ...answers };
  await delay(MEASURED_MS);
  const share = (cpuSeconds(pid) - before.cpu) / ((performance.now() - before.at) / 1_000);
  const polls = answers.full + answers.unchanged - before.full - before.unchanged;
  stopping.abort();
  await Promise.all([moving, ...consoles]);
  agent.destroy();
  if (answers.failed > 0) {
    throw new Error(`${answers.failed} polls failed`);
  }
  return [
    { name: "polls_per_second", value: Math.round(polls / (MEASURED_MS / 1_000)), unit: "polls/s" },
    { name: "polls_unchanged", value: Math.round((100 * (answers.unchanged - before.unchanged)) / polls), unit: "%" },
    { name: "polls_core_share", value: Number((100 * share).toFixed(1)), unit: "% of one core" },
  ];
}

function ask(agent: Agent, { url, cookie }: Poll, tag: string | undefined) {
  return new Promise<{ status: number; etag: string | undefined }>((resolve, reject) => {
    get(url, { agent, headers: { cookie, ...(tag === undefined ? {} : { "if-none-match": tag }) } }, (response) => {
      response.resume().once("end", () => resolve({ status: response.statusCode ?? 0, etag: response.headers.etag }));
    }).once("error", reject);
  });
}

/** Processor time of a process so far, by the kernel's books, whose ticks are hundredths of a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
