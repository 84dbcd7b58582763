/** Topic of every log that ActionTrail delivers to SLS (actiontrail.md, 5.2). */
export const AUDIT_EVENT_TOPIC = "actiontrail_audit_event";

/** The one content of a delivered log: the event's stored text. */
export const EVENT_CONTENT_KEY = "event";

/** Log tag with the history job's id, so that redelivered logs can be told from first deliveries. */
export const JOB_ID_TAG = "backtrail_job_id";

/** Log tag with the batch's id, the same each time the batch is sent, so that repeats can be told. */
export const BATCH_ID_TAG = "backtrail_batch_id";

/**
 * Which time a delivered log carries (design 5): the event's; the delivery's; or, `auto`, the event's until the sink says that
 * it is out of range, then the delivery's.
 */
export const LOG_TIMES = ["auto", "event", "delivery"] as const;
export type LogTime = (typeof LOG_TIMES)[number];

/** Largest LogGroup of one PutLogs request, in bytes before compression (actiontrail.md, 6.3). */
export const LOG_GROUP_BYTES_MAX = 10 * 1024 * 1024;

/** 2 to 63 characters: lowercase letters, digits, `-`, `_`; a letter or digit at either end (SLS, CreateLogStore). */
export const LOGSTORE_NAME_PATTERN = /^[a-z0-9][a-z0-9_-]{0,61}[a-z0-9]$/;

/** 3 to 63 characters: lowercase letters, digits, `-`; a letter or digit at either end (SLS, CreateProject). */
export const PROJECT_NAME_PATTERN = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** One logstore of an account, by the names that SLS gives it. */
export type LogstoreName = { readonly region: string; readonly project: string; readonly logstore: string };

/** ARN of a logstore, as RAM policies name it. */
export function logstoreArn(accountId: string, { region, project, logstore }: LogstoreName): string {
  return `acs:log:${region}:${accountId}:project/${project}/logstore/${logstore}`;
}

/** What became of the logs of one request at the built-in log service. Together they are all its logs. */
export type StoredCounts = {
  /** First stored by this job, repeats included. */
  readonly new: number;
  /** Already stored, with the same text. */
  readonly present: number;
  /** Positions, from 0, of the logs whose identity is already stored with another text. */
  readonly conflicts: readonly number[];
};

/** What a sink said to one PutLogs request. */
export type PutLogsAnswer =
  /** `counts` is null when the sink does not count, as every sink but the built-in one. */
  | { readonly kind: "accepted"; readonly counts: StoredCounts | null }
  | {
      readonly kind: "refused";
      readonly status: number;
      /** The sink's errorCode; `BadResponse` when its answer had none. */
      readonly code: string;
      readonly message: string;
      /** How long the sink asks us to wait, when it does. */
      readonly retryAfterMs: number | null;
    }
  /** No whole answer came: whether the logs were taken is not known. */
  | { readonly kind: "unanswered"; readonly message: string };

/** Every way the built-in log service refuses a request, by the vendor's codes (actiontrail.md, 6.4). */
export type LogServiceErrorCode =
  | "SignatureNotMatch"
  | "Unauthorized"
  | "RequestTimeExpired"
  | "ProjectNotExist"
  | "LogStoreNotExist"
  | "LogStoreAlreadyExist"
  | "ParameterInvalid"
  | "InvalidTimeRange"
  | "InvalidQueryString"
  | "RequestTimeout"
  | "MissingBodyRawSize"
  | "InvalidBodyRawSize"
  | "InvalidCompressType"
  | "PostBodyUncompressError"
  | "PostBodyInvalid"
  | "PostBodyTooLarge";

/** A refusal of the built-in log service. The message is a sentence for the client and holds no secrets. */
export class LogServiceError extends Error {
  override readonly name = "LogServiceError";
  readonly code: LogServiceErrorCode;

  constructor(code: LogServiceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
