import { verdictOn } from "./rules.ts";

/** Why no whole answer came; `inward` when the endpoint's address is one that we do not connect to. */
export type Silence = "name-unknown" | "inward" | "refused" | "time-out" | "tls" | "broken" | "unreachable" | "other";

/** What came of one request that asks a sink to take no logs. */
export type ConnectionAnswer = {
  /** From when the request was made, in whole milliseconds. */
  readonly durationMs: number;
  /** The logstore that the request named. */
  readonly logstore: string;
} & (
  | {
      readonly kind: "answered";
      readonly status: number;
      /** The sink's errorCode; null when it accepted; `BadResponse` when its answer had none. */
      readonly code: string | null;
      readonly message: string;
      /** The sink's x-log-requestid; null when it named none. */
      readonly requestId: string | null;
    }
  | { readonly kind: "unanswered"; readonly silence: Silence; readonly message: string }
);

/**
 * What an answer says about a log project: it takes logs; it takes the key, but not an empty request, or has no such logstore yet;
 * or what is in the way.
 */
export type ConnectionVerdict =
  | "accepted"
  | "accepted-key"
  | "no-logstore"
  | "no-project"
  | "wrong-key"
  | "not-allowed"
  | "clock"
  | "busy"
  | "failing"
  | "no-log-service"
  | "not-answered";

const VERDICT_OF_CODE: ReadonlyMap<string, ConnectionVerdict> = new Map([
  ["LogStoreNotExist", "no-logstore"],
  ["ProjectNotExist", "no-project"],
  ["SignatureNotMatch", "wrong-key"],
  ["InvalidAccessKeyId", "wrong-key"],
  ["Unauthorized", "not-allowed"],
  ["ProjectForbidden", "not-allowed"],
  ["RequestTimeExpired", "clock"],
  ["RequestTimeTooSkewed", "clock"],
  // About the empty body alone, which a sink looks at behind the signature.
  ["PostBodyInvalid", "accepted-key"],
]);

/** The answer as a verdict: code first, then status. Source: actiontrail.md, 6.4. */
export function connectionVerdictOn(answer: ConnectionAnswer): ConnectionVerdict {
  if (answer.kind === "unanswered") {
    return "not-answered";
  }
  const { status, code, message } = answer;
  if (code === null) {
    return "accepted";
  }
  const known = VERDICT_OF_CODE.get(code);
  if (known !== undefined) {
    return known;
  }
  if (status >= 500) {
    return "failing";
  }
  if (verdictOn({ kind: "refused", status, code, message, retryAfterMs: null }) === "retry") {
    return "busy";
  }
  if (code === "BadResponse") {
    return "no-log-service";
  }
  return status === 401 || status === 403 ? "not-allowed" : "accepted-key";
}
