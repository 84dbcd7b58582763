/** Points of a delivery where a worker may die, in their order. */
export const BOUNDARIES = [
  "claimed",
  "read",
  "encoded",
  "answered",
  "before-commit",
  "after-commit",
  "before-finish",
  "after-finish",
  "settled",
] as const;
export type Boundary = (typeof BOUNDARIES)[number];

/** Which delivery comes by: some places know the job, the one that sends knows the logstore. */
type Delivery = { readonly jobId: number } | { readonly logstoreName: string };

/** Where this process gets which signal: `boundary:occurrence:signal`, counted from 1 over the deliveries of one job. */
const [wanted = "", occurrence = "", signal = ""] = (process.env.FAULT_AT ?? "").split(":");
const { FAULT_JOB, FAULT_LOGSTORE } = process.env;

let passed = 0;

/**
 * Told by the interposed modules whenever this process comes by a boundary. At the wanted one it is the process's own SIGKILL,
 * after which it does nothing more, or SIGSTOP, after which it goes on when somebody continues it.
 */
export function comeBy(boundary: Boundary, delivery: Delivery): void {
  const isWanted =
    "jobId" in delivery ? String(delivery.jobId) === FAULT_JOB : delivery.logstoreName === FAULT_LOGSTORE;
  if (boundary === wanted && isWanted && ++passed === Number(occurrence)) {
    process.kill(process.pid, signal);
  }
}
