import type { SeenRequest } from "@/testing/log-service-stand-in.ts";

/**
 * A claim that found the sink healthy a moment before its first failure may still send: a few milliseconds, or some hundred on a
 * machine that is busy with other tests. The next try that knows better is not made before a second has passed.
 */
const KNOWN_AFTER_MS = 900;

/**
 * What may be taken off the second between two tries where the first of them is noticed late, by a process that has other tests to
 * see to. Tries that nothing keeps apart are a few milliseconds apart.
 */
const TOLERANCE_MS = 400;

export const TRIES_APART_MS = 1_000 - TOLERANCE_MS;

export type SickPeriods = {
  /** Tries after the failure that made it known. */
  readonly tries: number;
  /** The shortest time from one of them, or from that failure's request, to the next. */
  readonly apartMs: number;
  /** The most of them on their way at once. */
  readonly atOnce: number;
};

/**
 * What a sink saw from each failure that may pass to the next answer that is none: how far the tries were apart, and how many
 * there were at once. Requests that were already on their way when the failure became known tell nothing.
 */
export function measureSickPeriods(
  requests: readonly SeenRequest[],
  isFailure: (request: SeenRequest) => boolean,
): SickPeriods {
  const points = requests.flatMap((request) => [
    { atMs: request.beganAtMs, isEnd: false, request },
    { atMs: request.endedAtMs ?? Number.POSITIVE_INFINITY, isEnd: true, request },
  ]);
  const measured = { tries: 0, apartMs: Number.POSITIVE_INFINITY, atOnce: 0 };
  const tries = new Set<SeenRequest>();
  let knownAtMs: number | null = null;
  let triedAtMs = 0;
  for (const { atMs, request, isEnd } of points.sort((a, b) => a.atMs - b.atMs)) {
    if (isEnd && isFailure(request) && knownAtMs === null) {
      knownAtMs = atMs + KNOWN_AFTER_MS;
      triedAtMs = request.beganAtMs;
    } else if (isEnd && !isFailure(request)) {
      knownAtMs = null;
    } else if (!isEnd && knownAtMs !== null && atMs > knownAtMs) {
      tries.add(request);
      measured.tries += 1;
      measured.apartMs = Math.min(measured.apartMs, atMs - triedAtMs);
      measured.atOnce = Math.max(measured.atOnce, tries.size);
      triedAtMs = atMs;
    }
    if (isEnd) {
      tries.delete(request);
    }
  }
  return measured;
}
