import type { PutLogsAnswer } from "./log-service.ts";

/** What a delivery does next: go on, send the batch again later, end the job, or give its slice up. */
export type Verdict = "accepted" | "retry" | "stop-job" | "fail-slice";

/** Codes that decide whatever status they come with: SLS answers a spent quota with 403, a bad signature with 401 or 403. */
const VERDICT_OF_CODE: ReadonlyMap<string, Verdict> = new Map([
  ["WriteQuotaExceed", "retry"],
  ["ShardWriteQuotaExceed", "retry"],
  ["ExceedQuota", "retry"],
  ["ServerBusy", "retry"],
  ["InternalServerError", "retry"],
  // Each try is signed anew with the database's time: one that lay too long on its way, or a clock that is being set
  // right, is helped by the next. A clock that stays wrong ends the job with the six hours without acknowledgement.
  ["RequestTimeExpired", "retry"],
  ["RequestTimeTooSkewed", "retry"],
  ["ProjectNotExist", "stop-job"],
  ["LogStoreNotExist", "stop-job"],
  ["SignatureNotMatch", "stop-job"],
  ["InvalidAccessKeyId", "stop-job"],
  ["Unauthorized", "stop-job"],
]);

/** The vendor's throttling codes form a family: Throttling, Throttling.User, Rejected.Throttling (actiontrail.md, 2.3, 2.4). */
const THROTTLING_PATTERN = /(^|\.)Throttling(\.|$)/;

/** The sink's answer to a batch as a decision (design 5). Code first, then status. */
export function verdictOn(answer: PutLogsAnswer): Verdict {
  switch (answer.kind) {
    case "accepted":
      return "accepted";
    case "unanswered":
      return "retry";
    case "refused":
      return VERDICT_OF_CODE.get(answer.code) ?? verdictOnStatus(answer);
  }
}

function verdictOnStatus({ code, status }: { readonly code: string; readonly status: number }): Verdict {
  if (THROTTLING_PATTERN.test(code) || status === 408 || status === 429 || status >= 500) {
    return "retry";
  }
  // 404 without one of SLS's codes, a redirect, a success that is no 200: there is no log service at this endpoint.
  if (status === 401 || status === 403 || status === 404 || status < 400) {
    return "stop-job";
  }
  return "fail-slice";
}

/** After one failure a short wait, because most are over at once; as long as a busy sink needs to notice the relief. */
const BACKOFF_FIRST_MS = 250;

/** Longer would leave a sink that has recovered unused; shorter would keep a struggling one busy with refusals. */
const BACKOFF_CEILING_MS = 60_000;

/** The longest Retry-After that is honoured: a sink that names a day must not keep a job still for one. */
const RETRY_AFTER_MS_MAX = 5 * 60_000;

/**
 * How long to wait, in milliseconds, before a batch is sent again.
 * @param attempt how often in a row it has failed, from 1.
 * @param random uniform in [0, 1). Full jitter: the wait is anywhere between nothing and a ceiling that doubles to 60 s, so
 *   that deliveries that failed together do not come back together.
 * @param retryAfterMs the wait the sink asked for, or null. It is kept, up to 5 minutes, with the jitter on top.
 */
export function backoffMs(attempt: number, random: () => number, retryAfterMs: number | null): number {
  const ceilingMs = Math.min(BACKOFF_CEILING_MS, BACKOFF_FIRST_MS * 2 ** (attempt - 1));
  return Math.min(retryAfterMs ?? 0, RETRY_AFTER_MS_MAX) + Math.floor(random() * ceilingMs);
}
