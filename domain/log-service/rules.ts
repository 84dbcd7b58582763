import type { PutLogsAnswer } from "./log-service.ts";

/**
 * What a delivery does next: go on; send the batch again later, or at once with the time of its delivery; send it in halves,
 * because one log in it is at fault; end the job, or give its slice up.
 */
export type Verdict = "accepted" | "retry" | "delivery-time" | "split" | "stop-job" | "fail-slice";

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
  ["InvalidTimestamp", "delivery-time"],
  // About the request, not about any log in it: every half would be refused like the whole.
  ["MissingBodyRawSize", "fail-slice"],
  ["InvalidBodyRawSize", "fail-slice"],
  ["InvalidCompressType", "fail-slice"],
  ["PostBodyUncompressError", "fail-slice"],
]);

/** The vendor's throttling codes form a family: Throttling, Throttling.User, Rejected.Throttling (actiontrail.md, 2.3, 2.4). */
const THROTTLING_PATTERN = /(^|\.)Throttling(\.|$)/;

/**
 * SLS says "The post data time is out of range" under PostBodyInvalid (actiontrail.md, 6.3). A refusal for another reason that
 * is taken for one of these costs one more request: what is refused with the time of its delivery, too, is halved.
 */
const TIME_PATTERN = /\btime(stamp)?s?\b.*\b(range|invalid|expired?|early|late|old|past|future)\b/is;

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

function verdictOnStatus({ code, status, message }: Extract<PutLogsAnswer, { kind: "refused" }>): Verdict {
  if (THROTTLING_PATTERN.test(code) || status === 408 || status === 429 || status >= 500) {
    return "retry";
  }
  // 404 without one of SLS's codes, a redirect, a success that is no 200: there is no log service at this endpoint.
  if (status === 401 || status === 403 || status === 404 || status < 400) {
    return "stop-job";
  }
  return status === 400 && TIME_PATTERN.test(message) ? "delivery-time" : "split";
}

/** What is in trouble: the server, whatever the project, or one project that has spent its quota. */
type TroubleCause = "endpoint" | "project";

const SERVER_CODES: readonly string[] = ["ServerBusy", "InternalServerError"];

/** Whose trouble an answer that is worth another try tells of. */
export function troubleOf(answer: Exclude<PutLogsAnswer, { kind: "accepted" }>): Trouble {
  if (answer.kind === "unanswered") {
    return { cause: "endpoint", code: "NoAnswer", message: answer.message, retryAfterMs: null };
  }
  const { status, code, message, retryAfterMs } = answer;
  const isServers = status >= 500 || status === 408 || SERVER_CODES.includes(code);
  return { cause: isServers ? "endpoint" : "project", code, message, retryAfterMs };
}

/** A failure that may pass, in the sink's own words where it has spoken. */
export type Trouble = {
  readonly cause: TroubleCause;
  readonly code: string;
  readonly message: string;
  /** How long the sink asks us to wait, when it does. */
  readonly retryAfterMs: number | null;
};

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

/** Between two tries at a sink in trouble, whoever makes them: what a server that is starting up does not notice. */
const TRIES_APART_MS = 1_000;

/** How long to wait after the nth failure in a row of a sink, in milliseconds: backoffMs, but never less than a second. */
export function sinkRestMs(failures: number, random: () => number, retryAfterMs: number | null): number {
  return Math.max(TRIES_APART_MS, backoffMs(failures, random, retryAfterMs));
}

/**
 * A claim that may try within this waits in place, with its page in memory; for longer it gives its worker slot back. Its entry
 * needs about a second to be given out again, so waiting less would only be more work.
 */
const WAIT_IN_PLACE_MS_MAX = 3_000;

/** When to ask again while another claim has the turn: its request may take a minute, but most are over within seconds. */
export const ASK_AGAIN_MS = 5_000;

/** A sink in trouble, as the question whose turn it is needs it. */
export type OpenCircuit = {
  readonly cause: TroubleCause;
  readonly triedAt: Date;
  readonly retryAt: Date;
  /** Until when the claim that has the turn is believed to be alive; null when nobody has it. */
  readonly holderUntil: Date | null;
};

/** Whether a claim may try: it has the turn and begins in `inMs`, or it asks again after `ms`. */
export type TurnDecision =
  | { readonly kind: "turn"; readonly inMs: number }
  | { readonly kind: "wait"; readonly ms: number };

/** The circuits that share one try: of an endpoint that is in trouble itself all its sick projects', else a project's own. */
export function circuitsInTurn<Circuit extends OpenCircuit>(own: Circuit, mates: readonly Circuit[]): Circuit[] {
  return own.cause === "endpoint" ? [own, ...mates.filter(({ cause }) => cause === "endpoint")] : [own];
}

/**
 * Whose turn it is at a sink in trouble (design 5, one circuit per sink). One claim at a time has the turn, from before it waits
 * for it until its answer; of the sick projects of an endpoint that is in trouble itself, one in all. Any two tries are a
 * second apart, and none is made before the time that the last failure has set.
 * @param mates the other projects of the endpoint that are in trouble
 */
export function decideTurn(now: Date, own: OpenCircuit, mates: readonly OpenCircuit[]): TurnDecision {
  const together = circuitsInTurn(own, mates);
  if (together.some(({ holderUntil }) => holderUntil !== null && holderUntil > now)) {
    return { kind: "wait", ms: ASK_AGAIN_MS };
  }
  const startsAt = Math.max(
    own.retryAt.getTime(),
    ...together.map(({ triedAt }) => triedAt.getTime() + TRIES_APART_MS),
    now.getTime(),
  );
  const waitMs = startsAt - now.getTime();
  return waitMs > WAIT_IN_PLACE_MS_MAX ? { kind: "wait", ms: waitMs } : { kind: "turn", inMs: waitMs };
}

/** design 3.2: a job whose sink has acknowledged nothing for this long fails. */
const SILENCE_MS_MAX = 6 * 3_600_000;

/**
 * Whether a job gives its sink up.
 * @param silentMs how long workers have tried without an acceptance
 * @param runningMs since the job, or its retry, began: one that has just begun owes the sink its own six hours
 */
export function isGivenUp(silentMs: number, runningMs: number): boolean {
  return silentMs >= SILENCE_MS_MAX && runningMs >= SILENCE_MS_MAX;
}
